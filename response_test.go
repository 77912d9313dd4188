package clarifai

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-resty/resty/v2"
)

// encodingJSON decodes as decode does, but with encoding/json.
func encodingJSON(body []byte, fields []*field) (Status, error) {
	var response map[string]json.RawMessage
	if err := json.Unmarshal(body, &response); err != nil {
		return Status{}, err
	}
	var status *Status
	if err := json.Unmarshal(response["status"], &status); err != nil || status == nil {
		return Status{}, cmp.Or(err, errors.New("has no status"))
	}
	for _, f := range fields {
		raw := response[f.name]
		f.present = raw != nil && string(raw) != "null"
		if raw == nil {
			continue
		}
		if err := json.Unmarshal(raw, f.into); err != nil {
			return *status, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return *status, nil
}

// results are all that responses are decoded into.
type results struct {
	Inputs    []*Input
	Hits      []*Hit
	Searches  []*Search
	Counts    *InputCount
	HitCounts []HitCount
	Query     *Query
	ID        string
}

func (r *results) fields() []*field {
	return []*field{
		{name: "inputs", into: &r.Inputs}, {name: "hits", into: &r.Hits}, {name: "searches", into: &r.Searches},
		{name: "counts", into: &r.Counts}, {name: "hit_counts", into: &r.HitCounts, quoted: true}, {name: "query", into: &r.Query},
		{name: "id", into: &r.ID},
	}
}

// compare holds decode to encoding/json: the same bodies are taken, with the same
// values, but for numbers in quotes, which are taken as if they had none.
func compare(t *testing.T, body []byte) {
	t.Helper()
	var want, got results
	wantFields, gotFields := want.fields(), got.fields()
	wantStatus, wantErr := encodingJSON(body, wantFields)
	gotStatus, gotErr := decode(body, gotFields)
	if gotErr != nil {
		if wantErr == nil {
			t.Fatalf("refused: %v\n%s", gotErr, cut(string(body), 2000))
		}
		if gotErr := newRedactor("").error(gotErr); len(gotErr.Error()) > 1100 || !utf8.ValidString(gotErr.Error()) && utf8.Valid(body) {
			t.Fatalf("the error is no short text: %q", gotErr)
		}
		return
	}
	if wantErr != nil {
		plain, exact := withoutQuotes(reflect.TypeFor[map[string]json.RawMessage](), body, func(name string) reflect.Type {
			if name == "status" {
				return reflect.TypeFor[*Status]()
			} else if i := slices.IndexFunc(wantFields, func(f *field) bool { return f.name == name }); i >= 0 {
				return reflect.TypeOf(wantFields[i].into).Elem()
			}
			return reflect.TypeFor[json.RawMessage]()
		})
		if !exact {
			return // NaN
		}
		want = results{}
		if wantStatus, wantErr = encodingJSON(plain, wantFields); wantErr != nil {
			t.Fatalf("not refused: %v\n%s", wantErr, cut(string(body), 2000))
		}
	} else {
		for i, f := range gotFields {
			if f.present != wantFields[i].present {
				t.Fatalf("%s is present: %t", f.name, f.present)
			}
		}
	}
	if gotStatus != wantStatus || !reflect.DeepEqual(got, want) {
		t.Fatalf("got\n%+v\nwant\n%+v\nof %s", dump(gotStatus, got), dump(wantStatus, want), cut(string(body), 2000))
	}
}

func dump(v ...any) string {
	b, err := json.Marshal(v)
	return cut(string(b), 2000) + fmt.Sprint(err)
}

// withoutQuotes takes the quotes off the numbers in a JSON text that is decoded
// into the type. It reports whether a number is left that JSON does not have.
func withoutQuotes(t reflect.Type, text []byte, fieldType func(name string) reflect.Type) (plain []byte, exact bool) {
	text = bytes.TrimSpace(text)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != reflect.TypeFor[Status]() && reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) || len(text) == 0 {
		return text, true
	}
	switch t.Kind() {
	case reflect.Uint8, reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Float64:
		var s string
		if json.Unmarshal(text, &s) != nil || text[0] != '"' {
			return text, true
		}
		if t.Kind() == reflect.Float64 && slices.Contains([]string{"NaN", "Infinity", "-Infinity"}, s) {
			return text, false
		}
		if json.Valid([]byte(s)) && strings.TrimSpace(s) == s {
			return []byte(s), true // a number, if anything that the type takes
		}
		return text, true
	case reflect.Struct:
		fieldType = func(name string) reflect.Type {
			for _, exact := range []bool{true, false} {
				for i := range t.NumField() {
					tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
					if tag == name || !exact && tag != "" && strings.EqualFold(tag, name) {
						return t.Field(i).Type
					}
				}
			}
			return reflect.TypeFor[json.RawMessage]()
		}
	case reflect.Map:
		if fieldType == nil {
			fieldType = func(string) reflect.Type { return t.Elem() }
		}
	case reflect.Slice:
		fieldType = func(string) reflect.Type { return t.Elem() }
	default:
		return text, true
	}
	if text[0] != '{' && text[0] != '[' {
		return text, true
	}
	exact = true
	d := json.NewDecoder(bytes.NewReader(text))
	opening, _ := d.Token()
	out := []byte(opening.(json.Delim).String())
	for i := 0; d.More(); i++ {
		if i > 0 {
			out = append(out, ',')
		}
		name := ""
		if text[0] == '{' {
			token, _ := d.Token()
			name = token.(string)
			quoted, _ := json.Marshal(name)
			out = append(append(out, quoted...), ':')
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return text, true
		}
		plain, ok := withoutQuotes(fieldType(name), value, nil)
		out = append(out, plain...)
		exact = exact && ok
	}
	closing, _ := d.Token()
	return append(out, closing.(json.Delim).String()...), exact
}

// randomJSON writes a JSON text that mostly fits the type. At depth 0 it holds
// nothing that nests.
func randomJSON(r *rand.Rand, t reflect.Type, depth int) string {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	if r.IntN(40) == 0 {
		return "null"
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		at := time.Unix(r.Int64N(1<<33), r.Int64N(1e9)).In(time.FixedZone("", 1800*(r.IntN(40)-20)))
		return strconv.Quote(at.Format(one(time.RFC3339, time.RFC3339Nano, time.RFC3339Nano)))
	case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any]():
		if depth > 0 && r.IntN(2) == 0 {
			return randomJSON(r, []reflect.Type{reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any]()}[r.IntN(2)], depth-1)
		}
		return one("null", "true", "false", " 1.5e3", "-0", "1e400", `"a\u00e9\ud83d\ude00\n"`, `"text"`, "[ ]", "{\n}")
	case reflect.TypeFor[[]byte]():
		return one(`""`, `"aGVsbG8="`, `"aGVs\nbG8="`, `"\/\/8="`, "[1, 2,3]", `"?"`)
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && t.Kind() == reflect.Int32 {
		return one("10000", "30000", "1", `"2"`, `"VISIBLE"`, `"CONN_THROTTLED"`, `"PUBLIC"`, `"COSINE_DISTANCE"`, `"SOMETHING_NEW"`)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return randomJSON(r, t.Elem(), depth)
	case reflect.Bool:
		return one("true", "false", "true", "false", "0")
	case reflect.String:
		return one(`"a"`, `"people"`, `""`, `"déjà 日本"`, `"tab\tquote\"\u2028\/"`, "\"broken \xff\xc3 \xed\xa0\x80\"", `"\ud800 \udc00\ud83d"`, `"`+strings.Repeat("long ", 20)+`"`, "7")
	case reflect.Float64, reflect.Float32:
		return one("0", "1", "0.5", "-1.25e-3", "123456789.123456789", "1E+2", "1e300", "1e400", "null", `"0.5"`)
	case reflect.Slice:
		var elements []string
		for range r.IntN(4) {
			elements = append(elements, randomJSON(r, t.Elem(), depth-1))
		}
		return "[" + strings.Join(elements, ",") + "]"
	case reflect.Map:
		var members []string
		for range r.IntN(4) {
			members = append(members, one(`"a"`, `"b"`, `"c d"`, `"\u00e9"`, `"orig"`)+":"+randomJSON(r, t.Elem(), depth-1))
		}
		return "{" + strings.Join(members, ",") + "}"
	case reflect.Struct:
		var members []string
		for range r.IntN(8) {
			if r.IntN(10) == 0 {
				members = append(members, `"unknown":`+randomJSON(r, reflect.TypeFor[any](), 2))
				continue
			}
			f := t.Field(r.IntN(t.NumField()))
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			if depth > 0 || f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Slice {
				if r.IntN(10) == 0 {
					name = strings.ToUpper(name)
				}
				members = append(members, strconv.Quote(name)+one(":", " : ", ":\t")+randomJSON(r, f.Type, depth-1))
			}
		}
		return "{" + strings.Join(members, one(",", ", ", "\r\n,")) + "}"
	}
	// Integers.
	return one("0", "1", "1234", "-1", "2147483647", "4294967295", "4294967296", "9223372036854775807", "18446744073709551615", "1.0", "1e2", `"12"`, "5", "6")
}

// mutate breaks a JSON text in a few places.
func mutate(r *rand.Rand, text []byte) []byte {
	junk := []string{`"`, `\`, "{", "}", "[", "]", ",", ":", "null", "1", "-", "e", ".", "\x00", "\xff", `\u00`, `\ud800`, " ", "true", "0", "\x1f", "E+", "NaN", `"x"`, "\ufeff"}
	b := bytes.Clone(text)
	for range 1 + r.IntN(3) {
		i, piece := r.IntN(len(b)), junk[r.IntN(len(junk))]
		switch r.IntN(8) {
		case 0, 1, 2:
			b[i] = piece[0]
		case 3, 4:
			b = slices.Insert(b, i, []byte(piece)...)
		case 5, 6:
			b = slices.Delete(b, i, min(len(b), i+1+r.IntN(8)))
		case 7:
			b = b[:i]
		}
		if len(b) == 0 {
			return b
		}
	}
	return b
}

func TestDecodeAgreesWithEncodingJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]int{}
	for range 10_000 {
		var members []string
		fields := new(results).fields()
		for _, f := range fields {
			if r.IntN(3) == 0 {
				members = append(members, strconv.Quote(f.name)+":"+randomJSON(r, reflect.TypeOf(f.into).Elem(), 6))
			}
		}
		for range r.IntN(3) {
			members = append(members, `"status":`+randomJSON(r, reflect.TypeFor[Status](), 1))
		}
		r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
		body := []byte("{" + strings.Join(members, ",") + "}")
		compare(t, body)
		compare(t, mutate(r, body))
		_, err := decode(body, new(results).fields())
		kinds[fmt.Sprint(err == nil)]++
	}
	if kinds["true"] < 500 || kinds["false"] < 500 {
		t.Errorf("the random bodies are one-sided: taken or not: %v", kinds)
	}
}

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

// What a caller decodes into with an Endpoint of its own is read by the rules of
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

func TestDecodeForgives(t *testing.T) {
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

func TestDecodeErrorsSayWhereAndWhat(t *testing.T) {
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
	if _, err := decode([]byte(`{"inputs":7,"status":{"code":10020,"req_id":"r"}}`), new(results).fields()); err == nil || err.Error() != "inputs: a number where an array is expected, at byte 10" {
		t.Error(err)
	}
	if status, _ := decode([]byte(`{"inputs":7,"status":{"code":10020,"req_id":"r"}}`), new(results).fields()); status.ReqID != "r" {
		t.Errorf("the status is lost when another field is wrong: %+v", status)
	}
}

const maxDepth = 10000 // of encoding/json

// hostile are responses that no decoder should stumble over; the number tells
// whether encoding/json takes them.
func hostile() map[string]string {
	nested := func(opening, closing string, depth int) string {
		return strings.Repeat(opening, depth) + strings.Repeat(closing, depth)
	}
	data := `{"data":{"regions":[`
	ok := `{"status":{"code":10000},`
	return map[string]string{
		"nested in what is skipped":   ok + `"x":` + nested("[", "]", 100_000) + "}",
		"nested objects":              ok + `"x":` + nested(`{"a":`, "}", 100_000) + "}",
		"nested without an end":       ok + `"inputs":` + strings.Repeat("[", 100_000),
		"nested in metadata":          ok + `"inputs":[{"data":{"metadata":{"a":` + nested("[", "]", 100_000) + "}}}]}",
		"nested metadata, just right": ok + `"inputs":[{"data":{"metadata":{"a":` + nested("[", "]", maxDepth-5) + "}}}]}",
		"nested metadata, one more":   ok + `"inputs":[{"data":{"metadata":{"a":` + nested("[", "]", maxDepth-4) + "}}}]}",
		"nested data":                 ok + `"inputs":[` + nested(data, "]}}", 30_000) + "]}",
		"nested data, just right":     ok + `"inputs":[` + nested(data, "]}}", maxDepth/3-1) + "]}",
		"nested and wrong":            ok + `"inputs":[` + strings.Repeat(data, 3000) + "7" + strings.Repeat("]}}", 3000) + "]}",
		"a million digits":            ok + `"inputs":[{"data":{"float_value":` + strings.Repeat("1", 1_000_000) + "}}]}",
		"a million decimals":          ok + `"inputs":[{"data":{"float_value":0.` + strings.Repeat("1", 1_000_000) + "}}]}",
		"a million digits, skipped":   ok + `"x":` + strings.Repeat("1", 1_000_000) + "}",
		"a million unknown fields":    ok + `"inputs":[{` + strings.Repeat(`"unknown":0,`, 1_000_000) + `"id":"a"}]}`,
		"a million empty arrays":      ok + `"inputs":[{"dataset_ids":[]` + strings.Repeat(`,"dataset_ids":[]`, 100_000) + "}]}",
		"twice":                       `{"status":{"code":1},"inputs":[{"id":"a"}],"inputs":[{"data":{}}],"status":{"details":"d"}}`,
		"twice within":                ok + `"inputs":[{"id":"a","data":{"concepts":[{"id":"a"},{"id":"b"}],"concepts":[{"name":"c"}]},"id":"b","data":{"concepts":[{},{},{}]}}]}`,
		"twice, then null":            ok + `"inputs":[{"id":"a"}],"inputs":null}`,
		"byte order mark":             "\ufeff{}",
		"invalid UTF-8":               "{\"status\":{\"code\":10000,\"details\":\"\xff\xc0\x80\xed\xa0\x80\"},\"\xff\":1,\"inputs\":[{\"\xff\":2}]}",
		"trailing text":               ok + `"x":1} x`,
		"two responses":               `{"status":{}}{"status":{}}`,
		"nothing":                     "",
		"white space":                 " \t\r\n",
		"vertical tab":                "\v{}",
		"null":                        "null",
		"an array":                    "[]",
		"NaN":                         ok + `"inputs":[{"data":{"float_value":NaN}}]}`,
		"zero byte":                   "{\x00}",
	}
}

func TestDecodeStandsWhatIsHostile(t *testing.T) {
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) { compare(t, []byte(body)) })
	}
}

// A wrong type in any place is an error that names it, or a value.
func TestDecodeStandsWrongTypesInEveryField(t *testing.T) {
	types := map[reflect.Type]bool{}
	reachable(reflect.TypeFor[results](), types)
	for typ := range types {
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			for _, text := range []string{`"text"`, `"7"`, "7", "-1.5", "1e999", "true", "null", "[]", "[7]", "[[]]", "{}", `{"a":7}`, "NaN", ""} {
				object := fmt.Sprintf("{%q:%s}", name, text)
				got, want := reflect.New(typ), reflect.New(typ)
				_, gotErr := decode([]byte(`{"status":{},"x":`+object+"}"), []*field{{name: "x", into: got.Interface()}})
				plain, _ := withoutQuotes(typ, []byte(object), nil)
				if !json.Valid([]byte(object)) {
					plain = []byte(object)
				}
				wantErr := json.Unmarshal(plain, want.Interface())
				if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !reflect.DeepEqual(got.Interface(), want.Interface()) {
					t.Errorf("%v: %s: %+v, %v; want %+v, %v", typ, object, got, gotErr, want, wantErr)
				}
				if gotErr != nil && json.Valid([]byte(object)) && !strings.HasPrefix(gotErr.Error(), "x."+name) {
					t.Errorf("%v: %s: the error does not name the field: %v", typ, object, gotErr)
				}
			}
		}
	}
}

func TestDecodeRequiresAStatusAndChecksFields(t *testing.T) {
	unfit := errors.New("unfit")
	for _, test := range []struct{ body, want string }{
		{`{"status":{"code":10000}}`, "<nil>"},
		{`{"status":{"code":10000},"x":null}`, "<nil>"},
		{`{"x":7}`, "has no status"},
		{`{"x":7,"status":null}`, "has no status"},
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

// An attempt that failed may have decoded something; none of it may show in what
// the next one decodes.
func TestDecodeStartsAnew(t *testing.T) {
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

func TestReadBodyKeepsToItsLimit(t *testing.T) {
	const limit = 100_000
	for _, test := range []struct {
		size   int
		length int64 // as the header has it; -1 for none
		ok     bool
	}{
		{0, 0, true}, {0, -1, true}, {1, 1, true}, {limit, limit, true}, {limit, -1, true}, {1, 1 << 60, true},
		{limit + 1, limit + 1, false}, {limit + 1, -1, false}, {10 * limit, 1, false},
	} {
		body := strings.NewReader(strings.Repeat("x", test.size))
		closed := false
		resp := &http.Response{ContentLength: test.length, Body: readCloser{body, func() error { closed = true; return nil }}}
		var b bytes.Buffer
		err := readBody(&b, resp, limit)
		if !closed {
			t.Errorf("%+v: not closed", test)
		}
		if test.ok && (err != nil || b.Len() != test.size) || !test.ok && !errors.Is(err, ErrResponseTooLarge) {
			t.Errorf("%+v: %d bytes, %v", test, b.Len(), err)
		}
		if read := test.size - body.Len(); read > limit+1 {
			t.Errorf("%+v: read %d bytes", test, read)
		}
	}
}

type readCloser struct {
	io.Reader
	close func() error
}

func (r readCloser) Close() error { return r.close() }

func FuzzDecodePage(f *testing.F) {
	for _, body := range hostile() {
		if len(body) < 10_000 { // the fuzzer gets nowhere with a megabyte
			f.Add([]byte(body))
		}
	}
	f.Fuzz(compare)
}

func FuzzDecodeStatus(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		compare(t, slices.Concat([]byte(`{"status":`), text, []byte("}")))
		got, err := decode(slices.Concat([]byte(`{"status":`), text, []byte("}")), nil)
		var want *Status
		if wantErr := json.Unmarshal(text, &want); wantErr == nil && want != nil && (err != nil || got != *want) {
			t.Fatalf("%s is %+v, %v; want %+v", text, got, err, *want)
		}
		if err == nil && got.Code == 0 && got.CodeName != "" && !strings.Contains(got.String(), strings.TrimSpace(got.CodeName)) {
			t.Fatalf("%q does not say %q", got, got.CodeName)
		}
	})
}

func FuzzDecodeError(f *testing.F) {
	const token = "zhe-secret-token"
	redact := newRedactor(token)
	f.Fuzz(func(t *testing.T, httpStatus int, location string, body []byte) {
		var r results
		resp := &resty.Response{Request: &resty.Request{}, RawResponse: &http.Response{StatusCode: httpStatus, Header: http.Header{"Location": {location}}}}
		status, failure := read(&Error{Method: http.MethodGet, Path: "/v2"}, r.fields(), redact, resp, body, nil)
		if failure == nil {
			if status.Code != StatusSuccess || httpStatus < 200 || httpStatus > 299 {
				t.Fatalf("HTTP %d with %+v is taken for a success", httpStatus, status)
			}
			return
		}
		if strings.Contains(fmt.Sprintf("%v %+v", failure, failure), token) {
			t.Fatalf("the token is in the error: %+v", failure)
		}
		if failure.HTTPStatus != httpStatus || !strings.HasPrefix(failure.Error(), "clarifai: GET /v2") {
			t.Fatalf("%v", failure)
		}
		if length := len(failure.Error()); length > 4096+5*len(body)+5*len(location) {
			t.Fatalf("an error of %d bytes for a response of %d", length, len(body))
		}
		failure.retryable(true, nil)
		for _, kind := range []error{ErrInvalidResponse, ErrRateLimited, ErrResultWindow} {
			_ = errors.Is(failure, kind)
		}
	})
}
