package clarifaitest

import (
	"cmp"
	"slices"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json/jsontext"
)

// pagination is the page that a body requests.
type pagination struct {
	Page    pageNumber `json:"page"`
	PerPage pageNumber `json:"per_page"`
}

type pageNumber uint32

// readPageNumber decodes a page number. It rejects a malformed number with
// StatusConnInvalidRequest.
func readPageNumber(d *jsontext.Decoder, p *pageNumber) error {
	if err := readNumber(d, (*uint32)(p)); err != nil {
		return refuse(clarifai.StatusConnInvalidRequest, "pagination: %v", err)
	}
	return nil
}

type annotationsSearchesBody struct {
	Searches   []clarifai.Search `json:"searches"`
	Pagination pagination        `json:"pagination"`
}

func (a *App) postAnnotationsSearches(c *call) (fields, error) {
	var body annotationsSearchesBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	return a.search(c, body.Searches, body.Pagination, false, true)
}

type inputsSearchesBody struct {
	Searches   []clarifai.Search `json:"searches"`
	Pagination pagination        `json:"pagination"`
	OnlyCount  bool              `json:"only_count"`
}

func (a *App) postInputsSearches(c *call) (fields, error) {
	var body inputsSearchesBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	return a.search(c, body.Searches, body.Pagination, body.OnlyCount, false)
}

// hit is a result of a search.
type hit struct {
	score      float64
	input      *input
	inputID    string // of the hit, even if input is nil
	annotation *annotation
}

// search returns the hits of all searches, each hit once. Searches with Save are stored
// and return no hits.
func (a *App) search(c *call, searches []clarifai.Search, asked pagination, onlyCount, ofAnnotations bool) (fields, error) {
	page, err := pageOf(asked, clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	if len(searches) == 0 {
		return nil, refuse(clarifai.StatusSearchInvalidRequest, "searches must not be empty")
	}
	for i := range searches {
		if err := a.checkSearch(&searches[i]); err != nil {
			return nil, err
		}
	}
	if a.window > 0 && page.Page*page.PerPage > a.window {
		return nil, refuse(clarifai.StatusConnInvalidRequest, "page * perPage cannot exceed %d", a.window)
	}
	var all []hit
	counts := make([]clarifai.HitCount, len(searches))
	found := make(map[[2]string]bool) // by the IDs of the annotation and the input
	for i := range searches {
		s := &searches[i]
		if s.Save {
			*s = a.save(c, s, ofAnnotations)
			continue
		}
		hits := a.inputHits
		if ofAnnotations {
			hits = a.annotationHits
		}
		for _, h := range hits(s) {
			counts[i].EstimatedTotal++
			id := [2]string{"", h.inputID}
			if h.annotation != nil {
				id[0] = h.annotation.ID
			}
			if !found[id] {
				found[id] = true
				all = append(all, h)
			}
		}
	}
	answer := fields{"id": a.newID(), "searches": searches}
	if len(searches) == 1 {
		answer["query"] = searches[0].Query
	}
	if onlyCount {
		answer["hit_counts"] = counts
		return answer, nil
	}
	list := []fields{}
	for _, h := range cut(all, page) {
		list = append(list, h.encoded(c))
	}
	answer["hits"] = list
	return answer, nil
}

// savedSearch is immutable, so that responses can be encoded without the lock.
type savedSearch struct {
	clarifai.Search
	ofAnnotations bool
}

// save stores a search or replaces the existing one with the same ID.
func (a *App) save(c *call, s *clarifai.Search, ofAnnotations bool) clarifai.Search {
	saved := &savedSearch{*s, ofAnnotations}
	now := now()
	saved.Save = false
	saved.ID = cmp.Or(s.ID, a.newID())
	saved.ApplicationID = c.appID
	saved.CreatedAt, saved.ModifiedAt = &now, &now
	if i := a.savedAt(saved.ID); i >= 0 {
		saved.CreatedAt = a.searches[i].CreatedAt
		a.searches[i] = saved
	} else {
		a.searches = append(a.searches, saved)
	}
	return saved.Search
}

func (a *App) savedAt(id string) int {
	return slices.IndexFunc(a.searches, func(s *savedSearch) bool { return s.ID == id })
}

// saved returns the index of the search that the path names.
func (a *App) saved(c *call) (int, error) {
	i := a.savedAt(c.path["id"])
	if i < 0 {
		return 0, refuse(clarifai.StatusConnDoesNotExist, "search %q", c.path["id"])
	}
	return i, nil
}

func (a *App) listSearches(c *call) (fields, error) {
	page, err := c.page(clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	list := []clarifai.Search{}
	for _, s := range cut(a.searches, page) {
		list = append(list, s.Search)
	}
	return fields{"searches": list}, nil
}

func (a *App) getSearch(c *call) (fields, error) {
	i, err := a.saved(c)
	if err != nil {
		return nil, err
	}
	return fields{"search": a.searches[i].Search}, nil
}

func (a *App) deleteSearch(c *call) (fields, error) {
	i, err := a.saved(c)
	if err != nil {
		return nil, err
	}
	a.searches = slices.Delete(a.searches, i, i+1)
	return nil, nil
}

type searchesByIDBody struct {
	Pagination pagination `json:"pagination"`
}

func (a *App) postSearchesByID(c *call) (fields, error) {
	var body searchesByIDBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	i, err := a.saved(c)
	if err != nil {
		return nil, err
	}
	return a.search(c, []clarifai.Search{a.searches[i].Search}, body.Pagination, false, a.searches[i].ofAnnotations)
}

func (h hit) encoded(c *call) fields {
	f := fields{"score": h.score, "user_id": c.userID, "app_id": c.appID}
	if h.input != nil {
		f["input"] = h.input.json
	} else if h.inputID != "" {
		f["input"] = clarifai.Input{ID: h.inputID}
	}
	if h.annotation != nil {
		f["annotation"] = h.annotation.json
	}
	return f
}

// annotationHits returns the annotations that a search finds.
func (a *App) annotationHits(s *clarifai.Search) []hit {
	judge := a.judge(s)
	var hits []hit
	look := func(an *annotation) {
		of := a.inputByID[an.InputID]
		if score, ok := judge([]*annotation{an}, of); ok {
			hits = append(hits, hit{score, of, an.InputID, an})
		}
	}
	for _, in := range a.inputs {
		if in.labels || in.place && len(a.ofInput[in.ID]) == 0 {
			look(in.own)
		}
	}
	for _, an := range a.annotations {
		look(an)
	}
	return ranked(s, hits)
}

// inputHits returns the inputs that a search finds.
func (a *App) inputHits(s *clarifai.Search) []hit {
	judge := a.judge(s)
	var hits []hit
	for _, in := range a.inputs {
		of := append([]*annotation{in.own}, a.ofInput[in.ID]...)
		if score, ok := judge(of, in); ok {
			hits = append(hits, hit{score: score, input: in, inputID: in.ID})
		}
	}
	return ranked(s, hits)
}

// judge returns a function that computes the score of an annotation or an input and
// reports whether the search finds it. The function's parameters have the same meaning
// as in [passes]; in may be nil.
func (a *App) judge(s *clarifai.Search) func(annotations []*annotation, in *input) (score float64, found bool) {
	query := cmp.Or(s.Query, &clarifai.Query{})
	var scorers []scorer
	for i := range query.Ranks {
		scorers = append(scorers, a.scorerOf(&query.Ranks[i]))
	}
	return func(annotations []*annotation, in *input) (float64, bool) {
		if s.AsOf != nil {
			annotations = filter(annotations, func(an *annotation) bool { return !an.CreatedAt.After(*s.AsOf) })
			if len(annotations) == 0 {
				return 0, false
			}
		}
		for i := range query.Filters {
			if !passes(&query.Filters[i], annotations, in) {
				return 0, false
			}
		}
		score := 1.0
		if len(scorers) > 0 {
			score = mean(scorers, annotations, in)
		}
		return score, score >= s.MinValue
	}
}

// ranked sorts hits by score if the search has ranks.
func ranked(s *clarifai.Search, hits []hit) []hit {
	if s.Query != nil && len(s.Query.Ranks) > 0 {
		slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(y.score, x.score) })
	}
	return hits
}
