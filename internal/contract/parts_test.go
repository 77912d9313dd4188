package contract

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// part is a constructor of filters or ranks.
type part struct {
	documented clarifai.SearchPart                   // made with the arguments in its doc comment
	random     func(a arguments) clarifai.SearchPart // made with random arguments
}

// parts are all constructors of filters and ranks except Not, by name.
var parts = map[string]part{
	"FilterByConcept":                 {clarifai.FilterByConcept("people", true), ofIDAndBool(clarifai.FilterByConcept)},
	"FilterByConceptName":             {clarifai.FilterByConceptName("people", true), ofIDAndBool(clarifai.FilterByConceptName)},
	"FilterByMetadata":                {clarifai.FilterByMetadata(map[string]any{"camera": "front"}), ofObject(clarifai.FilterByMetadata)},
	"FilterByCluster":                 {clarifai.FilterByCluster("c1"), ofID(clarifai.FilterByCluster)},
	"FilterByAnnotationID":            {clarifai.FilterByAnnotationID("a1"), ofID(clarifai.FilterByAnnotationID)},
	"FilterByInputID":                 {clarifai.FilterByInputID("i1"), ofID(clarifai.FilterByInputID)},
	"FilterByModelVersionID":          {clarifai.FilterByModelVersionID("v1"), ofID(clarifai.FilterByModelVersionID)},
	"FilterByTaskID":                  {clarifai.FilterByTaskID("t1"), ofID(clarifai.FilterByTaskID)},
	"FilterByUserID":                  {clarifai.FilterByUserID("u1"), ofID(clarifai.FilterByUserID)},
	"FilterByWorkerModelVersionID":    {clarifai.FilterByWorkerModelVersionID("v1"), ofID(clarifai.FilterByWorkerModelVersionID)},
	"FilterByWorkerUserID":            {clarifai.FilterByWorkerUserID("u1"), ofID(clarifai.FilterByWorkerUserID)},
	"FilterByWorkerWorkflowVersionID": {clarifai.FilterByWorkerWorkflowVersionID("v1"), ofID(clarifai.FilterByWorkerWorkflowVersionID)},
	"FilterByAnnotationInfo":          {clarifai.FilterByAnnotationInfo(map[string]any{"batch": "7"}), ofObject(clarifai.FilterByAnnotationInfo)},
	"FilterByInputLevel":              {clarifai.FilterByInputLevel(), ofNothing(clarifai.FilterByInputLevel)},
	"FilterByAnnotationStatus":        {clarifai.FilterByAnnotationStatus(clarifai.StatusAnnotationSuccess), ofCode(clarifai.FilterByAnnotationStatus)},
	"FilterByTrusted":                 {clarifai.FilterByTrusted(), ofNothing(clarifai.FilterByTrusted)},
	"FilterByClassification":          {clarifai.FilterByClassification(), ofNothing(clarifai.FilterByClassification)},
	"FilterByFrame":                   {clarifai.FilterByFrame(), ofNothing(clarifai.FilterByFrame)},
	"FilterByTimeSegment":             {clarifai.FilterByTimeSegment(), ofNothing(clarifai.FilterByTimeSegment)},
	"FilterByBoundingBox":             {clarifai.FilterByBoundingBox(), ofNothing(clarifai.FilterByBoundingBox)},
	"FilterByMask":                    {clarifai.FilterByMask(), ofNothing(clarifai.FilterByMask)},
	"FilterByPoint":                   {clarifai.FilterByPoint(), ofNothing(clarifai.FilterByPoint)},
	"FilterByPolygon":                 {clarifai.FilterByPolygon(), ofNothing(clarifai.FilterByPolygon)},
	"FilterBySpan":                    {clarifai.FilterBySpan(), ofNothing(clarifai.FilterBySpan)},
	"FilterByTrackID":                 {clarifai.FilterByTrackID("t1"), ofID(clarifai.FilterByTrackID)},
	"FilterByTextAnnotation":          {clarifai.FilterByTextAnnotation(), ofNothing(clarifai.FilterByTextAnnotation)},
	"FilterByAudio":                   {clarifai.FilterByAudio(), ofNothing(clarifai.FilterByAudio)},
	"FilterByImage":                   {clarifai.FilterByImage(), ofNothing(clarifai.FilterByImage)},
	"FilterByText":                    {clarifai.FilterByText(), ofNothing(clarifai.FilterByText)},
	"FilterByVideo":                   {clarifai.FilterByVideo(), ofNothing(clarifai.FilterByVideo)},
	"FilterByInputStatus":             {clarifai.FilterByInputStatus(clarifai.StatusInputSuccess), ofCode(clarifai.FilterByInputStatus)},
	"FilterByGeo": {clarifai.FilterByGeo(52.5, 13.4, 10), func(a arguments) clarifai.SearchPart {
		return clarifai.FilterByGeo(a.within(-90, 90), a.within(-180, 180), a.within(0, math.MaxFloat32))
	}},
	"FilterByGeoBox": {clarifai.FilterByGeoBox(52, 13, 53, 14), func(a arguments) clarifai.SearchPart {
		return clarifai.FilterByGeoBox(a.within(-90, 90), a.within(-180, 180), a.within(-90, 90), a.within(-180, 180))
	}},
	"FilterByDataset":    {clarifai.FilterByDataset("d1", "d2"), ofIDs(clarifai.FilterByDataset)},
	"FilterByAnyConcept": {clarifai.FilterByAnyConcept("cat", "dog"), ofIDs(clarifai.FilterByAnyConcept)},
	"FilterByAnyInputType": {clarifai.FilterByAnyInputType(clarifai.InputTypeImage, clarifai.InputTypeVideo), func(a arguments) clarifai.SearchPart {
		types := []clarifai.InputType{clarifai.InputTypeAudio, clarifai.InputTypeImage, clarifai.InputTypeText, clarifai.InputTypeVideo}
		a.rand.Shuffle(len(types), func(i, j int) { types[i], types[j] = types[j], types[i] })
		return clarifai.FilterByAnyInputType(types[:1+a.rand.IntN(4)]...)
	}},
	"FilterByLastUpdated": {clarifai.FilterByLastUpdated(january, january.AddDate(0, 1, 0)), func(a arguments) clarifai.SearchPart {
		start, end := a.times()
		return clarifai.FilterByLastUpdated(start, end)
	}},
	"RankByConcept":        {clarifai.RankByConcept("people", true), ofIDAndBool(clarifai.RankByConcept)},
	"RankByConceptName":    {clarifai.RankByConceptName("people", true), ofIDAndBool(clarifai.RankByConceptName)},
	"RankByImageURL":       {clarifai.RankByImageURL("https://example.com/car.jpg"), ofID(clarifai.RankByImageURL)},
	"RankByText":           {clarifai.RankByText("a red car"), ofID(clarifai.RankByText)},
	"RankByInputID":        {clarifai.RankByInputID("i1"), ofID(clarifai.RankByInputID)},
	"RankByModelVersionID": {clarifai.RankByModelVersionID("v1"), ofID(clarifai.RankByModelVersionID)},
	"RankByEmbedding": {clarifai.RankByEmbedding([]float64{0.1, 0.2}), func(a arguments) clarifai.SearchPart {
		vector := make([]float64, 1+a.rand.IntN(8))
		for i := range vector {
			vector[i] = a.within(-math.MaxFloat32, math.MaxFloat32)
		}
		return clarifai.RankByEmbedding(vector)
	}},
	"RankByImageBytes": {clarifai.RankByImageBytes([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 0x10}), func(a arguments) clarifai.SearchPart {
		return clarifai.RankByImageBytes([]byte(a.id()))
	}},
}

var january = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// arguments returns random valid arguments for the parts.
type arguments struct{ *filler }

// id returns a non-empty string without control characters.
func (a arguments) id() string {
	for {
		if text := a.text(); text != "" && !strings.ContainsFunc(text, unicode.IsControl) {
			return text
		}
	}
}

// within returns a number from low to high, often one of the bounds.
func (a arguments) within(low, high float64) float64 {
	return pick(a.filler, low, high, math.SmallestNonzeroFloat64, low/2+high/2, low+(high/2-low/2)*a.rand.Float64())
}

// object returns a JSON object with at least one key.
func (a arguments) object() map[string]any {
	object := map[string]any{a.id(): a.value(0)}
	for a.chance(2) {
		object[a.text()] = a.value(0)
	}
	return object
}

func (a arguments) value(depth int) any {
	if depth < 3 && a.chance(4) {
		return []any{a.value(depth + 1), map[string]any{a.text(): a.value(depth + 1)}, []string{a.text()}}
	}
	return pick[any](a.filler, nil, true, a.text(), a.double(), a.rand.Int(), uint8(7), map[string]any{}, january)
}

// times returns the start and the end of a time range in random time zones. One of them
// may be zero; often they are at the bounds of what the API accepts.
func (a arguments) times() (start, end time.Time) {
	first := time.Date(1, time.January, 1, 0, 0, 0, 1, time.UTC)
	last := time.Date(9999, time.December, 31, 23, 59, 59, 999999999, time.UTC)
	start = pick(a.filler, first, january, time.Time{})
	end = pick(a.filler, last, january.Add(time.Duration(a.rand.Int32())))
	if !start.IsZero() && a.chance(3) {
		end = time.Time{}
	}
	zone := time.FixedZone("", (a.rand.IntN(47)-23)*1800)
	return start.In(zone), end.In(zone)
}

func ofNothing(construct func() clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(arguments) clarifai.SearchPart { return construct() }
}

func ofID(construct func(string) clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(a arguments) clarifai.SearchPart { return construct(a.id()) }
}

func ofIDs(construct func(...string) clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(a arguments) clarifai.SearchPart {
		ids := []string{a.id()}
		for a.chance(2) {
			ids = append(ids, a.id())
		}
		return construct(ids...)
	}
}

func ofIDAndBool(construct func(string, bool) clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(a arguments) clarifai.SearchPart { return construct(a.id(), a.chance(2)) }
}

func ofObject(construct func(map[string]any) clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(a arguments) clarifai.SearchPart { return construct(a.object()) }
}

func ofCode(construct func(clarifai.StatusCode) clarifai.SearchPart) func(arguments) clarifai.SearchPart {
	return func(a arguments) clarifai.SearchPart {
		return construct(clarifai.StatusCode(pick(a.filler, 1, math.MaxInt32, 1+a.rand.Int32N(99999))))
	}
}

// partDocs returns the doc comments of the functions that return a part, keyed by name.
func partDocs(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../filters.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	docs := make(map[string]string)
	for _, declared := range file.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Recv != nil || !function.Name.IsExported() || function.Type.Results == nil {
			continue
		}
		if result, ok := function.Type.Results.List[0].Type.(*ast.Ident); ok && result.Name == "SearchPart" {
			docs[function.Name.Name] = function.Doc.Text()
		}
	}
	return docs
}

func TestEveryPartIsTested(t *testing.T) {
	docs := partDocs(t)
	for name := range docs {
		if _, ok := parts[name]; !ok && name != "Not" {
			t.Errorf("%s is not in parts", name)
		}
	}
	for name := range parts {
		if _, ok := docs[name]; !ok {
			t.Errorf("%s is in parts, but does not exist", name)
		}
	}
}

// A part encodes to the JSON in its doc comment.
func TestEveryPartMatchesItsDocComment(t *testing.T) {
	for name, doc := range partDocs(t) {
		part, call := parts[name].documented, ""
		if name == "Not" {
			part, call = clarifai.Not(clarifai.FilterByInputID("a")), `Not(FilterByInputID("a")): `
		}
		search := clarifai.NewSearch(part)
		made := any(search.Query.Filters)
		if strings.HasPrefix(name, "RankBy") {
			made = search.Query.Ranks
		}
		encoded, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		want := "\t" + call + strings.Trim(string(encoded), "[]") + "\n"
		if !strings.HasSuffix(doc, "\n\n"+want) {
			t.Errorf("the comment of %s is\n%s\nwant it to end with\n%s", name, doc, want)
		}
	}
}

// made counts what parts add to a search.
type made struct {
	filters, ranks               int
	negatedFilters, negatedRanks int
}

// madeBy counts the parts of a received search.
func madeBy(search protoreflect.Message) made {
	var m made
	query := search.Get(search.Descriptor().Fields().ByName("query")).Message()
	for name, counts := range map[protoreflect.Name][2]*int{
		"filters": {&m.filters, &m.negatedFilters},
		"ranks":   {&m.ranks, &m.negatedRanks},
	} {
		list := query.Get(query.Descriptor().Fields().ByName(name)).List()
		*counts[0] = list.Len()
		for i := range list.Len() {
			item := list.Get(i).Message()
			if item.Get(item.Descriptor().Fields().ByName("negate")).Bool() {
				*counts[1]++
			}
		}
	}
	return m
}

// randomSearch returns a search with random parts.
func randomSearch(a arguments, names []string) (clarifai.Search, made) {
	var chosen []clarifai.SearchPart
	var m made
	for range a.rand.IntN(6) {
		name := pick(a.filler, names...)
		part := parts[name].random(a)
		negated := 0
		for a.chance(3) {
			part = clarifai.Not(part)
			negated = 1 - negated
		}
		if strings.HasPrefix(name, "RankBy") {
			m.ranks++
			m.negatedRanks += negated
		} else {
			m.filters++
			m.negatedFilters += negated
		}
		chosen = append(chosen, part)
	}
	return clarifai.NewSearch(chosen...), m
}

// The definition accepts every combination of parts.
func TestEveryPartIsAccepted(t *testing.T) {
	s := serve(t, nil)
	client := clientOf(t, s)
	a := arguments{newFiller(6, nil)}
	names := slices.Sorted(maps.Keys(parts))
	var sent [][]made
	for i := range 1000 {
		var searches []clarifai.Search
		var all []made
		for range 1 + a.rand.IntN(3) {
			search, m := randomSearch(a, names)
			searches = append(searches, search)
			all = append(all, m)
		}
		sent = append(sent, all)
		var err error
		if i%2 == 0 {
			_, err = client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{Searches: searches})
		} else {
			_, err = client.PostInputsSearches(t.Context(), &clarifai.PostInputsSearchesRequest{Searches: searches})
		}
		if err != nil {
			encoded, _ := json.Marshal(searches)
			t.Fatalf("%v\n%s", err, encoded)
		}
	}
	calls := s.received()
	if len(calls) != len(sent) {
		t.Fatalf("%d calls arrived, want %d", len(calls), len(sent))
	}
	for i, call := range calls {
		searches := call.request.Get(call.request.Descriptor().Fields().ByName("searches")).List()
		if searches.Len() != len(sent[i]) {
			t.Fatalf("%d searches arrived, want %d", searches.Len(), len(sent[i]))
		}
		for j, want := range sent[i] {
			if got := madeBy(searches.Get(j).Message()); got != want {
				t.Errorf("got %+v, want %+v in %s", got, want, protojson.Format(call.request))
			}
		}
	}
}

// Parts that the definition would reject are rejected before a request is sent.
func TestInvalidPartsAreRejectedBeforeSending(t *testing.T) {
	s := serve(t, nil)
	client := clientOf(t, s)
	for name, part := range map[string]clarifai.SearchPart{
		"a vector with NaN":              clarifai.RankByEmbedding([]float64{1, math.NaN()}),
		"a vector beyond 32 bits":        clarifai.RankByEmbedding([]float64{1e39}),
		"an infinite distance":           clarifai.FilterByGeo(0, 0, math.Inf(1)),
		"a distance beyond 32 bits":      clarifai.FilterByGeo(0, 0, 1e39),
		"metadata with NaN":              clarifai.FilterByMetadata(map[string]any{"a": math.NaN()}),
		"annotation info with a channel": clarifai.FilterByAnnotationInfo(map[string]any{"a": make(chan int)}),
		"a negative code":                clarifai.FilterByInputStatus(math.MinInt32),
		"the year 0":                     clarifai.FilterByLastUpdated(january.AddDate(-2026, 0, 0), january),
		"the year 10000":                 clarifai.FilterByLastUpdated(january, january.AddDate(7974, 0, 0)),
		"the year 10000 in UTC only": clarifai.FilterByLastUpdated(january,
			time.Date(9999, time.December, 31, 23, 0, 0, 0, time.FixedZone("", -3600))),
	} {
		_, err := client.PostAnnotationsSearches(t.Context(), &clarifai.PostAnnotationsSearchesRequest{
			Searches: []clarifai.Search{clarifai.NewSearch(part)},
		})
		if !errors.Is(err, clarifai.ErrInvalidArgument) {
			t.Errorf("%s: got %v, want an argument error", name, err)
		}
	}
	if calls := s.received(); len(calls) != 0 {
		t.Errorf("%d calls arrived, want none", len(calls))
	}
}
