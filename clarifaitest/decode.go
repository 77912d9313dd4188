package clarifaitest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads a body according to protobuf's JSON mapping, as the API does. It
// accepts quoted numbers and the names of enumeration values. It rejects unknown
// fields, duplicate names and values out of range.
func (c *call) decode(into any) error {
	if len(bytes.TrimSpace(c.body)) == 0 {
		return nil
	}
	if jsontext.Value(c.body).Kind() != jsontext.KindBeginObject {
		return refuse(clarifai.StatusConnBadRequestFormat, "the body must be a JSON object")
	}
	var r reader
	err := json.Unmarshal(c.body, into, json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(false),
		jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false), json.WithUnmarshalers(r.unmarshalers()))
	if err == nil {
		err = r.checkLists(c.body)
	}
	if p := (*problem)(nil); errors.As(err, &p) {
		return p
	}
	if err != nil {
		return refuse(clarifai.StatusConnBadRequestFormat, "%v", err)
	}
	return nil
}

// reader decodes one body. It implements the parts of protobuf's JSON mapping that the
// options of the library do not cover.
type reader struct {
	free [][2]int64 // spans of the body that were decoded leniently
}

func (r *reader) unmarshalers() *json.Unmarshalers {
	return json.JoinUnmarshalers(
		scalars,
		loosely[map[string]any](r, new(json.Unmarshalers)),
		// In requests, users, models and workflows are references, of which only the
		// IDs matter. Therefore they may have unknown fields.
		loosely[clarifai.User](r, scalars),
		loosely[clarifai.Model](r, scalars),
		loosely[clarifai.Workflow](r, scalars),
	)
}

var scalars = json.JoinUnmarshalers(
	json.UnmarshalFromFunc(readNumber[float64]),
	json.UnmarshalFromFunc(readNumber[int64]),
	json.UnmarshalFromFunc(readNumber[uint64]),
	json.UnmarshalFromFunc(readNumber[int32]),
	json.UnmarshalFromFunc(readNumber[uint32]),
	json.UnmarshalFromFunc(readPageNumber),
	json.UnmarshalFromFunc(readTime),
	json.UnmarshalFromFunc(readBytes),
	json.UnmarshalFromFunc(readStatus),
	enum(ownNames[clarifai.StatusCode]("ZERO")),
	enum(ownNames[clarifai.Metric]("METRIC_NOT_SET")),
	enum(ownNames[clarifai.Gettable]("UNKNOWN_VISIBILITY")),
	enum(ownNames[clarifai.PointVisibility]("NOT_SET")),
	enum(ownNames[clarifai.WorkflowModelUseCase]("WORKFLOW_MODEL_USE_CASE_NOT_SET")),
	enum(conflictResolution),
)

// loosely returns unmarshalers for T that accept unknown fields, and nulls in lists.
func loosely[T any](r *reader, inner *json.Unmarshalers) *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *T) error {
		start := d.InputOffset()
		err := json.UnmarshalDecode(d, v, json.RejectUnknownMembers(false), json.WithUnmarshalers(inner))
		r.free = append(r.free, [2]int64{start, d.InputOffset()})
		return err
	})
}

// checkLists rejects nulls in lists, which the library decodes as zero values.
func (r *reader) checkLists(body []byte) error {
	for d := jsontext.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.ReadToken()
		if err != nil {
			return nil // io.EOF, since the library has already decoded the body
		}
		within, _ := d.StackIndex(d.StackDepth())
		free := func(span [2]int64) bool { return span[0] < d.InputOffset() && d.InputOffset() <= span[1] }
		if token.Kind() == jsontext.KindNull && within == jsontext.KindBeginArray && !slices.ContainsFunc(r.free, free) {
			return fmt.Errorf("%s must not be null", d.StackPointer())
		}
	}
}

// readNumber reads a number, which may be in quotes. Integers may be written like 1e3
// or 1.0.
func readNumber[N float64 | int64 | uint64 | int32 | uint32](d *jsontext.Decoder, n *N) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	if value.Kind() == jsontext.KindString {
		if value, err = jsontext.AppendUnquote(nil, value); err != nil {
			return err
		}
		if value.Kind() != jsontext.KindNumber || !value.IsValid() || len(bytes.TrimSpace(value)) < len(value) {
			return fmt.Errorf("%q is not a number", value)
		}
	}
	if value.Kind() != jsontext.KindNumber {
		return json.Unmarshal(value, n)
	}
	if _, isFloat := any(n).(*float64); isFloat {
		bits := 32
		if d.StackPointer().LastToken() == "float_value" {
			bits = 64 // all other fractional numbers of the API have 32 bits
		}
		_, err = strconv.ParseFloat(string(value), bits)
	} else if bytes.ContainsAny(value, ".eE") || string(value) == "-0" {
		var f float64
		f, err = strconv.ParseFloat(string(value), 64)
		value = strconv.AppendFloat(nil, f+0, 'f', -1, 64) // -0 + 0 is 0
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(value, n)
}

// readTime reads a time. As in the API, the year must be 1 to 9999, and the seconds may
// have at most nine decimal places.
func readTime(d *jsontext.Decoder, t *time.Time) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(value, t); err != nil {
		return err
	}
	if year := t.UTC().Year(); year < 1 || year > 9999 || moreThanNanoseconds.Match(value) {
		return fmt.Errorf("the time %s is out of range", value)
	}
	return nil
}

var moreThanNanoseconds = regexp.MustCompile(`\.\d{10}`)

// readBytes reads base64 in the standard or the URL alphabet, with or without
// padding.
func readBytes(d *jsontext.Decoder, b *[]byte) error {
	var text string
	err := json.UnmarshalDecode(d, &text)
	if err == nil {
		text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
		*b, err = base64.RawStdEncoding.DecodeString(text)
	}
	return err
}

// readStatus bypasses the lenient UnmarshalJSON of Status.
func readStatus(d *jsontext.Decoder, s *clarifai.Status) error {
	type plain clarifai.Status
	return json.UnmarshalDecode(d, (*plain)(s))
}

// enum reads a value of an enumeration, given as a number or a name.
func enum[E any](named func(string) (E, bool)) *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(d *jsontext.Decoder, e *E) error {
		if d.PeekKind() != jsontext.KindString {
			var n int32
			if err := readNumber(d, &n); err != nil {
				return err
			}
			return json.Unmarshal(strconv.AppendInt(nil, int64(n), 10), e)
		}
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		var ok bool
		if *e, ok = named(token.String()); !ok {
			return fmt.Errorf("unknown name %q", token.String())
		}
		return nil
	})
}

// ownNames returns a function that converts a name to a value of an enumeration of
// package clarifai. It accepts a name if the package encodes the value as a number other
// than 0. It also accepts the parameter zero, which is the name of the value 0.
func ownNames[E any](zero string) func(name string) (E, bool) {
	return func(name string) (e E, ok bool) {
		if name == zero {
			return e, true
		}
		if _, notName := strconv.Atoi(name); notName == nil {
			return e, false
		}
		quoted, err := json.Marshal(name)
		if err == nil {
			err = json.Unmarshal(quoted, &e)
		}
		number, again := json.Marshal(e)
		return e, err == nil && again == nil && jsontext.Value(number).Kind() == jsontext.KindNumber && string(number) != "0"
	}
}

func conflictResolution(name string) (clarifai.InputIDConflictResolution, bool) {
	resolution, ok := map[string]clarifai.InputIDConflictResolution{
		"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET": 0,
		"SKIP":                                 clarifai.InputIDConflictSkip,
		"SUFFIX":                               clarifai.InputIDConflictSuffix,
	}[name]
	return resolution, ok
}
