package clarifai

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"
)

// Requests have the bytes that encoding/json would give them, whatever they hold.
func TestRequestsAreEncodedAsEncodingJSONDoes(t *testing.T) {
	same := func(value any) {
		t.Helper()
		got, gotErr := encode(value)
		want, wantErr := json.Marshal(value)
		if (gotErr == nil) != (wantErr == nil) || string(got) != string(want) {
			t.Errorf("got %s, %v\nwant %s, %v", got, gotErr, want, wantErr)
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	encoded := 0
	for range 3000 {
		text := randomJSON(r, reflect.TypeFor[results](), 6)
		var value results
		if !utf8.ValidString(text) || json.Unmarshal([]byte(text), &value) != nil {
			continue
		}
		encoded++
		same(&value)
	}
	if encoded < 500 {
		t.Errorf("only %d requests were encoded", encoded)
	}
	type caller struct {
		embedded
		Quoted   int `json:",string"`
		Empty    []int
		Nil      map[string]int
		Omitted  *int        `json:",omitempty"`
		Number   json.Number `json:"n"`
		Raw      json.RawMessage
		Any      any
		Floats   []float64
		Texts    []string
		Keys     map[int]string
		Took     time.Duration
		Receiver textual
		Array    [2]byte
	}
	same(caller{Number: "1.50", Raw: json.RawMessage(` { "a" : [ 1 ] } `), Any: map[string]any{"b": 1, "a": nil}})
	same(&caller{Number: "0", Raw: json.RawMessage("null"), Floats: []float64{0, 1e21, 1e-7, -0.5, 1e20, 123456789}, Texts: []string{"<&>\u2028", "é\"\\\x00\x7f"},
		Keys: map[int]string{10: "a", 9: "b"}, Took: time.Second})
	same(caller{Number: "twelve"})
	integer := reflect.TypeFor[int]()
	same(reflect.New(reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: integer, Tag: `json:"x"`}, {Name: "B", Type: integer, Tag: `json:"x"`}, {Name: "Dash", Type: integer, Tag: `json:"-,"`},
	})).Interface())
	same(caller{Raw: json.RawMessage("{")})
	same(map[string]any{"f": func() {}})
	same([]any{json.Number("7"), &embedded{1, 2}, nil, true, []byte("bytes"), time.Date(2026, 5, 4, 3, 2, 1, 5, time.UTC)})
}

// Text that is not UTF-8 would arrive as other text, and two keys as one.
func TestInvalidUTF8IsRejected(t *testing.T) {
	const bad = "caf\xe9"
	data := func(d Data) any { return &PostInputsRequest{Inputs: []*Input{{ID: "a"}, {Data: &d}}} }
	rank := func(a Annotation) any {
		return &PostInputsSearchesRequest{Searches: []Search{NewSearch(), {Query: &Query{Ranks: []Rank{{Annotation: &a}}}}}}
	}
	for _, test := range []struct {
		name    string
		request any
		says    string
	}{
		{"a text", data(Data{Text: &Text{Raw: bad}}), "inputs[1].data.text.raw: must be valid UTF-8"},
		{"a URL", data(Data{Image: &Image{URL: "https://example.com/" + bad}}), "inputs[1].data.image.url: must be valid UTF-8"},
		{"the ID of a concept", data(Data{Concepts: []Concept{{ID: "a"}, {ID: bad}}}), "inputs[1].data.concepts[1].id: must be valid UTF-8"},
		{"the name of a concept", rank(Annotation{Data: &Data{Concepts: []Concept{{Name: bad}}}}), "searches[1].query.ranks[0].annotation.data.concepts[0].name: must be valid UTF-8"},
		{"the ID of a dataset", &PostInputsRequest{Inputs: []*Input{{ID: "a", DatasetIDs: []string{"a", bad}}}}, "inputs[0].dataset_ids[1]: must be valid UTF-8"},
		{"metadata", data(Data{Metadata: map[string]any{"a": []any{1, map[string]any{"b": bad}}}}), "inputs[1].data.metadata.a[1].b: must be valid UTF-8"},
		{"a key of metadata", data(Data{Metadata: map[string]any{bad: 1}}), "inputs[1].data.metadata: must be valid UTF-8"},
		{"two keys that would become one", data(Data{Metadata: map[string]any{bad: 1, "caf\xea": 2}}), "inputs[1].data.metadata: must be valid UTF-8"},
		{"annotation info", rank(Annotation{AnnotationInfo: map[string]any{"a/b": bad}}), `searches[1].query.ranks[0].annotation.annotation_info["a/b"]: must be valid UTF-8`},
		{"a key of annotation info", rank(Annotation{AnnotationInfo: map[string]any{"a": map[string]any{bad: 1}}}), "searches[1].query.ranks[0].annotation.annotation_info.a: must be valid UTF-8"},
		{"the name of a search", &PostInputsSearchesRequest{Searches: []Search{{Name: bad}}}, "searches[0].name: must be valid UTF-8"},
		{"half a character", data(Data{Text: &Text{Raw: "\xf0\x9f\x98"}}), "inputs[1].data.text.raw: must be valid UTF-8"},
		{"a surrogate", data(Data{Text: &Text{Raw: "\xed\xa0\x80"}}), "inputs[1].data.text.raw: must be valid UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sent atomic.Int32
			client, err := NewClient(WithPAT("pat"), WithApp("u", "a"), WithHTTPClient(&http.Client{Transport: counting{&sent}}))
			if err != nil {
				t.Fatal(err)
			}
			switch request := test.request.(type) {
			case *PostInputsRequest:
				_, err = client.PostInputs(t.Context(), request)
			case *PostInputsSearchesRequest:
				_, err = client.PostInputsSearches(t.Context(), request)
			}
			var argument *ArgumentError
			if !errors.As(err, &argument) || !errors.Is(err, ErrInvalidArgument) || err.Error() != "clarifai: "+test.says {
				t.Errorf("got  %v\nwant clarifai: %s", err, test.says)
			}
			if sent.Load() != 0 {
				t.Error("it is sent")
			}
		})
	}
}

// counting is a transport that counts requests, and fails them.
type counting struct{ sent *atomic.Int32 }

func (c counting) RoundTrip(*http.Request) (*http.Response, error) {
	c.sent.Add(1)
	return &http.Response{StatusCode: 500, Body: io.NopCloser(strings.NewReader(""))}, nil
}
