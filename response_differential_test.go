package clarifai

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encodingJSON decodes as decode does, but with encoding/json.
func encodingJSON(body []byte, fields []*field) (Status, error) {
	var response map[string]json.RawMessage
	if err := json.Unmarshal(body, &response); err != nil {
		return Status{}, err
	}
	var status *Status
	if err := json.Unmarshal(response["status"], &status); err != nil || status == nil {
		return Status{}, cmp.Or(err, errors.New("missing status"))
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
	if (gotStatus != wantStatus || !reflect.DeepEqual(got, want)) && !listsTwice(body) {
		t.Fatalf("got\n%+v\nwant\n%+v\nof %s", dump(gotStatus, got), dump(wantStatus, want), cut(string(body), 2000))
	}
}

// listsTwice reports whether a response has a name twice. For the third list of concepts
// of one name, encoding/json finds in the room of the first what the second did not
// overwrite; this package finds nothing.
func listsTwice(body []byte) bool {
	var r struct {
		Inputs   []*Input
		Hits     []*Hit
		Searches []*Search
		Query    *Query
	}
	err := jsonv2.Unmarshal(body, &r, asEncodingJSON, quotedNumbers, jsontext.AllowDuplicateNames(false))
	return errors.Is(err, jsontext.ErrDuplicateName) && bytes.Count(bytes.ToLower(body), []byte(`"concepts"`)) > 2
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

const maxDepth = 10000 // of encoding/json

// hostile are responses that a decoder must handle; the number tells
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

func TestDecodeHandlesHostileInput(t *testing.T) {
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) { compare(t, []byte(body)) })
	}
}

// A wrong type in any place is an error that names it, or a value.
func TestDecodeHandlesWrongTypesInEveryField(t *testing.T) {
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
