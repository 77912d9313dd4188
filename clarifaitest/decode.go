package clarifaitest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/clarifai-go/clarifai"
)

// decode reads a body as the API does, by protobuf's mapping of JSON: it takes
// numbers in quotes and enumerations by name, and refuses unknown fields and
// values that are out of range.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	body, err := parse(c.body)
	if err != nil {
		return refuse(clarifai.StatusConnBadRequestFormat, "the body is not JSON: %v", err)
	}
	if _, ok := body.(map[string]any); !ok {
		return refuse(clarifai.StatusConnBadRequestFormat, "the body is not an object")
	}
	body, err = conform("", body, reflect.TypeOf(into))
	if err != nil {
		return refuse(clarifai.StatusConnBadRequestFormat, "%v", err)
	}
	if err := json.Unmarshal(mustMarshal(body), into); err != nil {
		if p := (*problem)(nil); errors.As(err, &p) {
			return p
		}
		return refuse(clarifai.StatusConnBadRequestFormat, "%v", err)
	}
	return nil
}

// parse parses JSON, and refuses what encoding/json lets pass: a name that is
// twice in an object, and text that is not UTF-8.
func parse(body []byte) (any, error) {
	var checked any
	if err := json.Unmarshal(body, &checked); err != nil {
		return nil, err
	}
	if !utf8.Valid(body) {
		return nil, errors.New("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return parseValue(d)
}

func parseValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := make(map[string]any)
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			if _, twice := object[name.(string)]; twice {
				return nil, fmt.Errorf("%q is twice in an object", name)
			}
			if object[name.(string)], err = parseValue(d); err != nil {
				return nil, err
			}
		}
		_, err = d.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			element, err := parseValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

// Fields of these types are not looked into: package clarifai refers to such
// things by their ID, and the API knows more of them.
var opaque = []reflect.Type{
	reflect.TypeFor[clarifai.User](),
	reflect.TypeFor[clarifai.Model](),
	reflect.TypeFor[clarifai.Workflow](),
}

// conform gives a JSON value in the form in which encoding/json reads it into the
// type, and refuses what the API refuses and encoding/json does not. What neither
// takes is left to encoding/json. The path says where the value is.
func conform(path string, value any, t reflect.Type) (any, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if value == nil || slices.Contains(opaque, t) {
		return value, nil
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return value, checkTime(path, value)
	case t == reflect.TypeFor[[]byte]():
		return conformBytes(value), nil
	case t == reflect.TypeFor[json.Number](), isNumber(t.Kind()):
		return conformNumber(path, value, t)
	}
	switch value := value.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			break
		}
		for i, element := range value {
			within := fmt.Sprintf("%s[%d]", path, i)
			if element == nil {
				return nil, fmt.Errorf("%s is null", within[1:])
			}
			var err error
			if value[i], err = conform(within, element, t.Elem()); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
			break
		}
		for name, element := range value {
			within := path + "." + name
			field := t
			if t.Kind() == reflect.Map {
				field = t.Elem()
			} else if field = jsonField(t, name); field == nil {
				return nil, fmt.Errorf("unknown field %q", within[1:])
			}
			if field.Kind() == reflect.Interface {
				continue // metadata holds anything
			}
			var err error
			if value[name], err = conform(within, element, field); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

// jsonField gives the type of the field with that JSON name. encoding/json would
// take no notice of upper and lower case.
func jsonField(t reflect.Type, name string) reflect.Type {
	for i := range t.NumField() {
		if field := t.Field(i); field.IsExported() {
			if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name && tag != "-" {
				return field.Type
			}
		}
	}
	return nil
}

// checkTime refuses a time beyond the years and the nanoseconds of the API's.
func checkTime(path string, value any) error {
	text, ok := value.(string)
	if !ok {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path[1:], err)
	}
	if year := at.UTC().Year(); year < 1 || year > 9999 || moreThanNanoseconds.MatchString(text) {
		return fmt.Errorf("%s: the time %s is out of range", path[1:], text)
	}
	return nil
}

var moreThanNanoseconds = regexp.MustCompile(`\.\d{10}`)

// conformBytes gives base64 in the one alphabet that encoding/json knows, with its
// padding.
func conformBytes(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	if decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil {
		return decoded
	}
	return value
}

func isNumber(kind reflect.Kind) bool {
	return kind >= reflect.Int && kind <= reflect.Float64
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func conformNumber(path string, value any, t reflect.Type) (any, error) {
	text := fmt.Sprint(value)
	_, quoted := value.(string)
	if quoted && isEnum(t) {
		n, ok := enumNumber(t, text)
		if !ok {
			return nil, fmt.Errorf("%s: %q is none of the API's names", path[1:], text)
		}
		return n, nil
	}
	if _, ok := value.(json.Number); !ok && !(quoted && jsonNumber.MatchString(text)) {
		return value, nil
	}
	// Of the API's numbers with a fraction all have 32 bits but for this one.
	bits := 64
	if t.Kind() == reflect.Float64 && !strings.HasSuffix(path, ".float_value") {
		bits = 32
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path[1:], err)
	}
	if t.Kind() != reflect.Float64 && (strings.ContainsAny(text, ".eE") || f == 0) {
		text = strconv.FormatFloat(f, 'f', -1, 64) // 2.0 and -0 are integers to the API
		if f == 0 {
			text = "0"
		}
	}
	return json.Number(text), nil
}

// enums are the names of the API's enumerations, in which package clarifai need
// not tell what is unknown from what is not set.
var enums = map[reflect.Type]map[string]int32{
	reflect.TypeFor[clarifai.Metric](): {
		"METRIC_NOT_SET": 0, "EUCLIDEAN_DISTANCE": 1, "COSINE_DISTANCE": 2,
	},
	reflect.TypeFor[clarifai.Gettable](): {
		"UNKNOWN_VISIBILITY": 0, "PRIVATE": 10, "ORG": 30, "PUBLIC": 50,
	},
	reflect.TypeFor[clarifai.PointVisibility](): {
		"NOT_SET": 0, "VISIBLE": 1, "NOT_VISIBLE": 2, "NOT_PRESENT": 3,
	},
	reflect.TypeFor[clarifai.InputIDConflictResolution](): {
		"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET": 0, "SKIP": 1, "SUFFIX": 2,
	},
}

var statusCodeType = reflect.TypeFor[clarifai.StatusCode]()

func isEnum(t reflect.Type) bool { return t == statusCodeType || enums[t] != nil }

// enumNumber gives the number of a name.
func enumNumber(t reflect.Type, name string) (number int32, ok bool) {
	if t != statusCodeType {
		number, ok = enums[t][name]
		return number, ok
	}
	if _, err := strconv.Atoi(name); err == nil {
		return 0, false // a number in quotes, which package clarifai would read
	}
	var code clarifai.StatusCode
	err := code.UnmarshalJSON([]byte(strconv.Quote(name)))
	return int32(code), err == nil && (code != 0 || name == "ZERO")
}
