package clarifai

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"time"
)

const searchPath = appPath + "/searches/{id}"

var (
	postAnnotationsSearches = Endpoint[Hit]{Operation: "PostAnnotationsSearches"}
	postInputsSearches      = Endpoint[Hit]{Operation: "PostInputsSearches"}
	postSearchesByID        = Endpoint[Hit]{Operation: "PostSearchesByID"}
	listSearches            = Endpoint[Search]{Operation: "ListSearches"}
)

// SearchPage is a page of the hits of a search.
type SearchPage struct {
	Page[Hit]
	ID        string     // ID of the search
	HitCounts []HitCount // one per search; set only with PostInputsSearchesRequest.OnlyCount
	Query     *Query     // query of the request as understood by the API; may be nil
	Searches  []Search   // searches of the request as understood by the API; may be empty
}

// HitCount is the estimated total number of hits of a search.
type HitCount struct {
	EstimatedTotal uint64 `json:"estimated_total"`
}

// PostAnnotationsSearchesRequest searches annotations.
type PostAnnotationsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more searches; see NewSearch
	PageParams `json:"pagination,omitzero"`
}

func (r *PostAnnotationsSearchesRequest) validate() error { return checkSearches(r.Searches) }

// PostAnnotationsSearches searches the annotations of the app and returns a page of
// hits. See [Endpoint.List] for limits and errors. A hit is an annotation and its
// input. If the page is past the result limit of the account, the error matches
// [ErrResultWindow].
//
// https://docs.clarifai.com/api-guide/search/filter
func (c *Client) PostAnnotationsSearches(ctx context.Context, req *PostAnnotationsSearchesRequest) (*SearchPage, error) {
	return c.searchPage(ctx, postAnnotationsSearches, req)
}

// PostAnnotationsSearchesAll returns an iterator over the hits of an annotation
// search; see [Endpoint.All]. If the search exceeds the account's limit on results, the
// iterator yields all hits within the limit and then an error that matches
// [ErrResultWindow].
func (c *Client) PostAnnotationsSearchesAll(ctx context.Context, req *PostAnnotationsSearchesRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return postAnnotationsSearches.All(ctx, c, req, opts...)
}

// PostInputsSearchesRequest searches inputs.
type PostInputsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more searches; see NewSearch
	PageParams `json:"pagination,omitzero"`
	OnlyCount  bool `json:"only_count,omitzero"` // return SearchPage.HitCounts instead of hits
}

func (r *PostInputsSearchesRequest) validate() error { return checkSearches(r.Searches) }

// PostInputsSearches searches the inputs of the app and returns a page of hits, or
// the number of hits if OnlyCount is set. A hit is an input. In all other respects,
// PostInputsSearches is like [Client.PostAnnotationsSearches].
func (c *Client) PostInputsSearches(ctx context.Context, req *PostInputsSearchesRequest) (*SearchPage, error) {
	return c.searchPage(ctx, postInputsSearches, req)
}

// PostInputsSearchesAll returns an iterator over the hits of an input search; see
// [Client.PostAnnotationsSearchesAll]. It yields no hits if OnlyCount is set.
func (c *Client) PostInputsSearchesAll(ctx context.Context, req *PostInputsSearchesRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return postInputsSearches.All(ctx, c, req, opts...)
}

// ListSearchesRequest selects saved searches.
type ListSearchesRequest struct {
	PageParams
}

// ListSearches returns a page of the saved searches of the app. See [Endpoint.List]
// for limits and errors. The request may be nil.
func (c *Client) ListSearches(ctx context.Context, req *ListSearchesRequest) (*Page[Search], error) {
	return listSearches.List(ctx, c, req)
}

// ListSearchesAll returns an iterator over the saved searches of the app; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListSearchesAll(ctx context.Context, req *ListSearchesRequest, opts ...IterOption) iter.Seq2[*Search, error] {
	return listSearches.All(ctx, c, req, opts...)
}

// GetSearch returns a saved search. If it does not exist, the error matches
// [ErrNotFound].
func (c *Client) GetSearch(ctx context.Context, searchID string) (*Search, error) {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return nil, err
	}
	return getOne[Search](ctx, c, path, "search", nil)
}

// DeleteSearch deletes a saved search. Any error is an [*ArgumentError] or an
// [*Error].
func (c *Client) DeleteSearch(ctx context.Context, searchID string) error {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, operation{method: http.MethodDelete, path: path})
	return err
}

// PostSearchesByIDRequest selects a saved search and a page of its hits.
type PostSearchesByIDRequest struct {
	ID         string `json:"-"` // ID of the saved search
	PageParams `json:"pagination,omitzero"`
}

// PostSearchesByID runs a saved search and returns a page of hits, like
// [Client.PostAnnotationsSearches].
func (c *Client) PostSearchesByID(ctx context.Context, req *PostSearchesByIDRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostSearchesByIDRequest{} // the call below rejects the empty ID
	}
	return c.searchPage(ctx, postSearchesByID.With("id", req.ID), req)
}

// PostSearchesByIDAll returns an iterator over the hits of a saved search; see
// [Client.PostAnnotationsSearchesAll].
func (c *Client) PostSearchesByIDAll(ctx context.Context, req *PostSearchesByIDRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return items(Pages(ctx, c.PostSearchesByID, req, opts...))
}

func (c *Client) searchPage(ctx context.Context, e Endpoint[Hit], req PageRequest) (*SearchPage, error) {
	var page SearchPage
	hits, err := e.list(ctx, c, req,
		&field{name: "id", into: &page.ID}, &field{name: "hit_counts", into: &page.HitCounts, quoted: true},
		&field{name: "query", into: &page.Query}, &field{name: "searches", into: &page.Searches})
	if hits == nil {
		return nil, err
	}
	page.Page = *hits
	return &page, err
}

func checkSearches(searches []Search) error {
	if len(searches) == 0 {
		return &ArgumentError{Argument: "searches", Value: searches, Reason: "must not be empty; see NewSearch"}
	}
	for i, search := range searches {
		if errors.Is(search.err, ErrInvalidArgument) {
			return search.err
		}
		if search.err != nil { // the error of a custom part
			return &joined{ErrInvalidArgument, search.err}
		}
		if err := checkRange(fmt.Sprintf("searches[%d].min_value", i), search.MinValue, -math.MaxFloat32, math.MaxFloat32); err != nil {
			return err
		}
	}
	return nil
}

// Search is a query and its options. Use [NewSearch] to create one.
type Search struct {
	Query         *Query      `json:"query,omitzero"`
	ID            string      `json:"id,omitzero"` // ID of the saved search, unique within the app
	ApplicationID string      `json:"application_id,omitzero"`
	Name          string      `json:"name,omitzero"`         // display name of the saved search
	AsOf          *time.Time  `json:"as_of,omitempty"`       // search the annotations as they were at this time
	GitHash       string      `json:"git_hash,omitzero"`     // set by the API
	CreatedAt     *time.Time  `json:"created_at,omitempty"`  // set by the API
	ModifiedAt    *time.Time  `json:"modified_at,omitempty"` // set by the API
	Algorithm     string      `json:"algorithm,omitzero"`    // AlgorithmNearestNeighbor (the default), AlgorithmBruteForce or AlgorithmAvgConceptBruteForce
	Save          bool        `json:"save,omitzero"`         // save the search under ID instead of running it; this is a write, see RetryPolicy
	MinValue      float64     `json:"min_value,omitzero"`    // minimum score of hits
	Visibility    *Visibility `json:"visibility,omitzero"`
	Metric        Metric      `json:"metric,omitzero"`

	err error // error of an invalid part, returned by the call
}

// writes reports whether a request with this search is a write.
func (s Search) writes() bool { return s.Save }

// The algorithms of a search.
const (
	AlgorithmNearestNeighbor      = "nearest_neighbor"
	AlgorithmBruteForce           = "brute_force"
	AlgorithmAvgConceptBruteForce = "avg_concept_brute_force"
)

// Metric is the measure of the distance between embeddings.
type Metric string

// The metrics. The API defaults to the Euclidean distance. Other metrics require a
// brute force Algorithm.
const (
	MetricEuclideanDistance Metric = "EUCLIDEAN_DISTANCE"
	MetricCosineDistance    Metric = "COSINE_DISTANCE"
)

var metricNumbers = map[Metric]int32{
	MetricEuclideanDistance: 1,
	MetricCosineDistance:    2,
}

// UnmarshalJSON decodes a number or a name.
func (m *Metric) UnmarshalJSON(b []byte) error { return unmarshalEnum(m, b, metricNumbers) }

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (m Metric) MarshalJSON() ([]byte, error) { return marshalEnum(m, metricNumbers) }

// Query selects the results that match all filters and sorts them by the ranks.
type Query struct {
	Ands     []And    `json:"ands,omitzero"`     // set in old saved searches; superseded by Filters and Ranks
	Language string   `json:"language,omitzero"` // language of concept names; the default is the app's language
	Filters  []Filter `json:"filters,omitzero"`
	Ranks    []Rank   `json:"ranks,omitzero"`
}

// And is an element of an old query, created before filters and ranks were introduced.
type And struct {
	Input      *Input      `json:"input,omitzero"`
	Output     *Output     `json:"output,omitzero"`
	Negate     bool        `json:"negate,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"`
}

// Filter selects the results that match its Annotation, Input or time range.
type Filter struct {
	Negate               bool        `json:"negate,omitzero"` // exclude matching results
	Annotation           *Annotation `json:"annotation,omitzero"`
	Input                *Input      `json:"input,omitzero"`
	LastUpdatedTimeRange *TimeRange  `json:"last_updated_time_range,omitzero"`
}

// Rank sorts results by similarity to its Annotation, most similar first.
type Rank struct {
	Negate     bool        `json:"negate,omitzero"` // least similar first
	Annotation *Annotation `json:"annotation,omitzero"`
}

// TimeRange is a range of time that includes StartTime and EndTime. Either may be
// nil.
type TimeRange struct {
	StartTime *time.Time `json:"start_time,omitempty"`
	EndTime   *time.Time `json:"end_time,omitempty"`
}

// SearchPart is a function that adds a filter or a rank to a search. Its Search argument
// has a non-nil Query. If the part returns an error, the call that runs the search
// returns that error. The parts in this package copy their arguments.
type SearchPart func(*Search) error

// NewSearch returns a search with the given parts. It finds the results that match
// all filters and sorts them by the ranks. If a part is invalid, such as a latitude
// of 91, the call that runs the search returns an error without sending a request.
//
//	clarifai.NewSearch(
//		clarifai.FilterByConcept("people", true),
//		clarifai.Not(clarifai.FilterByDataset("train")),
//		clarifai.RankByText("a red car"),
//	)
func NewSearch(parts ...SearchPart) Search {
	search := Search{Query: &Query{}}
	for _, part := range parts {
		if err := part.apply(&search); err != nil && search.err == nil {
			search.err = err
		}
	}
	return search
}

func (s *Search) query() *Query {
	if s.Query == nil {
		s.Query = &Query{}
	}
	return s.Query
}

func (part SearchPart) apply(s *Search) error {
	if part == nil {
		return &ArgumentError{Argument: "SearchPart", Reason: "must not be nil"}
	}
	return part(s)
}

// Not negates a part. A negated filter excludes matching results, and a negated
// rank sorts the least similar results first. Not uses only the filters and
// ranks that the part adds to an empty search. Any other changes made by a custom
// part are discarded.
//
//	Not(FilterByInputID("a")): {"negate":true,"annotation":{"input_id":"a"}}
func Not(part SearchPart) SearchPart {
	return func(s *Search) error {
		added := Search{Query: &Query{}}
		if err := part.apply(&added); err != nil {
			return err
		}
		for _, filter := range added.query().Filters {
			filter.Negate = !filter.Negate
			s.query().Filters = append(s.query().Filters, filter)
		}
		for _, rank := range added.query().Ranks {
			rank.Negate = !rank.Negate
			s.query().Ranks = append(s.query().Ranks, rank)
		}
		return nil
	}
}
