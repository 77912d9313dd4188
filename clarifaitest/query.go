package clarifaitest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"hash/fnv"
	"iter"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/clarifai-go/clarifai"
)

// What the API lists as supported in a filter and in a rank. Of metadata and
// annotation_info, anything is.
var (
	filterFields = strings.Fields(`
		negate annotation annotation.id annotation.input_id annotation.model_version_id annotation.task_id annotation.user_id
		annotation.worker.model.model_version.id annotation.worker.user.id annotation.worker.workflow.version.id
		annotation.annotation_info annotation.input_level annotation.status.code annotation.trusted
		annotation.data annotation.data.frames.frame_info annotation.data.time_segments.time_info
		annotation.data.regions.region_info.bounding_box annotation.data.regions.region_info.mask
		annotation.data.regions.region_info.point annotation.data.regions.region_info.polygon
		annotation.data.regions.region_info.span annotation.data.regions.track_id
		annotation.data.clusters.id annotation.data.concepts.id annotation.data.concepts.name annotation.data.concepts.value
		annotation.data.geo.geo_box.geo_point.latitude annotation.data.geo.geo_box.geo_point.longitude
		annotation.data.geo.geo_limit.type annotation.data.geo.geo_limit.value
		annotation.data.geo.geo_point.latitude annotation.data.geo.geo_point.longitude
		annotation.data.metadata annotation.data.text
		input input.data input.data.audio input.data.image input.data.text input.data.video input.dataset_ids input.status.code
		last_updated_time_range last_updated_time_range.start_time last_updated_time_range.end_time`)
	rankFields = strings.Fields(`
		negate annotation annotation.data annotation.data.concepts.id annotation.data.concepts.name annotation.data.concepts.value
		annotation.data.embeddings.num_dimensions annotation.data.embeddings.vector
		annotation.data.image.base64 annotation.data.image.url annotation.data.text.raw
		annotation.input_id annotation.model_version_id`)
)

// checkSearch refuses a search that the app cannot decide.
func (a *App) checkSearch(s *clarifai.Search) error {
	if s.Query == nil {
		return nil
	}
	if len(s.Query.Ands) > 0 {
		return refuse(clarifai.StatusSearchInvalidRequest, "ands are of legacy searches: use filters and ranks")
	}
	for _, f := range s.Query.Filters {
		if name := unsupported(f, filterFields); name != "" {
			return refuse(clarifai.StatusSearchInvalidRequest, "%s is not supported in a filter", name)
		}
		if f.Annotation == nil || f.Annotation.Data == nil || f.Annotation.Data.Geo == nil {
			continue
		}
		geo := f.Annotation.Data.Geo
		corners := filter(geo.GeoBox, func(corner clarifai.GeoBoxedPoint) bool { return corner.GeoPoint != nil })
		around := geo.GeoPoint != nil && geo.GeoLimit != nil && kilometers[geo.GeoLimit.Type] != 0
		if !around && (len(corners) != 2 || len(geo.GeoBox) != 2 || geo.GeoPoint != nil || geo.GeoLimit != nil) {
			return refuse(clarifai.StatusSearchInvalidRequest, "geo needs a geo_point with a geo_limit within kilometers, miles, degrees or radians, or a geo_box of two points")
		}
	}
	for _, rank := range s.Query.Ranks {
		if name := unsupported(rank, rankFields); name != "" {
			return refuse(clarifai.StatusSearchInvalidRequest, "%s is not supported in a rank", name)
		}
		if rank.Annotation == nil {
			return refuse(clarifai.StatusSearchInvalidRequest, "a rank needs an annotation")
		}
		if id := rank.Annotation.InputID; id != "" && a.inputByID[id] == nil {
			return refuse(clarifai.StatusInputDoesNotExist, "input %q, to rank by", id)
		}
	}
	return nil
}

// unsupported gives a field, such as annotation.data.image, that is set or an
// empty object, and not one of those supported.
func unsupported(v any, supported []string) string {
	var look func(v any, path string) string
	look = func(v any, path string) string {
		switch v := v.(type) {
		case map[string]any:
			if len(v) == 0 || strings.HasSuffix(path, ".metadata") || strings.HasSuffix(path, ".annotation_info") {
				break
			}
			for name, element := range v {
				if found := look(element, strings.TrimPrefix(path+"."+name, ".")); found != "" {
					return found
				}
			}
			return ""
		case []any:
			for _, element := range v {
				if found := look(element, path); found != "" {
					return found
				}
			}
			return ""
		}
		if path == "" || slices.Contains(supported, path) {
			return ""
		}
		return path
	}
	var decoded any
	if err := json.Unmarshal(mustMarshal(v), &decoded); err != nil {
		return err.Error()
	}
	return look(decoded, "")
}

// passes reports whether something passes a filter, of which these are the
// annotations and the input.
func passes(f *clarifai.Filter, annotations []*annotation, in *input) bool {
	return holds(f, annotations, in) != f.Negate
}

func holds(f *clarifai.Filter, annotations []*annotation, in *input) bool {
	if f.Input != nil && (in == nil || !inputFits(f.Input, in)) {
		return false
	}
	if f.Annotation != nil && f.Annotation.Data != nil {
		for _, concept := range f.Annotation.Data.Concepts {
			has := func(an *annotation) bool { return conceptValue(an.Data, &concept) >= present }
			if absent(&concept) && slices.ContainsFunc(annotations, has) {
				return false
			}
		}
	}
	return slices.ContainsFunc(annotations, func(an *annotation) bool {
		return (f.Annotation == nil || annotationFits(f.Annotation, an, in)) &&
			(f.LastUpdatedTimeRange == nil || isWithin(*an.ModifiedAt, f.LastUpdatedTimeRange))
	})
}

func isWithin(t time.Time, r *clarifai.TimeRange) bool {
	return (r.StartTime == nil || !t.Before(*r.StartTime)) && (r.EndTime == nil || !t.After(*r.EndTime))
}

func inputFits(want *clarifai.Input, in *input) bool {
	if want.Status != nil && want.Status.Code != 0 && in.Status.Code != want.Status.Code {
		return false
	}
	if len(want.DatasetIDs) > 0 && !slices.ContainsFunc(want.DatasetIDs, func(id string) bool { return slices.Contains(in.DatasetIDs, id) }) {
		return false
	}
	if want.Data == nil {
		return true
	}
	have := cmp.Or(in.Data, &clarifai.Data{})
	return (want.Data.Audio == nil || have.Audio != nil) && (want.Data.Image == nil || have.Image != nil) &&
		(want.Data.Text == nil || have.Text != nil) && (want.Data.Video == nil || have.Video != nil)
}

func annotationFits(want *clarifai.Annotation, have *annotation, in *input) bool {
	same := func(want string, have ...string) bool { return want == "" || slices.Contains(have, want) }
	user, modelVersion, workflowVersion := workerIDs(want.Worker)
	haveUser, haveModelVersion, haveWorkflowVersion := workerIDs(have.Worker)
	return same(want.ID, have.ID) && same(want.InputID, have.InputID) && same(want.TaskID, have.TaskID) &&
		same(want.UserID, have.UserID, haveUser) && same(user, have.UserID, haveUser) &&
		same(want.ModelVersionID, have.ModelVersionID, haveModelVersion) && same(modelVersion, have.ModelVersionID, haveModelVersion) &&
		same(workflowVersion, haveWorkflowVersion) &&
		(!want.InputLevel || have.InputLevel) && (!want.Trusted || have.Trusted) &&
		(want.Status == nil || want.Status.Code == 0 || want.Status.Code == have.Status.Code) &&
		includes(have.AnnotationInfo, want.AnnotationInfo) &&
		(want.Data == nil || dataFits(want.Data, have, in))
}

func workerIDs(w *clarifai.Worker) (user, modelVersion, workflowVersion string) {
	if w == nil {
		return
	}
	if w.User != nil {
		user = w.User.ID
	}
	if w.Model != nil && w.Model.ModelVersion != nil {
		modelVersion = w.Model.ModelVersion.ID
	}
	if w.Workflow != nil && w.Workflow.Version != nil {
		workflowVersion = w.Workflow.Version.ID
	}
	return
}

// dataFits decides on all of the wanted data but the absence of concepts.
func dataFits(want *clarifai.Data, an *annotation, in *input) bool {
	have := cmp.Or(an.Data, &clarifai.Data{})
	some := func(fits func(*clarifai.Data) bool) bool {
		for d := range nested(have) {
			if fits(d) {
				return true
			}
		}
		return false
	}
	if reflect.ValueOf(*want).IsZero() { // {"data":{}}: of no particular place or time
		return !some(func(d *clarifai.Data) bool {
			return len(d.Regions) > 0 || len(d.Frames) > 0 || len(d.TimeSegments) > 0 || len(d.Tracks) > 0
		})
	}
	for _, concept := range want.Concepts {
		if !absent(&concept) && conceptValue(have, &concept) < present {
			return false
		}
	}
	for _, cluster := range want.Clusters {
		if !some(func(d *clarifai.Data) bool {
			return slices.ContainsFunc(d.Clusters, func(c clarifai.Cluster) bool { return c.ID == cluster.ID })
		}) {
			return false
		}
	}
	for _, region := range want.Regions {
		if !some(func(d *clarifai.Data) bool {
			return slices.ContainsFunc(d.Regions, func(r clarifai.Region) bool { return regionFits(&region, &r) })
		}) {
			return false
		}
	}
	if len(want.Frames) > 0 && !some(func(d *clarifai.Data) bool { return len(d.Frames) > 0 }) ||
		len(want.TimeSegments) > 0 && !some(func(d *clarifai.Data) bool { return len(d.TimeSegments) > 0 }) ||
		want.Text != nil && !some(func(d *clarifai.Data) bool { return d.Text != nil }) {
		return false
	}
	metadata, geo := have.Metadata, have.Geo
	if in != nil && in.Data != nil {
		if len(metadata) == 0 {
			metadata = in.Data.Metadata
		}
		geo = cmp.Or(geo, in.Data.Geo)
	}
	return (len(want.Metadata) == 0 || includesAny(metadata, want.Metadata)) && (want.Geo == nil || geoFits(want.Geo, geo))
}

func regionFits(want, have *clarifai.Region) bool {
	if want.TrackID != "" && want.TrackID != have.TrackID {
		return false
	}
	if want.RegionInfo == nil {
		return true
	}
	w, h := want.RegionInfo, cmp.Or(have.RegionInfo, &clarifai.RegionInfo{})
	return (w.BoundingBox == nil || h.BoundingBox != nil) && (w.Mask == nil || h.Mask != nil) &&
		(w.Point == nil || h.Point != nil) && (w.Polygon == nil || h.Polygon != nil) && (w.Span == nil || h.Span != nil)
}

// includes reports whether an object has all that is wanted of it, and
// includesAny whether it has one of the keys.
func includes(have, want map[string]any) bool {
	for key, value := range want {
		if !includesKey(have, key, value) {
			return false
		}
	}
	return true
}

func includesAny(have, want map[string]any) bool {
	for key, value := range want {
		if includesKey(have, key, value) {
			return true
		}
	}
	return false
}

func includesKey(have map[string]any, key string, want any) bool {
	value, ok := have[key]
	if object, isObject := want.(map[string]any); ok && isObject {
		inner, isObject := value.(map[string]any)
		return isObject && includes(inner, object)
	}
	return ok && reflect.DeepEqual(value, want)
}

// present is the value from which on a concept counts as present.
const present = 0.5

// absent reports whether the absence of a concept is wanted.
func absent(want *clarifai.Concept) bool { return want.Value != nil && *want.Value < present }

// conceptValue gives the highest value that a concept has anywhere in the data, or
// 0.
func conceptValue(data *clarifai.Data, want *clarifai.Concept) float64 {
	highest := 0.0
	for d := range nested(data) {
		for i := range d.Concepts {
			c := &d.Concepts[i]
			if (want.ID == "" || want.ID == cmp.Or(c.ID, c.Name)) && (want.Name == "" || want.Name == cmp.Or(c.Name, c.ID)) {
				highest = max(highest, *c.Value)
			}
		}
	}
	return highest
}

// nested iterates over data, and the data of its regions, frames, and so on.
func nested(data *clarifai.Data) iter.Seq[*clarifai.Data] {
	return func(yield func(*clarifai.Data) bool) { yieldNested(data, yield) }
}

func yieldNested(data *clarifai.Data, yield func(*clarifai.Data) bool) bool {
	if data == nil {
		return true
	}
	if !yield(data) {
		return false
	}
	for i := range data.Regions {
		if !yieldNested(data.Regions[i].Data, yield) {
			return false
		}
	}
	for i := range data.Frames {
		if !yieldNested(data.Frames[i].Data, yield) {
			return false
		}
	}
	for i := range data.Tracks {
		if !yieldNested(data.Tracks[i].Data, yield) {
			return false
		}
	}
	for i := range data.TimeSegments {
		if !yieldNested(data.TimeSegments[i].Data, yield) {
			return false
		}
	}
	for i := range data.Parts {
		if !yieldNested(data.Parts[i].Data, yield) {
			return false
		}
	}
	return true
}

const earthRadius = 6371.0 // kilometers

// kilometers gives the length of the units of a GeoLimit on the ground.
var kilometers = map[string]float64{
	"withinKilometers": 1,
	"withinMiles":      1.609344,
	"withinDegrees":    earthRadius * math.Pi / 180,
	"withinRadians":    earthRadius,
}

func geoFits(want, have *clarifai.Geo) bool {
	if have == nil || have.GeoPoint == nil {
		return false
	}
	if want.GeoPoint != nil {
		return distance(want.GeoPoint, have.GeoPoint) <= want.GeoLimit.Value*kilometers[want.GeoLimit.Type]
	}
	a, b, p := want.GeoBox[0].GeoPoint, want.GeoBox[1].GeoPoint, have.GeoPoint
	between := func(x, a, b float64) bool { return x >= min(a, b) && x <= max(a, b) }
	return between(p.Latitude, a.Latitude, b.Latitude) && between(p.Longitude, a.Longitude, b.Longitude)
}

// distance gives the kilometers between two points, by the haversine formula.
func distance(a, b *clarifai.GeoPoint) float64 {
	radians := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	haversine := func(angle float64) float64 { return math.Pow(math.Sin(angle/2), 2) }
	h := haversine(radians(b.Latitude-a.Latitude)) +
		math.Cos(radians(a.Latitude))*math.Cos(radians(b.Latitude))*haversine(radians(b.Longitude-a.Longitude))
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

// scorer scores something of which these are the annotations and the input,
// which may be nil.
type scorer func(annotations []*annotation, in *input) float64

// scorerOf makes the scorer of a rank.
func (a *App) scorerOf(rank *clarifai.Rank) scorer {
	var parts []scorer
	data := cmp.Or(rank.Annotation.Data, &clarifai.Data{})
	for _, concept := range data.Concepts {
		parts = append(parts, func(annotations []*annotation, _ *input) float64 {
			value := 0.0
			for _, an := range annotations {
				value = max(value, conceptValue(an.Data, &concept))
			}
			if absent(&concept) {
				return 1 - value
			}
			return value
		})
	}
	if len(parts) == 0 || data.Image != nil || data.Text != nil || len(data.Embeddings) > 0 || rank.Annotation.InputID != "" {
		parts = append(parts, a.likeness(rank.Annotation, data))
	}
	return func(annotations []*annotation, in *input) float64 {
		score := mean(parts, annotations, in)
		if rank.Negate {
			return 1 - score
		}
		return score
	}
}

func mean(scorers []scorer, annotations []*annotation, in *input) float64 {
	sum := 0.0
	for _, score := range scorers {
		sum += score(annotations, in)
	}
	return sum / float64(len(scorers))
}

// likeness is the stand-in for what the API's models find alike.
func (a *App) likeness(like *clarifai.Annotation, data *clarifai.Data) scorer {
	vector := embedding(data)
	if in := a.inputByID[like.InputID]; in != nil {
		vector = embedding(in.Data)
	}
	key := mustMarshal([]any{like.InputID, like.ModelVersionID, data.Image, data.Text, data.Embeddings})
	return func(annotations []*annotation, in *input) float64 {
		id, have := annotations[0].InputID, &clarifai.Data{}
		if in != nil {
			have = cmp.Or(in.Data, have)
		}
		if id != "" && id == like.InputID || sameImage(data.Image, have.Image) ||
			data.Text != nil && have.Text != nil && data.Text.Raw != "" && data.Text.Raw == have.Text.Raw {
			return 1
		}
		if other := embedding(have); len(vector) > 0 && len(vector) == len(other) {
			return (1 + cosine(vector, other)) / 2
		}
		hash := fnv.New64a()
		hash.Write(key)
		hash.Write([]byte(id))
		return float64(hash.Sum64()%9900) / 10000
	}
}

func sameImage(want, have *clarifai.Image) bool {
	return want != nil && have != nil &&
		(want.URL != "" && want.URL == have.URL || len(want.Base64) > 0 && bytes.Equal(want.Base64, have.Base64))
}

func embedding(data *clarifai.Data) []float64 {
	if data == nil || len(data.Embeddings) == 0 {
		return nil
	}
	return data.Embeddings[0].Vector
}

func cosine(a, b []float64) float64 {
	var dot, lengthA, lengthB float64
	for i := range a {
		dot += a[i] * b[i]
		lengthA += a[i] * a[i]
		lengthB += b[i] * b[i]
	}
	if lengthA == 0 || lengthB == 0 {
		return 0
	}
	return max(-1, min(1, dot/math.Sqrt(lengthA*lengthB)))
}
