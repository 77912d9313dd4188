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

// writing holds the options of the JSON library for encoding requests.
var writing = json.JoinOptions(asEncodingJSON, jsontext.AllowInvalidUTF8(false),
	// Before Go 1.27, the library does not support encoding/json.Number.
	json.WithMarshalers(json.MarshalFunc(func(n stdjson.Number) ([]byte, error) { return stdjson.Marshal(n) })))

// encode encodes the body of a request as encoding/json does, but rejects invalid
// UTF-8. Like encoding/json, it rejects values that JSON cannot represent, such as NaN
// or a function.
func encode(body any) ([]byte, error) {
	text, err := json.Marshal(body, writing, jsonv1.ReportErrorsWithLegacySemantics(true))
	if err == nil {
		return text, nil
	}
	var path jsontext.Pointer
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	if _, err := json.Marshal(body, writing); errors.As(err, &semantic) { // only this error has the path
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

// takesObject reports whether pointer is a non-nil pointer to a value that can hold a
// JSON object.
func takesObject(pointer any) bool {
	v := reflect.ValueOf(pointer)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	return v.Elem().Kind() == reflect.Struct || json.Unmarshal([]byte("{}"), reflect.New(v.Type().Elem()).Interface(), asEncodingJSON) == nil
}

// copyOf returns a deep copy of a JSON object, so that the caller may modify the
// original. If object cannot be encoded, copyOf returns it unchanged, and the call
// will reject it.
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

// fillApp fills in {user_id} and {app_id}, and validates the resulting path.
func fillApp(path, userID, appID string) (string, error) {
	for _, id := range []struct{ name, value string }{{"user_id", userID}, {"app_id", appID}} {
		if !strings.Contains(path, "{"+id.name+"}") {
			continue
		}
		if id.name == "app_id" && id.value == "" {
			return "", &ArgumentError{Argument: "app_id", Reason: "missing: use WithApp or Client.App, or set CLARIFAI_APP_ID"}
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
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must be an escaped URL path, without a host, query or fragment"}
	}
	if strings.ContainsFunc(u.Path, unicode.IsControl) {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "must not contain control characters"}
	}
	if strays(u.Path[1:]) {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: `must not contain an empty, "." or ".." segment`}
	}
	return path, nil
}

var placeholder = regexp.MustCompile(`{[^}]*}`)

// fillPath replaces {name} in the path with the escaped ID. It rejects IDs that could
// lead to another path: empty IDs; IDs with control characters, at which a proxy may
// truncate the path; and IDs with empty or dot segments, which a proxy may remove even
// if the slashes are escaped.
func fillPath(path, name, id string) (string, error) {
	if !strings.Contains(path, "{"+name+"}") {
		return "", &ArgumentError{Argument: "path", Value: path, Reason: "has no {" + name + "}"}
	}
	if err := checkLine(name, id); err != nil {
		return "", err
	}
	if strays(id) {
		return "", &ArgumentError{Argument: name, Value: id, Reason: `must not be "." or "..", or contain an empty, "." or ".." segment`}
	}
	return strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(id)), nil
}

// strays reports whether a path, or an ID in it, has segments that could change where
// the path leads.
func strays(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(part string) bool { return part == "" || part == "." || part == ".." })
}

// pathOf is like fillPath, but also rejects an ID that is in others. Such an ID would
// form the path of another operation: deleting an input with the ID "annotations" would
// delete annotations.
func pathOf(path, name, id string, others ...string) (string, error) {
	if slices.Contains(others, id) {
		return "", &ArgumentError{Argument: name, Value: id, Reason: "is the path of another operation of the API"}
	}
	return fillPath(path, name, id)
}

// queryOf encodes a request as the query of a GET request. req may be nil.
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

// SortBy is the sort key of a list. The documentation of each request lists the
// constants that it accepts.
type SortBy string

// The sort keys. SortByRelevance requires the Search field of the request.
const (
	SortByCreatedAt   SortBy = "created_at"
	SortByModifiedAt  SortBy = "modified_at"
	SortByID          SortBy = "id"
	SortByName        SortBy = "name"
	SortByDescription SortBy = "description"
	SortByStarCount   SortBy = "star_count"
	SortByNumInputs   SortBy = "num_inputs"  // number of inputs that the model was trained on
	SortByStatusCode  SortBy = "status_code" // status code of a model version
	SortByRelevance   SortBy = "relevance"
)

// EncodeValues implements [query.Encoder]. It encodes the sort key as the parameter that
// the API uses, such as sort_by_name=true.
func (s SortBy) EncodeValues(key string, v *url.Values) error {
	v.Set(key+"_"+string(s), "true")
	return nil
}

func (s SortBy) check(search string, accepted ...SortBy) error {
	if s != "" && !slices.Contains(accepted, s) {
		return &ArgumentError{Argument: "sort_by", Value: string(s), Reason: fmt.Sprintf("must be one of %q", accepted)}
	}
	if s == SortByRelevance && search == "" {
		return &ArgumentError{Argument: "sort_by", Value: string(s), Reason: "requires Search"}
	}
	return nil
}

// checkLine is like checkText, but also rejects control characters.
func checkLine(argument, text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return &ArgumentError{Argument: argument, Value: text, Reason: "must not contain control characters"}
	}
	return checkText(argument, text)
}

// checkText rejects empty text and invalid UTF-8. The API treats empty text as missing,
// and JSON encoding changes invalid UTF-8. An ID in a query or a body may contain any
// character, because the API may return such IDs.
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

// checkSome is like checkIDs, but also rejects an empty list.
func checkSome(argument string, ids []string) error {
	if len(ids) == 0 {
		return &ArgumentError{Argument: argument, Value: ids, Reason: "must have at least one ID"}
	}
	return checkIDs(argument, ids)
}

func checkObject(argument string, object map[string]any) error {
	if len(object) == 0 {
		return &ArgumentError{Argument: argument, Value: object, Reason: "must have at least one key"}
	}
	return nil
}

func checkStatusCode(code StatusCode) error {
	if code <= 0 {
		return &ArgumentError{Argument: "status.code", Value: int(code), Reason: "must be greater than 0"}
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
	return &ArgumentError{Argument: argument, Value: t, Reason: "must be between the years 1 and 9999"}
}

func checkRange(argument string, x, low, high float64) error {
	if x >= low && x <= high { // false for NaN
		return nil
	}
	return &ArgumentError{Argument: argument, Value: x, Reason: fmt.Sprintf("must be %g to %g", low, high)}
}
