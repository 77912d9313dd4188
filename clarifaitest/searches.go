package clarifaitest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/clarifai-go/clarifai"
)

// pagination is the page that a body asks for. The numbers may be in quotes.
type pagination struct {
	Page    json.Number `json:"page"`
	PerPage json.Number `json:"per_page"`
}

// UnmarshalJSON leaves it to pageOf to refuse what is no number.
func (p *pagination) UnmarshalJSON(b []byte) error {
	type plain pagination
	if err := json.Unmarshal(b, (*plain)(p)); err != nil {
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
	return a.search(c, body.Searches, body.Pagination, false, (*App).annotationHits)
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
	return a.search(c, body.Searches, body.Pagination, body.OnlyCount, (*App).inputHits)
}

// hit is a result of a search, without what it says of its input.
type hit struct {
	score      float64
	input      *input
	inputID    string // where the app has no such input
	annotation *annotation
}

// search answers a search: what each of the searches finds, each result once.
func (a *App) search(c *call, searches []clarifai.Search, asked pagination, onlyCount bool, hits func(*App, *clarifai.Search) []hit) (fields, error) {
	page, err := pageOf(asked.Page.String(), asked.PerPage.String(), clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	if len(searches) == 0 {
		return nil, refuse(clarifai.StatusSearchInvalidRequest, "there are no searches")
	}
	for i := range searches {
		if err := a.checkSearch(&searches[i]); err != nil {
			return nil, err
		}
	}
	if a.window > 0 && page.Page*page.PerPage > a.window {
		return nil, refuse(clarifai.StatusConnInvalidRequest, "page * perPage cannot exceed %d", a.window)
	}
	a.serial++
	answer := fields{"id": fmt.Sprintf("%032x", a.serial), "searches": searches}
	if len(searches) == 1 {
		answer["query"] = searches[0].Query
	}
	var all []hit
	var counts []clarifai.HitCount
	type key struct{ inputID, annotationID string }
	found := make(map[key]bool)
	for i := range searches {
		ofOne := hits(a, &searches[i])
		counts = append(counts, clarifai.HitCount{EstimatedTotal: uint64(len(ofOne))})
		if len(searches) == 1 {
			all = ofOne
			break
		}
		for _, h := range ofOne {
			k := key{inputID: h.inputID}
			if h.annotation != nil {
				k.annotationID = h.annotation.ID
			}
			if !found[k] {
				found[k] = true
				all = append(all, h)
			}
		}
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

// annotationHits gives the annotations that a search finds.
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

// inputHits gives the inputs that a search finds.
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

// judge makes what decides whether a search finds something, of which these are
// the annotations and the input, and scores it. The input may be nil.
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

// ranked puts hits in the order of their scores where a search has ranks.
func ranked(s *clarifai.Search, hits []hit) []hit {
	if s.Query != nil && len(s.Query.Ranks) > 0 {
		slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(y.score, x.score) })
	}
	return hits
}
