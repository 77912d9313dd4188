package clarifai_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

// written generates a JSON value for a type, with all of its fields set.
type written struct {
	name   string
	enum   any // value of every enumeration
	number any // value of every floating-point number
	empty  bool
}

func (w written) value(t reflect.Type, depth int) any {
	switch {
	case t.Kind() == reflect.Pointer:
		return w.value(t.Elem(), depth)
	case t == reflect.TypeFor[time.Time]():
		return "2026-01-02T03:04:05.000000006+07:00"
	case t == reflect.TypeFor[json.RawMessage](), t == reflect.TypeFor[map[string]any]():
		if w.empty {
			return map[string]any{}
		}
		return map[string]any{"<a&b>": []any{nil, true, "é", -1.5, map[string]any{}, []any{}}}
	case t == reflect.TypeFor[[]byte]():
		return "AQI="
	case t == reflect.TypeFor[clarifai.StatusCode](), t.Kind() == reflect.String && t != reflect.TypeFor[string]():
		return w.enum
	}
	switch t.Kind() {
	case reflect.Struct:
		return w.object(t, depth+1)
	case reflect.Map:
		if w.empty {
			return map[string]any{}
		}
		return map[string]any{"a": w.value(t.Elem(), depth), "b": w.value(t.Elem(), depth)}
	case reflect.Slice:
		if w.empty {
			return []any{}
		}
		return []any{w.value(t.Elem(), depth), w.value(t.Elem(), depth)}
	case reflect.String:
		return "<é> & \u2028"
	case reflect.Bool:
		return true
	case reflect.Float64:
		return w.number
	}
	return 7
}

func (w written) object(t reflect.Type, depth int) map[string]any {
	object := map[string]any{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		elem := field.Type
		for elem.Kind() == reflect.Pointer || elem.Kind() == reflect.Slice {
			elem = elem.Elem()
		}
		// Data is recursive: it contains regions, which contain data.
		if depth < 4 || elem.Kind() != reflect.Struct || elem == reflect.TypeFor[time.Time]() || option == "" {
			object[name] = w.value(field.Type, depth)
		}
	}
	return object
}

// canonical decodes JSON, so that values can be compared regardless of formatting.
func canonical(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return value
}

// writeAgain lists a result and checks that encoding the decoded item reproduces
// it.
func writeAgain[T any](t *testing.T) {
	name := reflect.TypeFor[T]().Name()
	endpoint := clarifai.Endpoint[T]{Method: "GET", Path: "/v2/results", Key: "results"}
	for _, w := range []written{
		{"all fields", 7, 0.5, false},
		{"unknown names", "A_NAME_OF_THE_FUTURE", 1e300, false},
		{"unknown numbers", 987654, math.SmallestNonzeroFloat64, false},
		{"large numbers", 1, -math.MaxFloat64, false},
		{"empty", "", 0.25, true},
	} {
		value := w.object(reflect.TypeFor[T](), 0)
		if w.enum == "" {
			w.enum = 1
			value = w.object(reflect.TypeFor[T](), 0)
		}
		sent, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		client, mock := newClient(t)
		recorder(t, mock, answer(200, `{"status":{"code":10000},"results":[`+string(sent)+`]}`))
		page, err := endpoint.List(t.Context(), client, nil)
		if err != nil {
			t.Errorf("%s, %s: %v", name, w.name, err)
			continue
		}
		got, err := json.Marshal(page.Items[0])
		if err != nil {
			t.Errorf("%s, %s: %v", name, w.name, err)
			continue
		}
		diff(t, name+", "+w.name+": ", canonical(t, got), canonical(t, sent))
	}
}

// diff reports the differences between two JSON values.
func diff(t *testing.T, path string, got, want any) {
	t.Helper()
	gotObject, ok1 := got.(map[string]any)
	wantObject, ok2 := want.(map[string]any)
	if ok1 && ok2 {
		for name := range wantObject {
			diff(t, path+"."+name, gotObject[name], wantObject[name])
		}
		for name := range gotObject {
			if _, ok := wantObject[name]; !ok {
				t.Errorf("unexpected %s.%s: %v", path, name, gotObject[name])
			}
		}
		return
	}
	gotList, ok1 := got.([]any)
	wantList, ok2 := want.([]any)
	if ok1 && ok2 && len(gotList) == len(wantList) {
		for i := range wantList {
			diff(t, path+"[]", gotList[i], wantList[i])
		}
		return
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is encoded as %v, want %v", path, got, want)
	}
}

// Encoding a decoded page reproduces the page, including unknown enumeration values
// and empty lists and objects. Zero values may be omitted.
func TestDecodedPageIsEncodedUnchanged(t *testing.T) {
	writeAgain[clarifai.Input](t)
	writeAgain[clarifai.InputCount](t)
	writeAgain[clarifai.Annotation](t)
	writeAgain[clarifai.Concept](t)
	writeAgain[clarifai.Hit](t)
	writeAgain[clarifai.Search](t)
	writeAgain[clarifai.App](t)
	writeAgain[clarifai.Dataset](t)
	writeAgain[clarifai.DatasetInput](t)
	writeAgain[clarifai.DatasetVersion](t)
	writeAgain[clarifai.Model](t)
	writeAgain[clarifai.ModelVersion](t)
	writeAgain[clarifai.Workflow](t)
	writeAgain[clarifai.Status](t)
}

func TestStatusIsEncodedWithItsCode(t *testing.T) {
	for text, want := range map[string]string{
		`{"code":"A_NAME_OF_THE_FUTURE","description":"d","req_id":"r"}`: `{"code":"A_NAME_OF_THE_FUTURE","description":"d","req_id":"r"}`,
		`{"code":"A_NAME_OF_THE_FUTURE"}`:                                `{"code":"A_NAME_OF_THE_FUTURE"}`,
		`{"code":"CONN_THROTTLED"}`:                                      `{"code":11005}`,
		`{"code":"10000"}`:                                               `{"code":10000}`,
		`{"code":987654,"details":"d"}`:                                  `{"code":987654,"details":"d"}`,
		`{"code":"ZERO","details":"d"}`:                                  `{"details":"d"}`,
		`{"code":null}`:                                                  `{}`,
		`{}`:                                                             `{}`,
	} {
		var status clarifai.Status
		if err := json.Unmarshal([]byte(text), &status); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		for _, value := range []any{status, &status} {
			got, err := json.Marshal(value)
			if err != nil || !reflect.DeepEqual(canonical(t, got), canonical(t, []byte(want))) {
				t.Errorf("%s is encoded as %s, %v", text, got, err)
			}
		}
	}
}

// A nil time is omitted. Any other time is encoded, the zero time.Time included.
func TestZeroTimeIsEncoded(t *testing.T) {
	const text = `{"id":"a","created_at":"0001-01-01T00:00:00Z"}`
	for _, value := range []any{new(clarifai.Input), new(clarifai.Dataset), new(clarifai.Model), new(clarifai.App)} {
		if err := json.Unmarshal([]byte(text), value); err != nil {
			t.Fatal(err)
		}
		if got := marshal(t, value); got != text {
			t.Errorf("%T: got %s, want %s", value, got, text)
		}
		if got := marshal(t, reflect.New(reflect.TypeOf(value).Elem()).Interface()); got != `{}` {
			t.Errorf("%T: a zero value is encoded as %s", value, got)
		}
	}
}
