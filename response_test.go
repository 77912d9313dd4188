package clarifai

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// reachable are the struct types of this package that t holds, t included.
func reachable(t reflect.Type, seen map[reflect.Type]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		reachable(t.Elem(), seen)
	case reflect.Struct:
		if t.PkgPath() == "" || t == reflect.TypeFor[time.Time]() || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				reachable(t.Field(i).Type, seen)
			}
		}
	}
}

// sample is a JSON text for the type that is not its zero value.
func sample(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return `"2026-05-04T03:02:01.123456789Z"`
	case reflect.TypeFor[[]byte]():
		return `"aGVsbG8="`
	case reflect.TypeFor[json.RawMessage]():
		return `[null]`
	}
	switch t.Kind() {
	case reflect.Pointer:
		return sample(t.Elem())
	case reflect.Slice:
		return "[" + sample(t.Elem()) + "]"
	case reflect.Map:
		return `{"k":` + sample(t.Elem()) + "}"
	case reflect.Struct:
		return "{}"
	case reflect.Bool:
		return "true"
	case reflect.String, reflect.Interface:
		return `"text"`
	}
	return "3"
}

// A field that is added to data.go or searches.go must be decoded too, and read a
// number in quotes if it is one.
func TestDecodeReadsEveryField(t *testing.T) {
	types := map[reflect.Type]bool{}
	reachable(reflect.TypeFor[results](), types)
	delete(types, reflect.TypeFor[results]())
	if len(types) < 50 {
		t.Errorf("found only %d types", len(types))
	}
	for typ := range types {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || name == "-" {
				continue
			}
			texts := []string{sample(f.Type)}
			if texts[0] == "3" || texts[0] == "[3]" {
				texts = append(texts, strings.ReplaceAll(texts[0], "3", `"3"`))
			}
			for _, text := range texts {
				object := fmt.Sprintf("{%q:%s}", name, text)
				got, want := reflect.New(typ), reflect.New(typ)
				fields := []*field{{name: "x", into: got.Interface()}}
				if _, err := decode([]byte(`{"status":{},"x":`+object+"}"), fields); err != nil {
					t.Errorf("%v: %s: %v", typ, object, err)
				}
				if err := json.Unmarshal([]byte(strings.ReplaceAll(object, `"3"`, "3")), want.Interface()); err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got.Interface(), want.Interface()) || got.Elem().Field(i).IsZero() {
					t.Errorf("%v: %s is %+v, want %+v", typ, object, got, want)
				}
			}
		}
	}
}

// Numbers of types that a caller named are read too, without quotes or with them.
func TestDecodeReadsNumbersOfNamedTypes(t *testing.T) {
	type (
		count  int64
		score  float32
		result struct {
			Count  count
			Scores []score
			Plain  int
		}
	)
	want := result{1 << 60, []score{0.5, 1}, 7}
	for _, text := range []string{
		`{"Count":1152921504606846976,"Scores":[0.5,1],"Plain":7}`, `{"Count":1152921504606846976,"Scores":[0.5,1],"Plain":"7"}`,
		`{"Count":"1152921504606846976","Scores":["0.5","1"],"Plain":7}`, `{"Count":"1152921504606846976","Scores":["0.5","1"],"Plain":"7"}`,
	} {
		var got result
		if _, err := decode([]byte(`{"status":{},"x":`+text+"}"), []*field{{name: "x", into: &got}}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

type (
	embedded      struct{ A, B int }
	taggedTwice   struct{ X, Y int }
	valueReceiver map[string]int
	textual       struct{ s string }
	linked        struct {
		Next *linked
		N    int
	}
)

func (m valueReceiver) UnmarshalJSON(b []byte) error { m["length"] = len(b); return nil }
func (x *textual) UnmarshalText(b []byte) error      { x.s = "text " + string(b); return nil }

// Custom types of an Endpoint are decoded by the rules of
// encoding/json, whatever it is.
func TestDecodeReadsTypesOfCallersAsEncodingJSONDoes(t *testing.T) {
	type caller struct {
		embedded
		*taggedTwice
		Quoted int    `json:",string"`
		Never  string `json:"-"`
		Big    *big.Int
	}
	type odd struct {
		Odd string `json:"a b"`
	}
	integer := reflect.TypeFor[int]()
	twice := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: integer, Tag: `json:"x"`}, {Name: "B", Type: integer, Tag: `json:"x"`}, {Name: "C", Type: integer},
	})
	dashed := reflect.StructOf([]reflect.StructField{
		{Name: "Dash", Type: integer, Tag: `json:"-,"`}, {Name: "Never", Type: integer, Tag: `json:"-"`},
	})
	type folded struct {
		ID  string `json:"id"`
		Id2 string `json:"ID"`
		K   string `json:"k"`
	}
	type kinds struct {
		Number    json.Number
		Raw       json.RawMessage
		Any       any
		Reader    io.Reader
		Array     [2]int
		Bytes     []uint8
		Named     []json.Delim
		Pointers  ***int
		ByAddr    map[netip.Addr]int
		ByInt     map[int]string
		ByText    map[textual]bool
		Text      textual
		TextPtr   *textual
		Receiver  valueReceiver
		Lists     [][]string
		Maps      map[string]map[string]*int
		Small     int8
		Unsigned  uint16
		Float     float32
		Complex   complex128
		Func      func()
		Linked    linked
		Anonymous struct{ A *bool }
	}
	texts := []string{
		`{}`, `null`, `[]`, `1`, `"s"`, `true`,
		`{"A":1,"b":2,"X":3,"quoted":"4","-":5,"Never":6,"a b":"odd","Odd":"o","Big":123456789012345678901234567890}`,
		`{"quoted":4}`, `{"a b":"odd"}`, `{"Odd":"o"}`, `{"-":5,"Never":6}`, `{"x":1,"C":2}`, `{"id":"exact","ID":"upper","Id":"folded","K":"kelvin","ſ":1}`, `{"iD":"a"}`,
		`{"Number":1.50,"Raw": [1, {"a":2}] ,"Any":{"a":[1,"b",null]},"Array":[1,2,3],"Bytes":"AQI=","Pointers":5}`,
		`{"Number":"7"}`, `{"Number":"x"}`, `{"Reader":{}}`, `{"Reader":null}`, `{"Bytes":[1,2,300]}`, `{"Bytes":[1,2,3]}`, `{"Bytes":null,"Any":null,"Maps":null}`,
		`{"ByAddr":{"::1":1},"ByInt":{"1":"a","-2":"b"},"ByText":{"a":true},"Text":"t","TextPtr":"p"}`, `{"Text":1}`, `{"TextPtr":null,"Text":null}`, `{"ByInt":{"x":"a"}}`,
		`{"Lists":[["a"],null,[]],"Maps":{"a":{"b":1,"c":null},"d":null}}`, `{"Small":127,"Unsigned":65535,"Float":1e38}`, `{"Small":128}`, `{"Unsigned":-1}`, `{"Float":1e39}`,
		`{"Complex":1}`, `{"Func":1}`, `{"Func":null}`, `{"Linked":{"Next":{"Next":{"N":2},"N":1}}}`, `{"Anonymous":{"A":true}}`,
		`{"Lists":[["a","b"]],"lists":[["c"]],"Lists":[["d"],["e"]]}`, `{"Maps":{"a":{"x":1}},"Maps":{"a":{"y":2},"b":{}}}`, `{"Linked":{"N":1},"Linked":{"Next":{}}}`,
		`{"Any":1,"Any":{"a":1},"Any":{"b":2}}`, `{"Named":[]}`, `{"Named":["{"]}`, `{"Named":[91]}`, `{"Raw":null}`,
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[caller](), reflect.TypeFor[odd](), twice, dashed, reflect.TypeFor[folded](), reflect.TypeFor[kinds](), reflect.TypeFor[any](),
		reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[*linked](),
		reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[*float64](), reflect.TypeFor[map[string]json.RawMessage](),
	} {
		for _, text := range texts {
			got, want := reflect.New(typ), reflect.New(typ)
			fields := []*field{{name: "x", into: got.Interface(), quoted: true}}
			_, gotErr := decode([]byte(`{"status":{},"x":`+text+"}"), fields)
			wantErr := json.Unmarshal([]byte(text), want.Interface())
			if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !reflect.DeepEqual(got.Interface(), want.Interface()) {
				t.Errorf("%v: %s: %+v, %v; want %+v, %v", typ, text, got, gotErr, want, wantErr)
			}
		}
	}
}

func TestDecodeAcceptsVariants(t *testing.T) {
	read := func(t *testing.T, text string) (r results) {
		t.Helper()
		if _, err := decode([]byte(`{"status":{"code":10000},`+text+"}"), r.fields()); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return r
	}
	data := read(t, `"inputs":[{"data":{"int_value":"-9223372036854775808","float_value":"1.5e3","image":{"image_info":{"width":"640"}},
		"concepts":null,"regions":[{"value":"NaN"},{"value":"Infinity"},{"value":"-Infinity","region_info":{"point":{"visibility":"HALF_VISIBLE"}}}],
		"concepts":[{"value":"0.25"}],"embeddings":[{"vector":["1",2,"-3e0"]}],"ndarray":{"shape":["2","3"]},"from_the_future":{"a":[1]}}}]`).Inputs[0].Data
	if data.IntValue != math.MinInt64 || data.FloatValue != 1500 || data.Image.ImageInfo.Width != 640 || *data.Concepts[0].Value != 0.25 ||
		!slices.Equal(data.Embeddings[0].Vector, []float64{1, 2, -3}) || !slices.Equal(data.NDArray.Shape, []uint32{2, 3}) {
		t.Errorf("numbers in quotes: %s", dump(data))
	}
	if !math.IsNaN(data.Regions[0].Value) || !math.IsInf(data.Regions[1].Value, 1) || !math.IsInf(data.Regions[2].Value, -1) {
		t.Errorf("%v", data.Regions)
	}
	if data.Regions[2].RegionInfo.Point.Visibility != "HALF_VISIBLE" {
		t.Errorf("an unknown name is %v", data.Regions[2].RegionInfo.Point.Visibility)
	}
	if counts := read(t, `"hit_counts":[{"estimated_total":"18446744073709551615"}]`).HitCounts; counts[0].EstimatedTotal != math.MaxUint64 {
		t.Errorf("%v", counts)
	}
	if got := read(t, `"inputs":null,"hits":null`); got.Inputs != nil || got.Hits != nil {
		t.Errorf("%v", got)
	}
}

func TestDecodeKeepsUnknownNamesOfStatusCodes(t *testing.T) {
	for text, want := range map[string]Status{
		`{"code":"10000","percent_completed":"50","description":"half"}`: {Code: StatusSuccess, PercentCompleted: 50, Description: "half"},
		`{"code":"CONN_THROTTLED"}`:                                      {Code: StatusConnThrottled},
		`{"code":"NEW_CODE"}`:                                            {CodeName: "NEW_CODE"},
		`{"code":"NEW_CODE","CODE":30000}`:                               {Code: StatusInputSuccess},
		`{"code":null}`:                                                  {},
	} {
		if status, err := decode([]byte(`{"status":`+text+"}"), nil); err != nil || status != want {
			t.Errorf("%s is %+v, %v", text, status, err)
		}
	}
}

func TestDecodeErrorsNameTheFieldAndTheProblem(t *testing.T) {
	big := strings.Repeat("9", 1_000_000)
	for _, test := range []struct{ text, want string }{
		{`"inputs":[{},{},{},{"data":{"concepts":[{"value":true}]}}]`, "inputs[3].data.concepts[0].value: true where a number is expected, at byte 74"},
		{`"inputs":{}`, "inputs: an object where an array is expected"},
		{`"inputs":[{"id":7}]`, "inputs[0].id: a number where a string is expected"},
		{`"inputs":[[]]`, "inputs[0]: an array where an object is expected"},
		{`"inputs":[{"data":{"int_value":"ten"}}]`, "inputs[0].data.int_value: a string is not of type int64: invalid syntax, at byte 56"},
		{`"inputs":[{"data":{"int_value":" 10"}}]`, "inputs[0].data.int_value: a string is not of type int64: invalid syntax"},
		{`"inputs":[{"data":{"int_value":1.5}}]`, "inputs[0].data.int_value: a number is not of type int64"},
		{`"inputs":[{"data":{"int_value":` + big + `}}]`, "is not of type int64"},
		{`"inputs":[{"data":{"float_value":` + big + `}}]`, "is not of type float64"},
		{`"inputs":[{"data":{"float_value":"\u12"}}]`, "inputs[0].data.float_value: invalid escape sequence"},
		{`"inputs":[{"data":{"metadata":{"a":[1e999]}}}]`, "inputs[0].data.metadata.a[0]: a number is not of type float64"},
		{`"inputs":[{"data":{"image":{"base64":"?"}}}]`, "inputs[0].data.image.base64: illegal base64"},
		{`"inputs":[{"data":{"image":{"hosted_image_info":{"small":{"width":[]}}}}}]`, "inputs[0].data.image.hosted_image_info.small.width: an array where"},
		{`"inputs":[{"created_at":"` + big + `"}]`, "inputs[0].created_at: parsing time"},
		{`"inputs":[{"status":{"code":1e9}}]`, "inputs[0].status.code: "},
		{`"inputs":[{"status":{"code":[]}}]`, "inputs[0].status.code: "},
		{`"inputs":[{"ID":{}}]`, "inputs[0].ID: an object where a string"},
		{`"inputs":[{"id":"a"},]`, "inputs: invalid character ',' at start of value"},
		{`"inputs":[{"id":"a\x"}]`, "inputs[0].id: invalid escape sequence"},
		{"\"inputs\":[{\"id\":\"a\nb\"}]", "inputs[0].id: invalid character '\\n' in string"},
		{`"other":[01]`, "other: invalid character '1' after array element"},
		{`"other":NaN`, "other: invalid character 'N' at start of value"},
	} {
		var r results
		_, err := decode([]byte(`{"status":{"code":10000},`+test.text+"}"), r.fields())
		if err == nil || !strings.Contains(err.Error(), test.want) || len(newRedactor("").error(err).Error()) > 1100 {
			t.Errorf("%.100s: %v, want %q", test.text, err, test.want)
		}
	}
	for body, want := range map[string]string{
		"":       "unexpected EOF, at byte 0",
		" {":     "unexpected EOF, at byte 2",
		"<html>": "invalid character '<' at start of value, at byte 0",
		"[]":     "not a JSON object",
		"null":   "not a JSON object",
	} {
		if _, err := decode([]byte(body), nil); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
	if _, err := decode([]byte(`{"inputs":7,"status":{"code":10020,"req_id":"r"}}`), new(results).fields()); err == nil || err.Error() != "inputs: a number where an array is expected, at byte 10" {
		t.Error(err)
	}
	if status, _ := decode([]byte(`{"inputs":7,"status":{"code":10020,"req_id":"r"}}`), new(results).fields()); status.ReqID != "r" {
		t.Errorf("the status is lost when another field is wrong: %+v", status)
	}
}

func TestEveryFormOfATokenIsRedactedEntirely(t *testing.T) {
	const token = `/a"b~c<d\e/`
	redact := newRedactor(token)
	for form, text := range map[string]string{
		"plain":                token,
		"in JSON or Go":        `/a\"b~c<d\\e/`,
		"in JSON with slashes": `\/a\"b~c<d\\e\/`,
		"in JSON with escapes": `/\u0061\"b~c\u003cd\u005Ce\u002F`,
		"in a JSON pointer":    `~1a"b~0c<d\e~1`,
		"in a query or a path": "%2Fa%22b~c%3Cd%5Ce%2F",
		"in HTML":              `/a&#34;b~c&lt;d\e/`,
	} {
		if got, want := redact(`\u0041-`+text+`-\"`), `\u0041-[the token]-\"`; got != want {
			t.Errorf("%s: %s, want %s", form, got, want)
		}
	}
}

func TestDecodeRequiresAStatusAndChecksFields(t *testing.T) {
	unfit := errors.New("unfit")
	for _, test := range []struct{ body, want string }{
		{`{"status":{"code":10000}}`, "<nil>"},
		{`{"status":{"code":10000},"x":null}`, "<nil>"},
		{`{"x":7}`, "missing status"},
		{`{"x":7,"status":null}`, "missing status"},
		{`{"x":7,"status":{"code":10000}}`, "x: unfit"},
		{`{"status":{"code":11101}}`, "<nil>"},
		{`{"status":{"code":11101},"x":7}`, "x: unfit"},
		{`{"status":7,"x":7}`, "status: a number where an object is expected, at byte 10"},
	} {
		x := 0
		f := &field{name: "x", into: &x, check: func() error { return unfit }}
		if _, err := decode([]byte(test.body), []*field{f}); fmt.Sprint(err) != test.want {
			t.Errorf("%s: %v, want %s", test.body, err, test.want)
		}
	}
}

// A field without a name is the response as a whole.
func TestDecodeReadsAResponseAsAWhole(t *testing.T) {
	var whole struct {
		embedded
		Models []struct{ Size int64 } `json:"models"`
		Number json.Number
	}
	for _, test := range []struct{ body, want string }{
		{`{"models":[{"size":"9007199254740993"}],"A":1,"":{"B":7},"b":"2","number":1.50,"status":{"code":10000}}`, ""},
		{`{"models":[{"size":"x"}],"status":{"code":10000,"req_id":"r"}}`, "models[0].size: a string is not of type int64"},
	} {
		status, err := decode([]byte(test.body), []*field{{into: &whole}})
		if status.Code != StatusSuccess || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, %v", test.body, status, err)
		}
		if test.want == "" && (whole.A != 1 || whole.B != 2 || whole.Number != "1.50" || len(whole.Models) != 1 || whole.Models[0].Size != 9007199254740993) {
			t.Errorf("%s: %+v", test.body, whole)
		}
	}
}

// Lists of concepts are decoded in room that is shared, one after the other and within
// each other, and then take what they need.
func TestConceptsAreDecodedIndependently(t *testing.T) {
	concepts := func(prefix string, n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"id":"%s%d","value":%d}`, prefix, i, i))
		}
		return `"concepts":[` + strings.Join(list, ",") + "]"
	}
	counts := []int{0, 1, 5, 8, 9, 20, 3}
	var inputs []string
	for _, n := range counts {
		inputs = append(inputs, fmt.Sprintf(`{"data":{"regions":[{"data":{%s}},{"data":{}}],%s}}`, concepts("r", n), concepts("c", n)))
	}
	inputs = append(inputs, `{"data":{}}`, `{"data":{"concepts":null}}`, `{"data":{"concepts":[{}]}}`)
	var r results
	if _, err := decode([]byte(`{"status":{},"inputs":[`+strings.Join(inputs, ",")+"]}"), r.fields()); err != nil {
		t.Fatal(err)
	}
	for i, n := range counts {
		data := r.Inputs[i].Data
		for prefix, got := range map[string][]Concept{"c": data.Concepts, "r": data.Regions[0].Data.Concepts} {
			var want []Concept
			if err := json.Unmarshal([]byte("{"+concepts(prefix, n)+"}"), &struct{ Concepts *[]Concept }{&want}); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%d concepts: %s, want %s", n, dump(got), dump(want))
			}
			if n < 8 && cap(got) > n+1 {
				t.Errorf("%d concepts have room for %d", n, cap(got))
			}
		}
		if data.Regions[1].Data.Concepts != nil {
			t.Errorf("%d concepts beside none: %s", n, dump(data))
		}
	}
	rest := r.Inputs[len(counts):]
	if rest[0].Data.Concepts != nil || rest[1].Data.Concepts != nil || !reflect.DeepEqual(rest[2].Data.Concepts, []Concept{{}}) {
		t.Errorf("%s", dump(rest))
	}
}

// An attempt that failed may have decoded something; none of it may show in what
// the next one decodes.
func TestDecodeDiscardsEarlierValues(t *testing.T) {
	var r results
	fields := r.fields()
	for _, body := range []string{
		`{"status":{"code":10030},"inputs":[{"id":"a","data":{"metadata":{"old":1}}},{"id":"b"}],"id":"old"}`,
		`{"status":{"code":10000},"inputs":[{"data":{"metadata":{"new":1}}}]}`,
	} {
		if _, err := decode([]byte(body), fields); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := dump(r.Inputs, r.ID), dump([]*Input{{Data: &Data{Metadata: map[string]any{"new": 1}}}}, ""); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A result must not keep the response that it came in alive, nor change with it.
func TestDecodedStringsAreCopies(t *testing.T) {
	body := []byte(`{"status":{},"inputs":[{"id":"aaaa","data":{"metadata":{"key":["value"]},"image":{"url":"https://example.com/` + strings.Repeat("u", 100) + `"}}}]}`)
	var r results
	if _, err := decode(body, r.fields()); err != nil {
		t.Fatal(err)
	}
	before := dump(r)
	for i := range body {
		body[i] = 'x'
	}
	if after := dump(r); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
