package clarifaitest

import (
	"cmp"
	"iter"
	"reflect"
	"slices"
	"time"

	"github.com/clarifai-go/clarifai"
)

// passes reports whether an annotation or an input passes a filter. To check an
// annotation, pass only that annotation, with its input. To check an input, pass all of
// its annotations, with the input.
func passes(f *clarifai.Filter, annotations []*annotation, in *input) bool {
	return holds(f, annotations, in) != f.Negate
}

func holds(f *clarifai.Filter, annotations []*annotation, in *input) bool {
	if f.Input != nil && (in == nil || !inputFits(f.Input, in)) {
		return false
	}
	return slices.ContainsFunc(annotations, func(an *annotation) bool {
		return (f.Annotation == nil || annotationFits(f.Annotation, an, in) && conceptsFit(f.Annotation.Data, an, annotations)) &&
			(f.LastUpdatedTimeRange == nil || isWithin(*an.ModifiedAt, f.LastUpdatedTimeRange))
	})
}

// conceptsFit reports whether at least one of the wanted concepts matches the annotation.
// A concept matches if the annotation contains it. If the absence of a concept is wanted,
// the concept matches if none of the annotations contains it. If no concepts are wanted,
// conceptsFit returns true.
func conceptsFit(want *clarifai.Data, an *annotation, annotations []*annotation) bool {
	if want == nil || len(want.Concepts) == 0 {
		return true
	}
	return slices.ContainsFunc(want.Concepts, func(concept clarifai.Concept) bool {
		has := func(an *annotation) bool { return conceptValue(an.Data, &concept) >= present }
		if absent(&concept) {
			return !slices.ContainsFunc(annotations, has)
		}
		return has(an)
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
	have, types := cmp.Or(in.Data, &clarifai.Data{}), want.Data
	return types.Audio != nil && have.Audio != nil || types.Image != nil && have.Image != nil ||
		types.Text != nil && have.Text != nil || types.Video != nil && have.Video != nil ||
		types.Audio == nil && types.Image == nil && types.Text == nil && types.Video == nil
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

// dataFits reports whether an annotation has the wanted data. It ignores concepts, which
// conceptsFit checks. If the annotation has no metadata or no location, dataFits uses the
// metadata or the location of the input.
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
	if reflect.ValueOf(*want).IsZero() { // {"data":{}} requires labels without a region or time
		return !some(func(d *clarifai.Data) bool {
			return len(d.Regions) > 0 || len(d.Frames) > 0 || len(d.TimeSegments) > 0 || len(d.Tracks) > 0
		})
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

// includes reports whether an object has all wanted keys with the wanted values.
func includes(have, want map[string]any) bool {
	for key, value := range want {
		if !includesKey(have, key, value) {
			return false
		}
	}
	return true
}

// includesAny reports whether an object has at least one of the wanted key-value pairs.
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

// present is the lowest value of a concept that counts as present.
const present = 0.5

// absent reports whether a filter wants the concept to be absent.
func absent(want *clarifai.Concept) bool { return want.Value != nil && *want.Value < present }

// conceptValue returns the highest value of a concept anywhere in the data, or 0.
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

// nested iterates over data and the data of its regions, frames and so on.
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
