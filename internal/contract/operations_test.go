package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// The SDK's table of operations has exactly the operations of the definition that page
// by number. TestEveryEndpointIsPaged tests their paths.
func TestOperationsAreExactlyThoseThatPage(t *testing.T) {
	var want []string
	for _, e := range everyEndpoint(t) {
		if e.paging == inQuery || e.paging == inBody {
			want = append(want, string(e.method.Name()))
		}
	}
	slices.Sort(want)
	if got := clarifai.Operations(); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// refusal returns the reason why an endpoint is rejected. The test fails if the
// endpoint is accepted, if the error names another argument, or if a request is sent.
func refusal[T any](t *testing.T, s *server, e clarifai.Endpoint[T], argument string) string {
	t.Helper()
	before := len(s.received())
	_, err := e.List(t.Context(), clientOf(t, s), nil)
	var refused *clarifai.ArgumentError
	if !errors.As(err, &refused) || refused.Argument != argument || len(s.received()) > before {
		t.Errorf("%+v: got %v, want an error for %s and no request", e, err, argument)
		return ""
	}
	return refused.Reason
}

// An operation has the paths of the definition. The first one is the default: the path
// below an app, if there is one.
func TestOperationsHaveTheirPaths(t *testing.T) {
	type named = clarifai.Endpoint[map[string]any]
	s := serve(t, twoPages)
	client := clientOf(t, s)
	sent := &recorder{next: client.HTTPClient().Transport}
	client.HTTPClient().Transport = sent
	for _, e := range everyEndpoint(t) {
		if e.paging != inQuery && e.paging != inBody {
			continue
		}
		operation := string(e.method.Name())
		var want []string
		for _, r := range e.routes {
			want = append(want, r.path())
		}
		verb, paths := e.routes[0].verb, slices.Clone(want)
		reason := refusal(t, s, named{Operation: operation, Path: "/v2/none"}, "Endpoint.Path")
		list := strings.TrimSuffix(strings.TrimPrefix(reason, "must be "+verb+" "), " for "+operation)
		got := strings.Split(list, " or ")
		first := got[0]
		slices.Sort(got)
		slices.Sort(paths)
		if !slices.Equal(got, paths) {
			t.Errorf("%s has the paths %q, want %q", operation, got, paths)
			continue
		}
		i := slices.Index(want, first)
		if ofApp := slices.ContainsFunc(want, isOfApp); isOfApp(first) != ofApp || !ofApp && i != 0 {
			t.Errorf("the default path of %s is %s, want the first one below an app in %q", operation, first, want)
		}

		if _, err := filled(named{Operation: operation}, e.routes[i]).List(t.Context(), client, nil); err != nil {
			t.Error(err)
			continue
		}
		if last := sent.requests[len(sent.requests)-1]; !matches(verb+" "+escaped(e.routes[i]), last) {
			t.Errorf("%s sent %s, want %s %s", operation, last, verb, first)
		}
		if arrived := s.received(); arrived[len(arrived)-1].method != operation {
			t.Errorf("%s arrived at %s", operation, arrived[len(arrived)-1].method)
		}
	}
}

func isOfApp(path string) bool { return strings.Contains(path, "/users/{user_id}/apps/{app_id}") }

// escaped returns the escaped path of a request to a route.
func escaped(r route) string {
	return strings.NewReplacer("{user_id}", ofClient["user_id"], "{app_id}", ofClient["app_id"]).Replace(r.path())
}

// An endpoint that contradicts the table is rejected, whether given by operation or by
// path.
func TestOperationsRejectAnotherKeyOrMethod(t *testing.T) {
	type named = clarifai.Endpoint[map[string]any]
	s := serve(t, twoPages)
	other := map[string]string{http.MethodGet: http.MethodPost, http.MethodPost: http.MethodGet}
	for _, e := range everyEndpoint(t) {
		if e.paging != inQuery && e.paging != inBody {
			continue
		}
		operation := string(e.method.Name())
		keys := []string{"results", "status", strings.ToUpper(string(e.key.Name()))}
		fields := e.method.Output().Fields()
		for i := range fields.Len() {
			if field := fields.Get(i); field != e.key {
				keys = append(keys, string(field.Name()))
			}
		}
		for _, r := range e.routes {
			for _, key := range keys {
				for _, public := range []named{
					{Operation: operation, Key: key},
					{Operation: operation, Path: r.path(), Key: key},
					{Method: r.verb, Path: r.path(), Key: key},
					filled(named{Method: r.verb, Path: r.path(), Key: key}, r),
				} {
					want := fmt.Sprintf("must be %q", e.key.Name())
					if reason := refusal(t, s, public, "Endpoint.Key"); !strings.HasPrefix(reason, want) {
						t.Errorf("%+v: the reason is %q, want %s", public, reason, want)
					}
				}
			}
			refusal(t, s, named{Operation: operation, Method: other[r.verb], Path: r.path()}, "Endpoint.Path")
		}
	}
}

// An Endpoint rejects operations that do not page by number, and their paths.
func TestOperationsThatDoNotPageAreRejected(t *testing.T) {
	type named = clarifai.Endpoint[map[string]any]
	s := serve(t, twoPages)
	for _, e := range everyEndpoint(t) {
		if e.paging == inQuery || e.paging == inBody {
			continue
		}
		refusal(t, s, named{Operation: string(e.method.Name())}, "Endpoint.Operation")
		for _, r := range e.routes {
			if r.verb == http.MethodGet || r.verb == http.MethodPost {
				refusal(t, s, named{Method: r.verb, Path: r.path()}, "Endpoint.Key")
			}
		}
	}
}

// The error for a misspelled operation suggests the right name.
func TestMisspelledOperations(t *testing.T) {
	s := serve(t, twoPages)
	for _, name := range clarifai.Operations() {
		for _, misspelled := range []string{strings.ToLower(name), name[1:], name[:len(name)-1], name + "s", strings.Replace(name, "s", "z", 1)} {
			if slices.Contains(clarifai.Operations(), misspelled) {
				continue // skips names that are still operations
			}
			reason := refusal(t, s, clarifai.Endpoint[map[string]any]{Operation: misspelled}, "Endpoint.Operation")
			if !strings.HasSuffix(reason, "did you mean "+name+"?") {
				t.Errorf("%s: the reason is %q, want it to suggest %s", misspelled, reason, name)
			}
		}
	}
}
