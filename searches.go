package clarifai

import (
	"context"
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
	ID        string     // of this search
	HitCounts []HitCount // for each of the searches, with PostInputsSearchesRequest.OnlyCount
	Query     *Query     // of the request, as the API read it; nil where it is not repeated
	Searches  []Search   // of the request, as the API read them; empty where they are not repeated
}

// HitCount is how many hits a search has on all its pages.
type HitCount struct {
	EstimatedTotal uint64 `json:"estimated_total"`
}

// PostAnnotationsSearchesRequest searches annotations.
type PostAnnotationsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more; see NewSearch
	PageParams `json:"pagination,omitzero"`
}

func (r *PostAnnotationsSearchesRequest) validate() error { return checkSearches(r.Searches) }

// PostAnnotationsSearches searches the annotations of the app, and returns a page
// of hits. See [Endpoint.List] for limits and errors. A hit is an annotation with
// its input. Past the account's limit on pages the error is an [ErrResultWindow].
//
// https://docs.clarifai.com/api-guide/search/filter
func (c *Client) PostAnnotationsSearches(ctx context.Context, req *PostAnnotationsSearchesRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostAnnotationsSearchesRequest{} // the call below rejects the empty search
	}
	return c.searchPage(ctx, postAnnotationsSearches, req)
}

// PostAnnotationsSearchesAll returns an iterator over the hits of a search of
// annotations; see [Endpoint.All]. Past the account's limit on pages it ends with
// an [ErrResultWindow], after all hits before the limit.
func (c *Client) PostAnnotationsSearchesAll(ctx context.Context, req *PostAnnotationsSearchesRequest, opts ...IterOption) iter.Seq2[*Hit, error] {
	return postAnnotationsSearches.All(ctx, c, req, opts...)
}

// PostInputsSearchesRequest searches inputs.
type PostInputsSearchesRequest struct {
	Searches   []Search `json:"searches"` // one or more; see NewSearch
	PageParams `json:"pagination,omitzero"`
	OnlyCount  bool `json:"only_count,omitzero"` // no hits, but SearchPage.HitCounts
}

func (r *PostInputsSearchesRequest) validate() error { return checkSearches(r.Searches) }

// PostInputsSearches searches the inputs of the app, and returns a page of hits,
// or their number with OnlyCount. A hit is an input. Otherwise it is as
// [Client.PostAnnotationsSearches].
func (c *Client) PostInputsSearches(ctx context.Context, req *PostInputsSearchesRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostInputsSearchesRequest{} // the call below rejects the empty search
	}
	return c.searchPage(ctx, postInputsSearches, req)
}

// PostInputsSearchesAll iterates over the hits of a search of inputs, as
// [Client.PostAnnotationsSearchesAll] does. With OnlyCount there are none.
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

// GetSearch returns a saved search. The error for one that does not exist is an
// [ErrNotFound].
func (c *Client) GetSearch(ctx context.Context, searchID string) (*Search, error) {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return nil, err
	}
	return getOne[Search](ctx, c, path, "search", nil)
}

// DeleteSearch deletes a saved search. Its errors are [*ArgumentError] and [*Error].
func (c *Client) DeleteSearch(ctx context.Context, searchID string) error {
	path, err := fillPath(searchPath, "id", searchID)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, operation{method: http.MethodDelete, path: path})
	return err
}

// PostSearchesByIDRequest runs a saved search.
type PostSearchesByIDRequest struct {
	ID         string `json:"-"` // of the saved search
	PageParams `json:"pagination,omitzero"`
}

// PostSearchesByID runs a saved search, and returns a page of hits, as
// [Client.PostAnnotationsSearches] does.
func (c *Client) PostSearchesByID(ctx context.Context, req *PostSearchesByIDRequest) (*SearchPage, error) {
	if req == nil {
		req = &PostSearchesByIDRequest{} // the call below rejects the empty ID
	}
	return c.searchPage(ctx, postSearchesByID.With("id", req.ID), req)
}

// PostSearchesByIDAll iterates over the hits of a saved search, as
// [Client.PostAnnotationsSearchesAll] does.
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
		return &ArgumentError{Argument: "searches", Value: searches, Reason: "must be 1 search or more; see NewSearch"}
	}
	for i, search := range searches {
		if search.err != nil {
			return search.err
		}
		if err := checkRange(fmt.Sprintf("searches[%d].min_value", i), search.MinValue, -math.MaxFloat32, math.MaxFloat32); err != nil {
			return err
		}
	}
	return nil
}

// Search is a query, and how it is to be carried out. [NewSearch] makes one.
type Search struct {
	Query         *Query      `json:"query,omitzero"`
	ID            string      `json:"id,omitzero"` // of the saved search, unique in the app
	ApplicationID string      `json:"application_id,omitzero"`
	Name          string      `json:"name,omitzero"`        // of the saved search, for people
	AsOf          *time.Time  `json:"as_of,omitzero"`       // search the annotations as they were then
	GitHash       string      `json:"git_hash,omitzero"`    // set by the API
	CreatedAt     *time.Time  `json:"created_at,omitzero"`  // set by the API
	ModifiedAt    *time.Time  `json:"modified_at,omitzero"` // set by the API
	Algorithm     string      `json:"algorithm,omitzero"`   // AlgorithmNearestNeighbor (the default), AlgorithmBruteForce or AlgorithmAvgConceptBruteForce
	Save          bool        `json:"save,omitzero"`        // keep this search under ID, and do not carry it out: a write, see RetryPolicy
	MinValue      float64     `json:"min_value,omitzero"`   // leave out hits with a lower score
	Visibility    *Visibility `json:"visibility,omitzero"`
	Metric        Metric      `json:"metric,omitzero"`

	err error // what is wrong with the parts, for the call to report
}

// writes reports whether a request that holds the search changes something.
func (s Search) writes() bool { return s.Save }

// The algorithms of a search.
const (
	AlgorithmNearestNeighbor      = "nearest_neighbor"
	AlgorithmBruteForce           = "brute_force"
	AlgorithmAvgConceptBruteForce = "avg_concept_brute_force"
)

// Metric is how the distance of two embeddings is measured.
type Metric string

// The metrics. The API takes the Euclidean distance when none is given; another
// one needs an Algorithm that is brute force.
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

// MarshalJSON encodes the API's number, or the name if its number is unknown.
func (m Metric) MarshalJSON() ([]byte, error) { return marshalEnum(m, metricNumbers) }

// Query selects and orders: what passes all filters, by the ranks.
type Query struct {
	Ands     []And    `json:"ands,omitzero"`     // of searches saved long ago; Filters and Ranks took their place
	Language string   `json:"language,omitzero"` // of the names of concepts, in place of the app's own
	Filters  []Filter `json:"filters,omitzero"`
	Ranks    []Rank   `json:"ranks,omitzero"`
}

// And is what queries were made of before filters and ranks.
type And struct {
	Input      *Input      `json:"input,omitzero"`
	Output     *Output     `json:"output,omitzero"`
	Negate     bool        `json:"negate,omitzero"`
	Annotation *Annotation `json:"annotation,omitzero"`
}

// Filter leaves out what does not match. Its Annotation, Input or time range is an
// example of what does.
type Filter struct {
	Negate               bool        `json:"negate,omitzero"` // leave out what matches instead
	Annotation           *Annotation `json:"annotation,omitzero"`
	Input                *Input      `json:"input,omitzero"`
	LastUpdatedTimeRange *TimeRange  `json:"last_updated_time_range,omitzero"`
}

// Rank orders by likeness to its Annotation.
type Rank struct {
	Negate     bool        `json:"negate,omitzero"` // the unlike first
	Annotation *Annotation `json:"annotation,omitzero"`
}

// TimeRange is a time from start to end, both included; either may be absent.
type TimeRange struct {
	StartTime *time.Time `json:"start_time,omitzero"`
	EndTime   *time.Time `json:"end_time,omitzero"`
}

// SearchPart adds a filter or a rank to a search, whose Query is not nil. Its error is
// reported by the call that the search is passed to. The parts of this package copy
// what they are passed.
type SearchPart func(*Search) error

// NewSearch makes a search of parts. What passes all filters is found, ordered by
// the ranks. An invalid part, such as a latitude of 91, is refused by the call that
// the search is passed to, before anything is sent.
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

// Not negates a part: a filter leaves out what matches, a rank puts the least similar
// first. The part is applied to an empty search, of which its filters and ranks are
// taken; any other changes that a custom part makes are discarded.
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
