package contract

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// serve starts a server that is closed at the end of the test. If behaviour is nil,
// every call returns a successful status only.
func serve(t *testing.T, behave behaviour) *server {
	t.Helper()
	if behave == nil {
		behave = func(method protoreflect.MethodDescriptor, _ *dynamicpb.Message) (proto.Message, error) {
			return success(method), nil
		}
	}
	s, err := newServer(official(t), behave)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// checkCall fails the test unless the call reached the given operation with the request
// that the JSON encodes.
func checkCall(t *testing.T, got call, method, request string) {
	t.Helper()
	if got.method != method {
		t.Errorf("arrived at %s, want %s", got.method, method)
		return
	}
	name := strings.TrimPrefix(string(got.request.Descriptor().FullName()), "clarifai.api.")
	if want := parse(t, name, request); !proto.Equal(got.request, want) {
		t.Errorf("%s got\n%s\nwant\n%s", method, protojson.Format(got.request), protojson.Format(want))
	}
}

// send sends a request without the SDK.
func send(t *testing.T, s *server, verb, target, body string) (status int, response string) {
	t.Helper()
	return sendTo(t, s.Client(), s.URL+target, verb, body)
}

func sendTo(t *testing.T, client *http.Client, url, verb, body string) (status int, response string) {
	t.Helper()
	r, err := http.NewRequest(verb, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Key token")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestServerAcceptsTheDocumentedRequests(t *testing.T) {
	for _, test := range []struct{ verb, target, body, method, request string }{
		{"GET", "/v2/users/USER/apps/APP/inputs?page=2&per_page=20", "",
			"ListInputs", `{"user_app_id":{"user_id":"USER","app_id":"APP"},"page":2,"per_page":20}`},
		{"GET", "/v2/users/USER/apps/APP/inputs?ids=a&ids=b&status.code=30000", "",
			"ListInputs", `{"user_app_id":{"user_id":"USER","app_id":"APP"},"ids":["a","b"],"status":{"code":"INPUT_DOWNLOAD_SUCCESS"}}`},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches",
			`{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}]}}],
			  "pagination":{"page":2,"per_page":20}}`,
			"PostAnnotationsSearches",
			`{"user_app_id":{"user_id":"USER","app_id":"APP"},
			  "searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}]}}],
			  "pagination":{"page":2,"per_page":20}}`},
		{"DELETE", "/v2/users/USER/apps/APP/inputs", `{"ids":["a","b"]}`,
			"DeleteInputs", `{"user_app_id":{"user_id":"USER","app_id":"APP"},"ids":["a","b"]}`},
	} {
		s := serve(t, nil)
		status, response := send(t, s, test.verb, test.target, test.body)
		if status != http.StatusOK {
			t.Errorf("%s %s: %d %s", test.verb, test.target, status, response)
			continue
		}
		calls := s.received()
		if len(calls) != 1 {
			t.Fatalf("%s %s: %d calls, want 1", test.verb, test.target, len(calls))
		}
		checkCall(t, calls[0], test.method, test.request)
	}
}

func TestServerRejectsWhatIsNotInTheDefinition(t *testing.T) {
	s := serve(t, nil)
	for _, test := range []struct {
		verb, target, body string
		want               int
	}{
		{"GET", "/v2/users/USER/apps/APP/inputs?pages=2", "", http.StatusBadRequest},
		{"GET", "/v2/users/USER/apps/APP/inputs?page=-1", "", http.StatusBadRequest},
		{"GET", "/v2/users/USER/apps/APP/inputs", `{"page":2}`, http.StatusBadRequest},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches", `{"searchs":[]}`, http.StatusBadRequest},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches", `{"searches":[{"query":{"filter":[]}}]}`, http.StatusBadRequest},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches", `{"pagination":{"page":"two"}}`, http.StatusBadRequest},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches", `{"searches":`, http.StatusBadRequest},
		{"POST", "/v2/users/USER/apps/APP/annotations/searches?pagination.page=2", `{}`, http.StatusBadRequest},
		{"DELETE", "/v2/users/USER/apps/APP/inputs", `{"id":"a"}`, http.StatusBadRequest},
		{"GET", "/v2/users/USER/apps/APP/input", "", http.StatusNotFound},
		{"GET", "/v2/users/USER/apps/APP/inputs/", "", http.StatusNotFound},
		{"GET", "/v2/users//apps/APP/inputs", "", http.StatusNotFound},
		{"GET", "/users/USER/apps/APP/inputs", "", http.StatusNotFound},
		{"PUT", "/v2/users/USER/apps/APP/inputs", `{}`, http.StatusMethodNotAllowed},
	} {
		if status, response := send(t, s, test.verb, test.target, test.body); status != test.want {
			t.Errorf("%s %s %s: %d %s, want %d", test.verb, test.target, test.body, status, response, test.want)
		}
	}
	if calls := s.received(); len(calls) != 0 {
		t.Errorf("%d calls arrived, want none", len(calls))
	}
}

func TestServerRespondsAsTheRESTAPIDoes(t *testing.T) {
	s := serve(t, func(protoreflect.MethodDescriptor, *dynamicpb.Message) (proto.Message, error) {
		return official(t).parse("MultiInputResponse",
			`{"status":{"code":"SUCCESS","req_id":"r"},"inputs":[{"id":"a","data":{"int_value":"9007199254740993"}}]}`)
	})
	status, response := send(t, s, "GET", "/v2/users/USER/apps/APP/inputs", "")
	// protojson adds random spaces.
	got := strings.ReplaceAll(response, " ", "")
	want := `{"status":{"code":10000,"req_id":"r"},"inputs":[{"id":"a","data":{"int_value":"9007199254740993"}}]}`
	if status != http.StatusOK || got != want {
		t.Errorf("got %d %s, want 200 %s", status, got, want)
	}
}

func TestServerRespondsWithAnError(t *testing.T) {
	s := serve(t, func(protoreflect.MethodDescriptor, *dynamicpb.Message) (proto.Message, error) {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("no such app"))
	})
	status, response := send(t, s, "GET", "/v2/users/USER/apps/APP/inputs", "")
	if status != http.StatusNotFound || !strings.Contains(response, "no such app") {
		t.Errorf("got %d %s, want 404 no such app", status, response)
	}
}

// Every route of a method leads to it and sets the fields of its path variables.
func TestServerReachesEveryMethod(t *testing.T) {
	s := serve(t, nil)
	reached := make(map[string]bool)
	for _, e := range everyEndpoint(t) {
		for _, r := range e.routes {
			want := dynamicpb.NewMessage(e.method.Input())
			target := r.template
			for i, path := range r.fields() {
				value := fmt.Sprintf("value-%d", i)
				target = strings.Replace(target, "{"+path+"}", value, 1)
				if err := setString(want, path, value); err != nil {
					t.Fatalf("%s: %s: %v", e.method.Name(), path, err)
				}
			}
			before := len(s.received())
			status, response := send(t, s, r.verb, target, "")
			if status != http.StatusOK {
				t.Errorf("%s: %s %s: %d %s", e.method.Name(), r.verb, target, status, response)
				continue
			}
			calls := s.received()[before:]
			if len(calls) != 1 || calls[0].method != string(e.method.Name()) || !proto.Equal(calls[0].request, want) {
				t.Errorf("%s %s: got %v, want %s %v", r.verb, target, calls, e.method.Name(), want)
			}
			reached[calls[0].method] = true
		}
	}
	// PatchRunners shares its only route with PostRunners.
	if len(reached) != 288 {
		t.Errorf("%d methods were reached, want 288", len(reached))
	}
}

// setString sets the string field at a dotted path.
func setString(message protoreflect.Message, path, value string) error {
	name, rest, nested := strings.Cut(path, ".")
	field := message.Descriptor().Fields().ByName(protoreflect.Name(name))
	switch {
	case field == nil:
		return fmt.Errorf("%s has no field %s", message.Descriptor().Name(), name)
	case nested && field.Message() != nil:
		return setString(message.Mutable(field).Message(), rest, value)
	case field.Kind() != protoreflect.StringKind:
		return fmt.Errorf("%s is not a string", field.FullName())
	}
	message.Set(field, protoreflect.ValueOfString(value))
	return nil
}
