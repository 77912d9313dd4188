package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/examples/internal/scripttest"
)

func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"-sample"}, args...), &out, &err)
	return code, out.String(), err.String()
}

const post = "search-annotations: sample app: 250 made-up inputs, 90 of them annotated \"people\"\nPOST https://api.clarifai.com/v2/users/me/apps/sample/annotations/searches\n"

func TestPrintsTheRequestAndATable(t *testing.T) {
	code, stdout, stderr := start(t, "-concept", "people", "-page", "2", "-per-page", "2")
	want := `SCORE   INPUT      ANNOTATION        CONCEPTS
1.0000  input-009  people-input-009  people
1.0000  input-012  people-input-012  people
`
	wantErr := post + `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"people","value":1}]}}}]}}],"pagination":{"page":2,"per_page":2}}` + "\n"
	if code != 0 || stdout != want || stderr != wantErr {
		t.Errorf("got %d\n%s%s\nwant\n%s%s", code, stdout, stderr, want, wantErr)
	}
}

func TestSearchesPeopleByDefault(t *testing.T) {
	code, stdout, stderr := start(t, "-json", "-all")
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if code != 0 || len(lines) != 90 || !strings.Contains(stderr, `[{"id":"people","value":1}]`) {
		t.Errorf("got %d, %d lines and %s", code, len(lines), stderr)
	}
	for _, line := range lines {
		var hit clarifai.Hit
		if err := json.Unmarshal([]byte(line), &hit); err != nil || hit.Annotation == nil || hit.Input == nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// Each flag adds the filter or rank with its name.
func TestEveryPartFlag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(file, []byte("image"), 0o666); err != nil {
		t.Fatal(err)
	}
	filter := func(annotation string) string { return `"filters":[{"annotation":` + annotation + `}]` }
	data := func(data string) string { return filter(`{"data":` + data + `}`) }
	region := func(info string) string { return data(`{"regions":[{"region_info":{"` + info + `":{}}}]}`) }
	input := func(input string) string { return `"filters":[{"input":` + input + `}]` }
	rank := func(data string) string { return `"ranks":[{"annotation":{"data":` + data + `}}]` }
	tests := map[string]string{
		"concept=a":                    data(`{"concepts":[{"id":"a","value":1}]}`),
		"no-concept=a":                 data(`{"concepts":[{"id":"a","value":0}]}`),
		"concept-name=a":               data(`{"concepts":[{"name":"a","value":1}]}`),
		"no-concept-name=a":            data(`{"concepts":[{"name":"a","value":0}]}`),
		"metadata=k=front":             data(`{"metadata":{"k":"front"}}`),
		"geo=52.5,13.4,10":             data(`{"geo":{"geo_point":{"longitude":13.4,"latitude":52.5},"geo_limit":{"type":"withinKilometers","value":10}}}`),
		"geo-box=52, 13, 53, 14":       data(`{"geo":{"geo_box":[{"geo_point":{"longitude":13,"latitude":52}},{"geo_point":{"longitude":14,"latitude":53}}]}}`),
		"cluster=c":                    data(`{"clusters":[{"id":"c"}]}`),
		"annotation-id=a":              filter(`{"id":"a"}`),
		"input-id=i":                   filter(`{"input_id":"i"}`),
		"model-version-id=v":           filter(`{"model_version_id":"v"}`),
		"task-id=t":                    filter(`{"task_id":"t"}`),
		"user-id=u":                    filter(`{"user_id":"u"}`),
		"worker-model-version-id=v":    filter(`{"worker":{"model":{"model_version":{"id":"v"}}}}`),
		"worker-user-id=u":             filter(`{"worker":{"user":{"id":"u"}}}`),
		"worker-workflow-version-id=v": filter(`{"worker":{"workflow":{"version":{"id":"v"}}}}`),
		`annotation-info=batch=7`:      filter(`{"annotation_info":{"batch":7}}`),
		"annotation-status=24150":      filter(`{"status":{"code":24150}}`),
		"input-level":                  filter(`{"input_level":true}`),
		"trusted":                      filter(`{"trusted":true}`),
		"classification":               data(`{}`),
		"frame":                        data(`{"frames":[{"frame_info":{}}]}`),
		"time-segment":                 data(`{"time_segments":[{"time_info":{}}]}`),
		"bounding-box":                 region("bounding_box"),
		"mask":                         region("mask"),
		"point":                        region("point"),
		"polygon":                      region("polygon"),
		"span":                         region("span"),
		"track-id=t":                   data(`{"regions":[{"track_id":"t"}]}`),
		"text-annotation":              data(`{"text":{}}`),
		"audio":                        input(`{"data":{"audio":{}}}`),
		"image":                        input(`{"data":{"image":{}}}`),
		"text":                         input(`{"data":{"text":{}}}`),
		"video":                        input(`{"data":{"video":{}}}`),
		"dataset=a,b":                  input(`{"dataset_ids":["a","b"]}`),
		"input-status=INPUT_SUCCESS":   input(`{"status":{"code":30000}}`),
		"updated=2026-01-01..2026-01-31T12:00:00Z": `"filters":[{"last_updated_time_range":{"start_time":"2026-01-01T00:00:00Z","end_time":"2026-01-31T12:00:00Z"}}]`,
		"rank-concept=a":                           rank(`{"concepts":[{"id":"a","value":1}]}`),
		"rank-no-concept=a":                        rank(`{"concepts":[{"id":"a","value":0}]}`),
		"rank-concept-name=a":                      rank(`{"concepts":[{"name":"a","value":1}]}`),
		"rank-no-concept-name=a":                   rank(`{"concepts":[{"name":"a","value":0}]}`),
		"rank-embedding=0.5,1":                     rank(`{"embeddings":[{"vector":[0.5,1],"num_dimensions":2}]}`),
		"rank-image-url=https://example.com/a.jpg": rank(`{"image":{"url":"https://example.com/a.jpg"}}`),
		"rank-image-file=" + file:                  rank(`{"image":{"base64":"aW1hZ2U="}}`),
		"rank-text=a car":                          rank(`{"text":{"raw":"a car"}}`),
		"rank-input-id=input-001":                  `"ranks":[{"annotation":{"input_id":"input-001"}}]`,
		"rank-model-version-id=v":                  `"ranks":[{"annotation":{"model_version_id":"v"}}]`,
	}
	if len(tests) != len(parts) {
		t.Errorf("%d tests of %d flags", len(tests), len(parts))
	}
	for flag, query := range tests {
		code, stdout, stderr := start(t, "-"+flag)
		if want := post + `{"searches":[{"query":{` + query + `}}]}` + "\n"; code != 0 || !strings.HasPrefix(stderr, want) {
			t.Errorf("-%s: got %d\n%s%s\nwant\n%s", flag, code, stdout, stderr, want)
		}
		query = strings.Replace(query, `":[{`, `":[{"negate":true,`, 1)
		code, stdout, stderr = start(t, "-not", flag)
		if want := post + `{"searches":[{"query":{` + query + `}}]}` + "\n"; code != 0 || !strings.HasPrefix(stderr, want) {
			t.Errorf("-not %s: got %d\n%s%s\nwant\n%s", flag, code, stdout, stderr, want)
		}
	}
}

func TestFiltersAreANDed(t *testing.T) {
	_, stdout, _ := start(t, "-concept", "people", "-metadata", `{"camera":"front","shot":3}`, "-not", "dataset=test", "-min-value", "0.5", "-json", "-all")
	if n := strings.Count(stdout, "\n"); n != 30 {
		t.Errorf("got %d hits, want 30", n)
	}
}

func TestLongBodiesAreTruncated(t *testing.T) {
	_, _, stderr := start(t, "-rank-text", strings.Repeat("car ", 2000))
	if !strings.Contains(stderr, "… and 40") || !strings.Contains(stderr, " more bytes\n") {
		t.Errorf("got\n%.5000s", stderr)
	}
}

func TestRejectsInvalidFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-per-page", "1001"}, {"-page", "two"}, {"-nope"}, {"stray"}, {"-min-value", "x"}, {"-min-value", "NaN"},
		{"-concept", ""}, {"-metadata", "k"}, {"-metadata", "{}"}, {"-geo", "1,2"}, {"-geo", "91,0,1"}, {"-geo", "a,b,c"}, {"-trusted=false"},
		{"-all", "-geo", "91,0,1"}, {"-dataset", ""}, {"-input-status", "x"}, {"-updated", "x"}, {"-updated", "x..y"}, {"-updated", ".."},
		{"-not", "nope"}, {"-not", "trusted=x"}, {"-not", "geo=1"}, {"-rank-image-file", "/does/not/exist"}, {"-rank-embedding", "Inf"},
	} {
		code, stdout, stderr := start(t, args...)
		if code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "search-annotations: ") {
			t.Errorf("%q: got %d, %q and %q; want 2 and one line", args, code, stdout, stderr)
		}
	}
}

func TestREADMEOutput(t *testing.T) { scripttest.CheckREADME(t, name, run) }
