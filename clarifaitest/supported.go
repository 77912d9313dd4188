package clarifaitest

import (
	"slices"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// The fields that the API documents as supported in filters and in ranks. Metadata
// and annotation_info may have any fields.
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

// checkSearch rejects searches that the API does not support.
func (a *App) checkSearch(s *clarifai.Search) error {
	if s.Query == nil {
		return nil
	}
	if len(s.Query.Ands) > 0 {
		return refuse(clarifai.StatusSearchInvalidRequest, "ands are for legacy searches: use filters and ranks")
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
			return refuse(clarifai.StatusSearchInvalidRequest, "geo must have a geo_point with a geo_limit in kilometers, miles, degrees or radians, or a geo_box of two points")
		}
	}
	for _, rank := range s.Query.Ranks {
		if name := unsupported(rank, rankFields); name != "" {
			return refuse(clarifai.StatusSearchInvalidRequest, "%s is not supported in a rank", name)
		}
		if rank.Annotation == nil {
			return refuse(clarifai.StatusSearchInvalidRequest, "a rank must have an annotation")
		}
		if id := rank.Annotation.InputID; id != "" && a.inputByID[id] == nil {
			return refuse(clarifai.StatusInputDoesNotExist, "input %q of a rank", id)
		}
	}
	return nil
}

// unsupported returns the path of a field that is set but not supported, such as
// annotation.data.image, or "" if all fields that are set are supported. A field with an
// empty object counts as set.
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
	mustUnmarshal(mustMarshal(v), &decoded)
	return look(decoded, "")
}
