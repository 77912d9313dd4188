package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai-go/clarifai"
)

// part is a flag that adds a filter or a rank to the search.
type part struct {
	name  string
	usage string // the name of the value, if any, is in backquotes
	make  func(value string) (clarifai.SearchPart, error)
}

// parts lists the filters and ranks of the SDK.
var parts = []part{
	{"concept", "that have the concept with this `ID`", of(always(clarifai.FilterByConcept, true))},
	{"no-concept", "that do not have the concept with this `ID`", of(always(clarifai.FilterByConcept, false))},
	{"concept-name", "that have the concept with this `name`", of(always(clarifai.FilterByConceptName, true))},
	{"no-concept-name", "that do not have the concept with this `name`", of(always(clarifai.FilterByConceptName, false))},
	{"metadata", "with this `key=value` in their metadata; a value that is not valid JSON is a string; a JSON object matches any of its keys", object(clarifai.FilterByMetadata)},
	{"geo", "within a distance of a point: `lat,lon,km`", numbers(3, func(n []float64) clarifai.SearchPart { return clarifai.FilterByGeo(n[0], n[1], n[2]) })},
	{"geo-box", "in the box between two corners: `lat,lon,lat,lon`", numbers(4, func(n []float64) clarifai.SearchPart { return clarifai.FilterByGeoBox(n[0], n[1], n[2], n[3]) })},
	{"cluster", "in the cluster with this `ID`", of(clarifai.FilterByCluster)},
	{"annotation-id", "with this `ID`", of(clarifai.FilterByAnnotationID)},
	{"input-id", "of the input with this `ID`", of(clarifai.FilterByInputID)},
	{"model-version-id", "made by the model version with this `ID` (deprecated)", of(clarifai.FilterByModelVersionID)},
	{"task-id", "made for the task with this `ID`", of(clarifai.FilterByTaskID)},
	{"user-id", "made by the user with this `ID` (deprecated)", of(clarifai.FilterByUserID)},
	{"worker-model-version-id", "made by the model version with this `ID`", of(clarifai.FilterByWorkerModelVersionID)},
	{"worker-user-id", "made by the user with this `ID`", of(clarifai.FilterByWorkerUserID)},
	{"worker-workflow-version-id", "made by the workflow version with this `ID`", of(clarifai.FilterByWorkerWorkflowVersionID)},
	{"annotation-info", "with this `key=value` in their annotation info", object(clarifai.FilterByAnnotationInfo)},
	{"annotation-status", "with this status `code`, such as 24150 or ANNOTATION_SUCCESS", statusCode(clarifai.FilterByAnnotationStatus)},
	{"input-level", "that describe an input as a whole", plain(clarifai.FilterByInputLevel)},
	{"trusted", "that are trusted", plain(clarifai.FilterByTrusted)},
	{"classification", "without a region, frame or time segment", plain(clarifai.FilterByClassification)},
	{"frame", "of a video frame", plain(clarifai.FilterByFrame)},
	{"time-segment", "of a time segment", plain(clarifai.FilterByTimeSegment)},
	{"bounding-box", "of a bounding box", plain(clarifai.FilterByBoundingBox)},
	{"mask", "of a mask", plain(clarifai.FilterByMask)},
	{"point", "of a point", plain(clarifai.FilterByPoint)},
	{"polygon", "of a polygon", plain(clarifai.FilterByPolygon)},
	{"span", "of a text span", plain(clarifai.FilterBySpan)},
	{"track-id", "of the track with this `ID`", of(clarifai.FilterByTrackID)},
	{"text-annotation", "that contain text", plain(clarifai.FilterByTextAnnotation)},
	{"audio", "of an audio input", plain(clarifai.FilterByAudio)},
	{"image", "of an image input", plain(clarifai.FilterByImage)},
	{"text", "of a text input", plain(clarifai.FilterByText)},
	{"video", "of a video input", plain(clarifai.FilterByVideo)},
	{"dataset", "of an input in any of the datasets with these comma-separated `IDs`", func(value string) (clarifai.SearchPart, error) {
		return clarifai.FilterByDataset(strings.Split(value, ",")...), nil
	}},
	{"input-status", "of an input with this status `code`, such as 30000 or INPUT_SUCCESS", statusCode(clarifai.FilterByInputStatus)},
	{"updated", "that were changed in the period `from..to`; each end is a date, a time such as 2026-01-31T12:00:00Z, or empty", updated},

	{"rank-concept", "by the value of the concept with this `ID`, highest first", of(always(clarifai.RankByConcept, true))},
	{"rank-no-concept", "by the value of the concept with this `ID`, lowest first", of(always(clarifai.RankByConcept, false))},
	{"rank-concept-name", "by the value of the concept with this `name`, highest first", of(always(clarifai.RankByConceptName, true))},
	{"rank-no-concept-name", "by the value of the concept with this `name`, lowest first", of(always(clarifai.RankByConceptName, false))},
	{"rank-embedding", "by similarity to the embedding with these comma-separated `numbers`", numbers(0, clarifai.RankByEmbedding)},
	{"rank-image-url", "by similarity to the image at this `URL`", of(clarifai.RankByImageURL)},
	{"rank-image-file", "by similarity to the image in this `file`", func(value string) (clarifai.SearchPart, error) {
		file, err := os.ReadFile(value)
		return clarifai.RankByImageBytes(file), err
	}},
	{"rank-text", "by similarity to this `text`", of(clarifai.RankByText)},
	{"rank-input-id", "by similarity to the input with this `ID`", of(clarifai.RankByInputID)},
	{"rank-model-version-id", "by the embeddings or concepts of the model version with this `ID`", of(clarifai.RankByModelVersionID)},
}

// registerParts defines a flag for each part, and the flag -not, which negates a part.
// Each use of a flag appends a part to *to.
func registerParts(flags *flag.FlagSet, to *[]clarifai.SearchPart) {
	for _, p := range parts {
		usage := "find annotations " + p.usage
		if strings.HasPrefix(p.name, "rank-") {
			usage = "rank " + p.usage
		}
		add := func(value string) error {
			made, err := p.make(value)
			*to = append(*to, made)
			return err
		}
		if strings.Contains(p.usage, "`") {
			flags.Func(p.name, usage, add)
		} else {
			flags.BoolFunc(p.name, usage, func(value string) error {
				if value != "true" {
					return fmt.Errorf("takes no value; use -not %s to negate it", p.name)
				}
				return add("")
			})
		}
	}
	flags.Func("not", "negate another `flag`: -not input-id=a, -not trusted", func(value string) error {
		name, value, _ := strings.Cut(value, "=")
		for _, p := range parts {
			if p.name == strings.TrimLeft(name, "-") {
				made, err := p.make(value)
				*to = append(*to, clarifai.Not(made))
				return err
			}
		}
		return fmt.Errorf("unknown filter or rank %q", name)
	})
}

func of(make func(string) clarifai.SearchPart) func(string) (clarifai.SearchPart, error) {
	return func(value string) (clarifai.SearchPart, error) { return make(value), nil }
}

func always(make func(string, bool) clarifai.SearchPart, present bool) func(string) clarifai.SearchPart {
	return func(value string) clarifai.SearchPart { return make(value, present) }
}

func plain(make func() clarifai.SearchPart) func(string) (clarifai.SearchPart, error) {
	return func(value string) (clarifai.SearchPart, error) {
		if value != "" {
			return nil, fmt.Errorf("takes no value, but has %q", value)
		}
		return make(), nil
	}
}

func object(make func(map[string]any) clarifai.SearchPart) func(string) (clarifai.SearchPart, error) {
	return func(text string) (clarifai.SearchPart, error) {
		var whole map[string]any
		if json.Unmarshal([]byte(text), &whole) == nil {
			return make(whole), nil
		}
		key, text, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("must be key=value or a JSON object")
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		return make(map[string]any{key: value}), nil
	}
}

func numbers(n int, make func([]float64) clarifai.SearchPart) func(string) (clarifai.SearchPart, error) {
	return func(text string) (clarifai.SearchPart, error) {
		var list []float64
		for _, word := range strings.Split(text, ",") {
			number, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
			if err != nil {
				return nil, fmt.Errorf("%q is not a number", word)
			}
			list = append(list, number)
		}
		if n != 0 && len(list) != n {
			return nil, fmt.Errorf("must be %d numbers, separated by commas", n)
		}
		return make(list), nil
	}
}

func statusCode(make func(clarifai.StatusCode) clarifai.SearchPart) func(string) (clarifai.SearchPart, error) {
	return func(text string) (clarifai.SearchPart, error) {
		var code clarifai.StatusCode
		if json.Unmarshal([]byte(strconv.Quote(text)), &code) != nil || code == 0 {
			return nil, fmt.Errorf("unknown status code %q", text)
		}
		return make(code), nil
	}
}

func updated(text string) (clarifai.SearchPart, error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		return nil, fmt.Errorf("must be from..to")
	}
	start, err := parseTime(from)
	if err != nil {
		return nil, err
	}
	end, err := parseTime(to)
	return clarifai.FilterByLastUpdated(start, end), err
}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		return date, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("%q is neither a date nor a time", text)
	}
	return t, nil
}
