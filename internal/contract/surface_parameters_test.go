package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// orders are the values of SortBy.
var orders = []clarifai.SortBy{
	clarifai.SortByCreatedAt, clarifai.SortByModifiedAt, clarifai.SortByID, clarifai.SortByName, clarifai.SortByDescription,
	clarifai.SortByStarCount, clarifai.SortByNumInputs, clarifai.SortByStatusCode, clarifai.SortByRelevance,
}

// sorted maps operations that sort to functions that call them. Sorting by relevance
// needs a search.
var sorted = map[string]func(context.Context, *clarifai.Client, clarifai.SortBy, string) error{
	"ListDatasets": func(ctx context.Context, c *clarifai.Client, by clarifai.SortBy, search string) error {
		return failure(c.ListDatasets(ctx, &clarifai.ListDatasetsRequest{SortBy: by, Search: search}))
	},
	"ListModels": func(ctx context.Context, c *clarifai.Client, by clarifai.SortBy, search string) error {
		return failure(c.ListModels(ctx, &clarifai.ListModelsRequest{SortBy: by, Search: search}))
	},
	"ListModelVersions": func(ctx context.Context, c *clarifai.Client, by clarifai.SortBy, _ string) error {
		return failure(c.ListModelVersions(ctx, &clarifai.ListModelVersionsRequest{ModelID: "m", SortBy: by}))
	},
	"ListWorkflows": func(ctx context.Context, c *clarifai.Client, by clarifai.SortBy, search string) error {
		return failure(c.ListWorkflows(ctx, &clarifai.ListWorkflowsRequest{SortBy: by, Search: search}))
	},
	"ListApps": func(ctx context.Context, c *clarifai.Client, by clarifai.SortBy, search string) error {
		return failure(c.ListApps(ctx, &clarifai.ListAppsRequest{SortBy: by, Search: search}))
	},
}

// A list can be sorted by exactly the fields that the definition allows.
func TestEverySortOrderIsSent(t *testing.T) {
	s := serve(t, nil)
	client := clientOf(t, s)
	for operation, call := range sorted {
		oneof := endpointOf(t, operation).method.Input().Oneofs().ByName("sort_by")
		for _, by := range orders {
			search := ""
			if by == clarifai.SortByRelevance {
				search = "cars"
			}
			before := len(s.received())
			err := call(t.Context(), client, by, search)
			calls := s.received()[before:]
			field := oneof.Fields().ByName(protoreflect.Name("sort_by_" + by))
			if field == nil {
				if !errors.Is(err, clarifai.ErrInvalidArgument) || len(calls) != 0 {
					t.Errorf("%s by %s: got %v and %d requests, want an error and no request", operation, by, err, len(calls))
				}
				continue
			}
			if err != nil || len(calls) != 1 || calls[0].request.WhichOneof(oneof) != field || !calls[0].request.Get(field).Bool() {
				t.Errorf("%s by %s: got %v, %v", operation, by, calls, err)
			}
		}
		for i := range oneof.Fields().Len() {
			name := string(oneof.Fields().Get(i).Name())
			if known := strings.TrimPrefix(name, "sort_by_"); !slices.Contains(orders, clarifai.SortBy(known)) {
				t.Errorf("%s has %s, but SortBy has no constant for it", operation, name)
			}
		}
		if err := call(t.Context(), client, clarifai.SortByRelevance, ""); !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%s by relevance without a search: got %v, want an error", operation, err)
		}
	}
}

// Every enumeration name in the definition can be sent in a query.
func TestEveryEnumerationNameIsSentInAQuery(t *testing.T) {
	s := serve(t, nil)
	client := clientOf(t, s)
	for _, test := range []struct {
		operation, field string
		call             func(ctx context.Context, name string) error
	}{
		{"ListInputs", "status.code", func(ctx context.Context, name string) error {
			var code clarifai.StatusCode
			if err := code.UnmarshalJSON([]byte(`"` + name + `"`)); err != nil {
				return err
			}
			return failure(client.ListInputs(ctx, &clarifai.ListInputsRequest{StatusCode: code}))
		}},
		{"ListModels", "license_type", func(ctx context.Context, name string) error {
			return failure(client.ListModels(ctx, &clarifai.ListModelsRequest{LicenseType: clarifai.LicenseType(name)}))
		}},
		{"ListModels", "visibility.gettable", func(ctx context.Context, name string) error {
			return failure(client.ListModels(ctx, &clarifai.ListModelsRequest{Visibility: clarifai.Gettable(name)}))
		}},
		{"ListWorkflows", "visibility.gettable", func(ctx context.Context, name string) error {
			return failure(client.ListWorkflows(ctx, &clarifai.ListWorkflowsRequest{Visibility: clarifai.Gettable(name)}))
		}},
		{"ListApps", "visibility.gettable", func(ctx context.Context, name string) error {
			return failure(client.ListApps(ctx, &clarifai.ListAppsRequest{Visibility: clarifai.Gettable(name)}))
		}},
		{"ListDatasetVersions", "request_origins", func(ctx context.Context, name string) error {
			return failure(client.ListDatasetVersions(ctx, &clarifai.ListDatasetVersionsRequest{
				DatasetID: "d", RequestOrigins: []clarifai.DatasetVersionRequestOrigin{clarifai.DatasetVersionRequestOrigin(name)},
			}))
		}},
	} {
		path := strings.Split(test.field, ".")
		values := enumAt(endpointOf(t, test.operation).method.Input(), path).Values()
		for i := range values.Len() {
			want := values.Get(i)
			if want.Number() == 0 {
				continue // means not set
			}
			if err := test.call(t.Context(), string(want.Name())); err != nil {
				t.Errorf("%s: %s=%s: %v", test.operation, test.field, want.Name(), err)
				continue
			}
			calls := s.received()
			if got := enumIn(calls[len(calls)-1].request, path); got != want.Number() {
				t.Errorf("%s: %s=%s arrived as %d, want %d", test.operation, test.field, want.Name(), got, want.Number())
			}
		}
	}
}

// enumAt returns the enumeration type of the field at a path.
func enumAt(message protoreflect.MessageDescriptor, path []string) protoreflect.EnumDescriptor {
	field := message.Fields().ByName(protoreflect.Name(path[0]))
	if len(path) > 1 {
		return enumAt(field.Message(), path[1:])
	}
	return field.Enum()
}

// enumIn returns the enumeration value at a path, or the first one of a list.
func enumIn(message protoreflect.Message, path []string) protoreflect.EnumNumber {
	field := message.Descriptor().Fields().ByName(protoreflect.Name(path[0]))
	value := message.Get(field)
	switch {
	case len(path) > 1:
		return enumIn(value.Message(), path[1:])
	case field.IsList():
		return value.List().Get(0).Enum()
	}
	return value.Enum()
}
