package clarifai

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/google/go-querystring/query"
)

// writing are the options of the JSON library for requests.
var writing = json.JoinOptions(asEncodingJSON, jsontext.AllowInvalidUTF8(false),
	// Before Go 1.27 the library does not know the number of encoding/json.
	json.WithMarshalers(json.MarshalFunc(func(n stdjson.Number) ([]byte, error) { return stdjson.Marshal(n) })))

// encode writes the body of a request as encoding/json does. But it refuses text that
// is not UTF-8, as it does what has no JSON, such as NaN or a function.
func encode(body any) ([]byte, error) {
	text, err := json.Marshal(body, writing, jsonv1.ReportErrorsWithLegacySemantics(true))
	if err == nil {
		return text, nil
	}
	var path jsontext.Pointer
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	if _, err := json.Marshal(body, writing); errors.As(err, &semantic) { // this error says where
		path = semantic.JSONPointer
	} else if errors.As(err, &syntactic) {
		path = syntactic.JSONPointer
	}
	refused := &ArgumentError{Argument: cmp.Or(jsonPath(path), "request"), Reason: err.Error()}
	if x, err := strconv.ParseFloat(strings.TrimPrefix(refused.Reason, "json: unsupported value: "), 64); err == nil {
		refused.Value, refused.Reason = x, "must be a finite number"
	}
	if strings.Contains(refused.Reason, "invalid UTF-8") {
		refused.Reason = "must be valid UTF-8"
	}
	return nil, refused
}

// takesObject reports whether a response, which is an object, can be decoded into a
// pointer.
func takesObject(pointer any) bool {
	v := reflect.ValueOf(pointer)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	return v.Elem().Kind() == reflect.Struct || json.Unmarshal([]byte("{}"), reflect.New(v.Type().Elem()).Interface(), asEncodingJSON) == nil
}

// copyOf returns a copy of an object as it is sent, so that the caller may change it.
// What cannot be encoded is left for the call to refuse.
func copyOf(object map[string]any) map[string]any {
	text, err := encode(object)
	if err != nil {
		return object
	}
	var own map[string]any
	d := stdjson.NewDecoder(bytes.NewReader(text))
	d.UseNumber() // a float64 would change large integers
	if d.Decode(&own) != nil {
		return object
	}
	return own
}

// fillApp fills {user_id} and {app_id} in, and finds what is not filled in.
func fillApp(path, userID, appID string) (string, error) {
	for _, id := range []struct{ name, value string }{{"user_id", userID}, {"app_id", appID}} {
		if !strings.Contains(path, "{"+id.name+"}") {
			continue
		}
		if id.name == "app_id" && id.value == "" {
			return "", &ArgumentError{Argument: "app_id", Reason: "there is none: use WithApp or Client.App, or set CLARIFAI_APP_ID"}
		}
		var err error
		if path, err = fillPath(path, id.name, id.value); err != nil {
			return "", err
		}
	}
	if name := placeholder.FindString(path); name != "" {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: name + " is not filled in; use With"}
	}
	if !strings.HasPrefix(path, "/") {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must start with /"}
	}
	u, err := url.Parse(path)
	if err != nil || u.EscapedPath() != path {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must be the path of a URL, escaped, without a host, query or fragment"}
	}
	if strings.ContainsFunc(u.Path, unicode.IsControl) {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must not hold control characters"}
	}
	if strays(u.Path[1:]) {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: `must not have an empty, "." or ".." part between slashes`}
	}
	return path, nil
}

var placeholder = regexp.MustCompile(`{[^}]*}`)

// fillPath fills {name} in with an ID, escaped. It refuses what could lead
// elsewhere: no ID at all, control characters, at which a server on the way may end
// the path, and dots that it may take for a step up, whether it unescapes slashes
// before that or not.
func fillPath(path, name, id string) (string, error) {
	if !strings.Contains(path, "{"+name+"}") {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "has no {" + name + "}"}
	}
	if err := checkLine(name, id); err != nil {
		return "", err
	}
	if strays(id) {
		return "", &ArgumentError{Argument: name, Value: id, Reason: `must not be "." or "..", or have an empty, "." or ".." part between slashes`}
	}
	return strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(id)), nil
}

// strays reports whether a path, or an ID in one, could lead elsewhere.
func strays(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return part == "" || part == "." || part == ".." })
}

// pathOf is fillPath for a resource. It refuses the IDs that are the paths of
// other operations: deleting the input "annotations" would delete annotations.
func pathOf(path, name, id string, others ...string) (string, error) {
	if slices.Contains(others, id) {
		return "", &ArgumentError{Argument: name, Value: id, Reason: "is the path of another operation of the API"}
	}
	return fillPath(path, name, id)
}

// queryOf encodes a request as the query of a GET. The request may be nil.
func queryOf(req any) (url.Values, error) {
	values, err := query.Values(req)
	if err != nil {
		return nil, &ArgumentError{Argument: "request", Value: fmt.Sprintf("%T", req), Reason: err.Error()}
	}
	for name, texts := range values {
		if i := slices.IndexFunc(texts, func(text string) bool { return !utf8.ValidString(text) }); i >= 0 {
			return nil, &ArgumentError{Argument: name, Value: texts[i], Reason: "must be valid UTF-8"}
		}
	}
	return values, nil
}

// SortBy is what a list is sorted by. Each request says which of the constants it
// accepts.
type SortBy string

// The orders of lists. SortByRelevance needs the words of a Search.
const (
	SortByCreatedAt   SortBy = "created_at"
	SortByModifiedAt  SortBy = "modified_at"
	SortByID          SortBy = "id"
	SortByName        SortBy = "name"
	SortByDescription SortBy = "description"
	SortByStarCount   SortBy = "star_count"
	SortByNumInputs   SortBy = "num_inputs"  // the number of inputs that a model was trained on
	SortByStatusCode  SortBy = "status_code" // of a model version
	SortByRelevance   SortBy = "relevance"
)

// EncodeValues adds the parameter that the API knows the order by, such as
// sort_by_name=true.
func (s SortBy) EncodeValues(key string, v *url.Values) error {
	v.Set(key+"_"+string(s), "true")
	return nil
}

func (s SortBy) check(search string, accepted ...SortBy) error {
	if s != "" && !slices.Contains(accepted, s) {
		return &ArgumentError{Argument: "sort_by", Value: string(s), Reason: fmt.Sprintf("must be one of %q", accepted)}
	}
	if s == SortByRelevance && search == "" {
		return &ArgumentError{Argument: "sort_by", Value: string(s), Reason: "needs a search"}
	}
	return nil
}

// checkLine is checkText for a text on one line.
func checkLine(argument, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return &ArgumentError{Argument: argument, Value: text, Reason: "must not hold control characters"}
	}
	return checkText(argument, text)
}

// checkText refuses what cannot be a text, or an ID in a query or a body. The API
// would take an empty one for none, and JSON would make another one of invalid UTF-8.
// IDs may hold any characters, as those that the API returns do.
func checkText(argument, text string) error {
	if text == "" {
		return &ArgumentError{Argument: argument, Value: text, Reason: "must not be empty"}
	}
	if !utf8.ValidString(text) {
		return &ArgumentError{Argument: argument, Value: text, Reason: "must be valid UTF-8"}
	}
	return nil
}

func checkIDs(argument string, ids []string) error {
	for i, id := range ids {
		if err := checkText(fmt.Sprintf("%s[%d]", argument, i), id); err != nil {
			return err
		}
	}
	return nil
}

// checkSome is checkIDs for a list that must have an ID.
func checkSome(argument string, ids []string) error {
	if len(ids) == 0 {
		return &ArgumentError{Argument: argument, Value: ids, Reason: "must be 1 ID or more"}
	}
	return checkIDs(argument, ids)
}

func checkObject(argument string, object map[string]any) error {
	if len(object) == 0 {
		return &ArgumentError{Argument: argument, Value: object, Reason: "must have 1 key or more"}
	}
	return nil
}

func checkStatusCode(code StatusCode) error {
	if code <= 0 {
		return &ArgumentError{Argument: "status.code", Value: int(code), Reason: "must be more than 0"}
	}
	return nil
}

func checkPoint(lat, lon float64) error {
	return cmp.Or(checkRange("latitude", lat, -90, 90), checkRange("longitude", lon, -180, 180))
}

func checkYear(argument string, t time.Time) error {
	if t.Year() >= 1 && t.Year() <= 9999 {
		return nil
	}
	return &ArgumentError{Argument: argument, Value: t, Reason: "must be in the years 1 to 9999"}
}

func checkRange(argument string, x, low, high float64) error {
	if x >= low && x <= high { // false for NaN
		return nil
	}
	return &ArgumentError{Argument: argument, Value: x, Reason: fmt.Sprintf("must be %g to %g", low, high)}
}
