package contract

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// pagesOf are the requests that test the paging of an operation. The page is added to
// the query, or replaces PAGE in the body.
var pagesOf = map[string]struct{ verb, target, body string }{
	"ListInputs":              {"GET", "/inputs", ""},
	"ListSearches":            {"GET", "/searches", ""},
	"PostInputsSearches":      {"POST", "/inputs/searches", `{"searches":[{}],"pagination":PAGE}`},
	"PostAnnotationsSearches": {"POST", "/annotations/searches", `{"searches":[{}],"pagination":PAGE}`},
	"PostSearchesByID":        {"POST", "/searches/s00000", `{"pagination":PAGE}`},
	"ListAnnotations":         {"GET", "/annotations", ""},
	"ListConcepts":            {"GET", "/concepts", ""},
	"PostConceptsSearches":    {"POST", "/concepts/searches", `{"pagination":PAGE}`},
	"ListDatasets":            {"GET", "/datasets", ""},
	"ListDatasetInputs":       {"GET", "/datasets/d/inputs", ""},
	"ListDatasetVersions":     {"GET", "/datasets/d/versions", ""},
	"ListModels":              {"GET", "/models", ""},
	"ListModelVersions":       {"GET", "/models/m/versions", ""},
	"ListWorkflows":           {"GET", "/workflows", ""},
	"ListApps":                {"GET", "/v2/users/USER/apps", ""},
}

// many has more items than the largest page.
var many = manyOf(2500)

// comparePages fails the test unless both return the same page, or both reject the
// request.
func comparePages(t *testing.T, p pair, operation, verb, target, body string) (ids []string, refused bool) {
	t.Helper()
	ofServer, want := send(t, p.server, verb, urlOf(target), body)
	ofApp, got := sendApp(t, p.app, verb, urlOf(target), body)
	if ofServer != http.StatusOK || ofApp != http.StatusOK {
		if ofServer != http.StatusBadRequest || ofApp != http.StatusBadRequest {
			t.Errorf("%s %s %s: the app: %d, the server: %d", verb, target, body, ofApp, ofServer)
		}
		return nil, true
	}
	ids = idsIn(t, operation, got)
	if server := idsIn(t, operation, want); !slices.Equal(ids, server) {
		t.Errorf("%s %s %s: the app returns %d results %.50q, the server %d %.50q", verb, target, body, len(ids), ids, len(server), server)
	}
	return ids, false
}

func TestAppPagesAsTheAPIDoes(t *testing.T) {
	p := pairOf(t, many)
	pages := []string{"", "0", "2", "3", "2500", "4294967"}
	for operation, request := range pagesOf {
		refused := 0
		for _, page := range pages {
			for _, perPage := range []string{"", "0", "1", "550", "1000", "1001"} {
				query, pagination := url.Values{}, make(map[string]json.Number)
				for name, value := range map[string]string{"page": page, "per_page": perPage} {
					if value != "" {
						query.Set(name, value)
						pagination[name] = json.Number(value)
					}
				}
				target, body := request.target, request.body
				if body == "" {
					target += "?" + query.Encode()
				} else {
					encoded, _ := json.Marshal(pagination)
					body = strings.Replace(body, "PAGE", string(encoded), 1)
				}
				if _, ok := comparePages(t, p, operation, request.verb, target, body); ok {
					refused++
				}
			}
		}
		if refused != len(pages) {
			t.Errorf("%s: %d pages were rejected, want those with 1001 results", operation, refused)
		}
	}
}

// Streams in every order are read to the end.
func TestAppStreamsAsTheAPIDoes(t *testing.T) {
	p := pairOf(t, many)
	for _, order := range []string{"", "&order_by_id=true", "&descending=true", "&order_by_id=true&descending=true"} {
		for _, perPage := range []string{"", "0", "1", "20", "1000", "1001"} {
			last, received := "", 0
			for range 4 { // enough to reach the end
				target := "/inputs/stream?last_id=" + last + order
				if perPage != "" {
					target += "&per_page=" + perPage
				}
				ids, refused := comparePages(t, p, "StreamInputs", "GET", target, "")
				if refused != (perPage == "1001") {
					t.Errorf("%s: rejected: %t", target, refused)
				}
				if len(ids) == 0 {
					break
				}
				last = ids[len(ids)-1]
				received += len(ids)
			}
			if perPage == "1000" && received != len(many.inputs) {
				t.Errorf("%s: %d inputs, want %d", order, received, len(many.inputs))
			}
		}
	}
}

// iterators are the methods that iterate over pages, as sequences of IDs.
var iterators = map[string]func(context.Context, *clarifai.Client, clarifai.PageParams, ...clarifai.IterOption) iter.Seq2[string, error]{
	"ListInputsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListInputsAll(ctx, &clarifai.ListInputsRequest{PageParams: params}, options...), func(i *clarifai.Input) string { return i.ID })
	},
	"StreamInputsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.StreamInputsAll(ctx, &clarifai.StreamInputsRequest{PerPage: params.PerPage}, options...), func(i *clarifai.Input) string { return i.ID })
	},
	"ListSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListSearchesAll(ctx, &clarifai.ListSearchesRequest{PageParams: params}, options...), func(s *clarifai.Search) string { return s.ID })
	},
	"PostInputsSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostInputsSearchesAll(ctx, &clarifai.PostInputsSearchesRequest{Searches: anySearch, PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Input.ID })
	},
	"PostAnnotationsSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostAnnotationsSearchesAll(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: anySearch, PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Annotation.ID })
	},
	"PostSearchesByIDAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostSearchesByIDAll(ctx, &clarifai.PostSearchesByIDRequest{ID: "s00000", PageParams: params}, options...),
			func(h *clarifai.Hit) string { return h.Annotation.ID })
	},
	"ListAnnotationsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListAnnotationsAll(ctx, &clarifai.ListAnnotationsRequest{PageParams: params}, options...), func(a *clarifai.Annotation) string { return a.ID })
	},
	"ListConceptsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListConceptsAll(ctx, &clarifai.ListConceptsRequest{PageParams: params}, options...), func(c *clarifai.Concept) string { return c.ID })
	},
	"PostConceptsSearchesAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.PostConceptsSearchesAll(ctx, &clarifai.PostConceptsSearchesRequest{PageParams: params}, options...), func(c *clarifai.Concept) string { return c.ID })
	},
	"ListDatasetsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListDatasetsAll(ctx, &clarifai.ListDatasetsRequest{PageParams: params}, options...), func(d *clarifai.Dataset) string { return d.ID })
	},
	"ListDatasetInputsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListDatasetInputsAll(ctx, &clarifai.ListDatasetInputsRequest{DatasetID: "d", PageParams: params}, options...),
			func(d *clarifai.DatasetInput) string { return d.Input.ID })
	},
	"ListDatasetVersionsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListDatasetVersionsAll(ctx, &clarifai.ListDatasetVersionsRequest{DatasetID: "d", PageParams: params}, options...),
			func(v *clarifai.DatasetVersion) string { return v.ID })
	},
	"ListModelsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListModelsAll(ctx, &clarifai.ListModelsRequest{PageParams: params}, options...), func(m *clarifai.Model) string { return m.ID })
	},
	"ListModelVersionsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListModelVersionsAll(ctx, &clarifai.ListModelVersionsRequest{ModelID: "m", PageParams: params}, options...),
			func(v *clarifai.ModelVersion) string { return v.ID })
	},
	"ListWorkflowsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListWorkflowsAll(ctx, &clarifai.ListWorkflowsRequest{PageParams: params}, options...), func(w *clarifai.Workflow) string { return w.ID })
	},
	"ListAppsAll": func(ctx context.Context, c *clarifai.Client, params clarifai.PageParams, options ...clarifai.IterOption) iter.Seq2[string, error] {
		return ids(c.ListAppsAll(ctx, &clarifai.ListAppsRequest{PageParams: params}, options...), func(a *clarifai.App) string { return a.ID })
	},
}

func ids[T any](items iter.Seq2[*T, error], id func(*T) string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range items {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(id(item), nil) {
				return
			}
		}
	}
}

func TestIteratorsReturnTheSameItemsFromAppAndServer(t *testing.T) {
	p := pairOf(t, many)
	ofApp, ofServer := p.clients(t)
	for method, iterate := range iterators {
		for _, test := range []struct {
			params  clarifai.PageParams
			options []clarifai.IterOption
			count   int
		}{
			{clarifai.PageParams{}, nil, 2500},
			{clarifai.PageParams{PerPage: 990}, nil, 2500},
			{clarifai.PageParams{PerPage: 128}, []clarifai.IterOption{clarifai.Prefetch(3)}, 2500},
			{clarifai.PageParams{PerPage: 20}, []clarifai.IterOption{clarifai.Limit(50)}, 50},
			{clarifai.PageParams{}, []clarifai.IterOption{clarifai.Limit(7)}, 7},
			{clarifai.PageParams{PerPage: 100}, []clarifai.IterOption{clarifai.Prefetch(8), clarifai.Limit(250)}, 250},
			{clarifai.PageParams{PerPage: 100}, []clarifai.IterOption{clarifai.Prefetch(2), clarifai.Limit(4000)}, 2500},
			{clarifai.PageParams{Page: 3, PerPage: 1000}, []clarifai.IterOption{clarifai.Prefetch(1)}, 500},
			{clarifai.PageParams{Page: 4, PerPage: 1000}, nil, 0},
		} {
			if method == "StreamInputsAll" && test.params.Page > 1 {
				continue // has no page numbers
			}
			var got [2][]string
			for i, client := range []*clarifai.Client{ofApp, ofServer} {
				for id, err := range iterate(t.Context(), client, test.params, test.options...) {
					if err != nil {
						t.Fatalf("%s %+v: %v", method, test.params, err)
					}
					got[i] = append(got[i], id)
				}
			}
			want := test.count
			if first := firstOf[strings.TrimSuffix(method, "All")]; first != "" && (want == 2500 || want == 500) {
				want++ // includes one item that is not part of the content
			}
			if !slices.Equal(got[0], got[1]) || len(got[0]) != want {
				t.Errorf("%s %+v: the app returns %d items, the server %d, want the same %d", method, test.params, len(got[0]), len(got[1]), want)
			}
		}
	}
}
