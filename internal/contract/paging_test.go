package contract

import (
	"errors"
	"fmt"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// total is the number of results of an endpoint: more than two of the largest pages,
// and not a multiple of them.
const total = 2500

// paged responds to every method that pages by number with the requested page.
func paged(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error) {
	key, err := resultsOf(method)
	if err != nil {
		return nil, err
	}
	path := labelPath(key.Message(), 3)
	if path == nil {
		return nil, fmt.Errorf("%s has no string field for a label", key.Message().FullName())
	}
	params := protoreflect.Message(request)
	if pagination := request.Descriptor().Fields().ByName("pagination"); pagination != nil {
		params = request.Get(pagination).Message()
	}
	fields := params.Descriptor().Fields()
	page := int(params.Get(fields.ByName("page")).Uint())
	perPage := int(params.Get(fields.ByName("per_page")).Uint())
	if page < 1 || perPage < 1 || perPage > clarifai.MaxPerPage {
		return nil, fmt.Errorf("page %d of %d results", page, perPage)
	}

	response := success(method)
	results := response.Mutable(key).List()
	for i := (page - 1) * perPage; i < min(page*perPage, total); i++ {
		setLabel(results.AppendMutable().Message(), path, label(method, i))
	}
	return response, nil
}

// label returns a string that is unique among the results of all methods.
func label(method protoreflect.MethodDescriptor, i int) string {
	return fmt.Sprintf("%s %d", method.Name(), i)
}

// labelPath returns the shortest path to a string field, or nil if no path has at most
// the given number of steps.
func labelPath(message protoreflect.MessageDescriptor, steps int) []protoreflect.FieldDescriptor {
	var shortest []protoreflect.FieldDescriptor
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if field.IsList() || field.IsMap() {
			continue
		}
		if field.Kind() == protoreflect.StringKind {
			return []protoreflect.FieldDescriptor{field}
		}
		if field.Message() == nil || steps == 1 {
			continue
		}
		if rest := labelPath(field.Message(), steps-1); rest != nil && (shortest == nil || len(rest) < len(shortest)-1) {
			shortest = append([]protoreflect.FieldDescriptor{field}, rest...)
		}
	}
	return shortest
}

func setLabel(message protoreflect.Message, path []protoreflect.FieldDescriptor, text string) {
	for _, field := range path[:len(path)-1] {
		message = message.Mutable(field).Message()
	}
	message.Set(path[len(path)-1], protoreflect.ValueOfString(text))
}

// labelOf returns the label of a decoded result.
func labelOf(result map[string]any, path []protoreflect.FieldDescriptor) any {
	var value any = result
	for _, field := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is in %v", field.Name(), value)
		}
		value = object[string(field.Name())]
	}
	return value
}

// Every endpoint that pages by number returns each result once and in order, over each
// of its routes.
func TestEveryEndpointIsPaged(t *testing.T) {
	var count int
	for _, e := range everyEndpoint(t) {
		if e.paging != inQuery && e.paging != inBody {
			continue
		}
		count++
		for _, r := range e.routes {
			t.Run(string(e.method.Name())+r.path(), func(t *testing.T) {
				t.Parallel()
				type named = clarifai.Endpoint[map[string]any]
				checkPaging(t, e, r, named{Operation: string(e.method.Name()), Path: r.path()}, nil, clarifai.MaxPerPage)
				checkPaging(t, e, r, named{Method: r.verb, Path: r.path()}, &clarifai.PageParams{PerPage: 999}, 999, clarifai.Prefetch(3))
				checkPaging(t, e, r, named{Method: r.verb, Path: r.path(), Key: string(e.key.Name())}, requestOf(e.paging, 128), 128, clarifai.Prefetch(8))
			})
		}
	}
	if count != 64 {
		t.Errorf("%d endpoints, want 64", count)
	}
}

// requestOf returns a request in the form that users of the SDK write.
func requestOf(how paging, perPage int) clarifai.PageRequest {
	params := clarifai.PageParams{PerPage: perPage}
	if how == inBody {
		return &struct {
			clarifai.PageParams `json:"pagination,omitzero"`
		}{params}
	}
	return &struct{ clarifai.PageParams }{params}
}

// filled sets the path variables that the client does not set.
func filled[T interface{ With(name, value string) T }](public T, r route) T {
	for _, name := range r.variables() {
		if _, ok := ofClient[name]; !ok {
			public = public.With(name, "ID of "+name)
		}
	}
	return public
}

// checkPaging iterates over an endpoint; public is its form in the SDK.
func checkPaging(t *testing.T, e endpoint, r route, public clarifai.Endpoint[map[string]any], request clarifai.PageRequest, perPage int, options ...clarifai.IterOption) {
	t.Helper()
	s := serve(t, paged)
	public = filled(public, r)
	path := labelPath(e.key.Message(), 3)
	var received int
	for result, err := range public.All(t.Context(), clientOf(t, s), request, options...) {
		if err != nil {
			t.Fatalf("after %d results: %v", received, err)
		}
		if got, want := labelOf(*result, path), label(e.method, received); got != want {
			t.Fatalf("result %d is %v, want %s", received, got, want)
		}
		received++
	}
	if received != total {
		t.Errorf("%d results, want %d", received, total)
	}

	calls := s.received()
	asked := make(map[uint64]bool)
	for _, call := range calls {
		number, err := checkPageRequest(call.request, r, perPage)
		if err != nil {
			t.Errorf("%v: %s", err, protojson.Format(call.request))
		}
		if asked[number] {
			t.Errorf("page %d was requested twice", number)
		}
		asked[number] = true
	}
	// An empty page is requested after the last one. With Prefetch, there may be more.
	pages := (total+perPage-1)/perPage + 1
	if len(calls) < pages || options == nil && len(calls) > pages {
		t.Errorf("%d requests, want %d", len(calls), pages)
	}
}

// ofClient are the path variables that the client sets.
var ofClient = map[string]string{"user_id": "USER", "app_id": "APP"}

// checkPageRequest checks that a request has the variables of its path, its page, and
// nothing else. It returns the page number.
func checkPageRequest(got *dynamicpb.Message, r route, perPage int) (uint64, error) {
	want := dynamicpb.NewMessage(got.Descriptor())
	for i, name := range r.variables() {
		value, ok := ofClient[name]
		if !ok {
			value = "ID of " + name
		}
		if err := setString(want, r.fields()[i], value); err != nil {
			return 0, err
		}
	}
	from, to := protoreflect.Message(got), protoreflect.Message(want)
	if pagination := got.Descriptor().Fields().ByName("pagination"); pagination != nil {
		from, to = got.Get(pagination).Message(), want.Mutable(pagination).Message()
	}
	fields := to.Descriptor().Fields()
	number := from.Get(fields.ByName("page"))
	to.Set(fields.ByName("page"), number)
	to.Set(fields.ByName("per_page"), protoreflect.ValueOfUint32(uint32(perPage)))
	if !proto.Equal(got, want) {
		return number.Uint(), errors.New("the request must have exactly its path variables and its page")
	}
	return number.Uint(), nil
}
