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
	usage string // with the name of the value in back quotes, if it takes one
	make  func(value string) (clarifai.SearchPart, error)
}

// parts are the filters and ranks of the SDK.
var parts = []part{
	{"concept", "with the concept of this `ID`", of(always(clarifai.FilterByConcept, true))},
	{"no-concept", "without the concept of this `ID`", of(always(clarifai.FilterByConcept, false))},
	{"concept-name", "with the concept of this `name`", of(always(clarifai.FilterByConceptName, true))},
	{"no-concept-name", "without the concept of this `name`", of(always(clarifai.FilterByConceptName, false))},
	{"metadata", "with this `key=value` in its metadata; the value is JSON, or else a string; a JSON object matches with any of its keys", object(clarifai.FilterByMetadata)},
	{"geo", "around a place: `lat,lon,km`", numbers(3, func(n []float64) clarifai.SearchPart { return clarifai.FilterByGeo(n[0], n[1], n[2]) })},
	{"geo-box", "in the box between two places: `lat,lon,lat,lon`", numbers(4, func(n []float64) clarifai.SearchPart { return clarifai.FilterByGeoBox(n[0], n[1], n[2], n[3]) })},
	{"cluster", "of the cluster with this `ID`", of(clarifai.FilterByCluster)},
	{"annotation-id", "with this `ID`", of(clarifai.FilterByAnnotationID)},
	{"input-id", "of the input with this `ID`", of(clarifai.FilterByInputID)},
	{"model-version-id", "by the version of a model with this `ID`", of(clarifai.FilterByModelVersionID)},
	{"task-id", "of the task with this `ID`", of(clarifai.FilterByTaskID)},
	{"user-id", "by the user with this `ID`", of(clarifai.FilterByUserID)},
	{"worker-model-version-id", "by the worker that is the version of a model with this `ID`", of(clarifai.FilterByWorkerModelVersionID)},
	{"worker-user-id", "by the worker that is the user with this `ID`", of(clarifai.FilterByWorkerUserID)},
	{"worker-workflow-version-id", "by the worker that is the version of a workflow with this `ID`", of(clarifai.FilterByWorkerWorkflowVersionID)},
	{"annotation-info", "with this `key=value` in its info", object(clarifai.FilterByAnnotationInfo)},
	{"annotation-status", "in the state with this `code`, such as 24150 or ANNOTATION_SUCCESS", statusCode(clarifai.FilterByAnnotationStatus)},
	{"input-level", "of an input as a whole", plain(clarifai.FilterByInputLevel)},
	{"trusted", "that are trusted", plain(clarifai.FilterByTrusted)},
	{"classification", "without a region, frame or time segment", plain(clarifai.FilterByClassification)},
	{"frame", "of a frame", plain(clarifai.FilterByFrame)},
	{"time-segment", "of a time segment", plain(clarifai.FilterByTimeSegment)},
	{"bounding-box", "of a rectangle", plain(clarifai.FilterByBoundingBox)},
	{"mask", "of a mask", plain(clarifai.FilterByMask)},
	{"point", "of a point", plain(clarifai.FilterByPoint)},
	{"polygon", "of a polygon", plain(clarifai.FilterByPolygon)},
	{"span", "of a span of text", plain(clarifai.FilterBySpan)},
	{"track-id", "of the track with this `ID`", of(clarifai.FilterByTrackID)},
	{"text-annotation", "that are a text", plain(clarifai.FilterByTextAnnotation)},
	{"audio", "of an audio input", plain(clarifai.FilterByAudio)},
	{"image", "of an image", plain(clarifai.FilterByImage)},
	{"text", "of a text", plain(clarifai.FilterByText)},
	{"video", "of a video", plain(clarifai.FilterByVideo)},
	{"dataset", "of an input in any of the datasets with these `IDs`, separated by commas", func(value string) (clarifai.SearchPart, error) {
		return clarifai.FilterByDataset(strings.Split(value, ",")...), nil
	}},
	{"input-status", "of an input in the state with this `code`, such as 30000 or INPUT_SUCCESS", statusCode(clarifai.FilterByInputStatus)},
	{"updated", "that were changed `from..to`; each is a date, a time such as 2026-01-31T12:00:00Z, or empty", updated},

	{"rank-concept", "by the value of the concept with this `ID`, highest first", of(always(clarifai.RankByConcept, true))},
	{"rank-no-concept", "by the value of the concept with this `ID`, lowest first", of(always(clarifai.RankByConcept, false))},
	{"rank-concept-name", "by the value of the concept with this `name`, highest first", of(always(clarifai.RankByConceptName, true))},
	{"rank-no-concept-name", "by the value of the concept with this `name`, lowest first", of(always(clarifai.RankByConceptName, false))},
	{"rank-embedding", "by similarity to the embedding of these `numbers`, separated by commas", numbers(0, clarifai.RankByEmbedding)},
	{"rank-image-url", "by similarity to the image at this `URL`", of(clarifai.RankByImageURL)},
	{"rank-image-file", "by similarity to the image in this `file`", func(value string) (clarifai.SearchPart, error) {
		file, err := os.ReadFile(value)
		return clarifai.RankByImageBytes(file), err
	}},
	{"rank-text", "by similarity to this `text`", of(clarifai.RankByText)},
	{"rank-input-id", "by similarity to the input with this `ID`", of(clarifai.RankByInputID)},
	{"rank-model-version-id", "by the version of a model with this `ID`", of(clarifai.RankByModelVersionID)},
}

// registerParts adds the flags to a set, and -not, which negates one of them. Each use of
// a flag appends a part.
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
					return fmt.Errorf("it takes no value; -not %s is the opposite", p.name)
				}
				return add("")
			})
		}
	}
	flags.Func("not", "the opposite of another `flag`: -not input-id=a, -not trusted", func(value string) error {
		name, value, _ := strings.Cut(value, "=")
		for _, p := range parts {
			if p.name == strings.TrimLeft(name, "-") {
				made, err := p.make(value)
				*to = append(*to, clarifai.Not(made))
				return err
			}
		}
		return fmt.Errorf("no filter or rank has the name %q", name)
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
			return nil, fmt.Errorf("it takes no value, but has %q", value)
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
			return nil, fmt.Errorf("no status code is %q", text)
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
