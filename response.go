package clarifai

import (
	"bytes"
	"cmp"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"math"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/go-resty/resty/v2"
)

// maxPooled is the largest buffer that is kept for the next response.
const maxPooled = 4 << 20

// bodies holds buffers for the bodies of responses. Nothing that a call returns
// refers to them.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// releaseBody keeps a buffer for the next response.
func releaseBody(b *bytes.Buffer) {
	if b.Cap() <= maxPooled {
		bodies.Put(b)
	}
}

// readBody reads the body of a response into b. resty would read it in pieces of 512
// bytes, and allocate five times as much.
func readBody(b *bytes.Buffer, resp *http.Response, limit int64) error {
	defer resp.Body.Close()
	b.Reset()
	if length := resp.ContentLength; length > 0 {
		b.Grow(int(min(length, limit, maxPooled-bytes.MinRead)) + bytes.MinRead) // no more for what is but a claim
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, min(limit, math.MaxInt-1)+1))
	if int64(b.Len()) > limit {
		return &joined{ErrInvalidResponse, fmt.Errorf("%w; ask for fewer results per page, or raise WithMaxResponseSize", ErrResponseTooLarge)}
	}
	return err
}

// read makes sense of the outcome of an attempt at a call, of which the failure
// names the method and the path. The failure that it returns is nil only when the
// API says success.
func read(failure *Error, fields []*field, redact redactor, resp *resty.Response, body []byte, err error) (Status, *Error) {
	if resp != nil {
		failure.HTTPStatus, failure.Attempts = resp.StatusCode(), resp.Request.Attempt
	}
	if err != nil {
		err = redact.error(err)
		if failure.HTTPStatus != 0 && !errors.Is(err, ErrInvalidResponse) { // the body was cut off
			err = &joined{ErrInvalidResponse, err}
		}
		failure.Err = err
		return Status{}, failure
	}
	success := resp.IsSuccess()
	status, err := decode(body, fields)
	if err == nil && status.Code == 0 && status.CodeName == "" {
		err = errors.New("has a status without a code")
	}
	if success && err == nil && status.Code == StatusSuccess {
		if err = missing(fields); err == nil {
			return redact.status(status), nil
		}
	}
	if clean := redact(string(body)); clean != string(body) {
		body = []byte(clean)
		var again error
		if status, again = decode(body, fields); again != nil && err != nil {
			err = again
		}
	}
	failure.Status = redact.status(status)
	if failure.Method != http.MethodGet {
		failure.Failed = failedItems(body, redact)
	}
	if err != nil {
		failure.Err = &joined{ErrInvalidResponse, redact.error(err)}
		// Invalid UTF-8 first, which could hide the token from redact.
		start := redact(string(bytes.ToValidUTF8(body[:min(len(body), 64<<10)], nil)))
		failure.Body = strings.ToValidUTF8(start[:min(len(start), 256)], "")
	}
	if target := resp.Header().Get("Location"); target != "" && !success {
		redirect := redact.error(fmt.Errorf("not following the redirect to %q", target))
		if failure.Err != nil {
			redirect = &joined{redirect, failure.Err}
		}
		failure.Err = redirect
	}
	return failure.Status, failure
}

// failedItems finds the items of a write that failed, which come in a list of the
// response, each with its status.
func failedItems(body []byte, redact redactor) (failed []ItemError) {
	var response map[string]jsontext.Value
	if json.Unmarshal(body, &response, asEncodingJSON) != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(response)) {
		var items []struct {
			ID     string  `json:"id"`
			Status *Status `json:"status"`
		}
		if json.Unmarshal(response[name], &items, asEncodingJSON) != nil {
			continue // no list of resources
		}
		for i, item := range items {
			if item.Status != nil && item.Status.failed() {
				failed = append(failed, ItemError{Index: i, ID: item.ID, Status: redact.status(*item.Status)})
			}
		}
	}
	return failed
}

// field is a field of a response that a call wants.
type field struct {
	name     string // empty for the response as a whole
	into     any    // a pointer; what it points to is zero if the field is missing or null
	required bool
	quoted   bool         // holds numbers that the API puts in quotes, or a json.Number
	check    func() error // what else it must be; may be nil
	complete func() error // what else the response to a call that succeeded must hold; may be nil
	present  bool         // and not null
	checksum uint64       // of its text
	err      error        // why it could not be decoded
}

var checksumSeed = maphash.MakeSeed()

// readings are the options of the JSON library for responses, each for what the one
// before cannot read: numbers in quotes, those of a type that a caller named, and types
// that only encoding/json puts up with, such as a struct with a malformed tag.
var readings = []json.Options{
	asEncodingJSON,
	json.JoinOptions(asEncodingJSON, quotedNumbers),
	json.JoinOptions(asEncodingJSON, quotedNumbers, json.StringifyNumbers(true), jsonv1.StringifyWithLegacySemantics(false)),
	json.JoinOptions(jsonv1.DefaultOptionsV1(), quotedNumbers),
}

var (
	// quotedNumbers also reads numbers in quotes, which takes a quarter more time.
	quotedNumbers = json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(readNumber[int]), json.UnmarshalFromFunc(readNumber[int8]), json.UnmarshalFromFunc(readNumber[int16]),
		json.UnmarshalFromFunc(readNumber[int32]), json.UnmarshalFromFunc(readNumber[int64]),
		json.UnmarshalFromFunc(readNumber[uint]), json.UnmarshalFromFunc(readNumber[uint8]), json.UnmarshalFromFunc(readNumber[uint16]),
		json.UnmarshalFromFunc(readNumber[uint32]), json.UnmarshalFromFunc(readNumber[uint64]),
		json.UnmarshalFromFunc(readFloat[float32]), json.UnmarshalFromFunc(readFloat[float64]),
		json.UnmarshalFromFunc(readJSONNumber),
	))
	withoutQuotedNumbers = json.WithUnmarshalers(nil)
)

// readNumber reads a number, which may be in quotes.
func readNumber[T any](d *jsontext.Decoder, into *T) error {
	return json.UnmarshalDecode(d, into, withoutQuotedNumbers, json.StringifyNumbers(d.PeekKind() == '"'), jsonv1.StringifyWithLegacySemantics(false))
}

// readFloat also reads what protobuf has in place of numbers that JSON does not have.
func readFloat[T float32 | float64](d *jsontext.Decoder, into *T) error {
	err := readNumber(d, into)
	var e *json.SemanticError
	if errors.As(err, &e) {
		name, _ := jsontext.AppendUnquote(nil, e.JSONValue)
		if x, ok := map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}[string(name)]; ok {
			*into, err = T(x), nil
		}
	}
	return err
}

// readJSONNumber reads the number of encoding/json, which the library does not know
// before Go 1.27.
func readJSONNumber(d *jsontext.Decoder, into *stdjson.Number) error {
	text, err := d.ReadValue()
	if err != nil {
		return err
	}
	return stdjson.Unmarshal(text, into)
}

// decode reads a response: an object with a status and with fields. The status comes
// back with the error of a field too.
func decode(body []byte, fields []*field) (Status, error) {
	if kind := jsontext.Value(body).Kind(); kind != '{' && kind != 0 {
		return Status{}, errors.New("is not an object")
	}
	var status *Status
	r := response{body, append([]*field{{name: "status", into: &status}}, fields...)}
	var err error
	for i, options := range readings {
		if failure := r.decode(options); failure == nil || i < 2 {
			err = failure
		}
		if _, ok := err.(*json.SemanticError); !ok {
			break
		}
	}
	_, broken := err.(*jsontext.SyntacticError)
	switch {
	case broken:
		return Status{}, r.where(err)
	case err == nil && status == nil:
		return Status{}, errors.New("has no status")
	case status == nil:
		return Status{}, r.where(err)
	case err != nil:
		return *status, r.where(err)
	}
	for _, f := range fields {
		if f.present && f.check != nil {
			if err := f.check(); err != nil {
				return *status, fmt.Errorf("%s: %w", f.name, err)
			}
		}
	}
	return *status, nil
}

// unreadable is an error of decoding. Its text may quote the response; loggable
// does not.
type unreadable struct {
	error
	loggable string
}

func (e unreadable) Unwrap() error { return e.error }

// loggable is the text of an error without what it quotes, which may be of a response.
func loggable(err error) string {
	text := bare(err)
	var unreadable unreadable
	if errors.As(err, &unreadable) {
		text = bare(ErrInvalidResponse) + ": " + unreadable.loggable
	}
	return quoted.ReplaceAllString(text, "…")
}

var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"?`)

// where puts an error of the JSON library in the words of this package.
func (r *response) where(err error) error {
	var path, known, kind string
	var at int64
	switch e := err.(type) {
	case *jsontext.SyntacticError:
		path, known, at, err, kind = jsonPath(e.JSONPointer), r.known(e.JSONPointer), e.ByteOffset, e.Err, "invalid JSON"
	case *json.SemanticError:
		path, known, at, err = jsonPath(e.JSONPointer), r.known(e.JSONPointer), e.ByteOffset, e.Err
		found := cmp.Or(map[jsontext.Kind]string{'{': "an object", '[': "an array", '"': "a string", '0': "a number"}[e.JSONKind], e.JSONKind.String())
		kind = fmt.Sprintf("%s is not of type %v", found, e.GoType)
		if err == nil {
			err = fmt.Errorf("%s where %s is expected", found, wanted(e.GoType))
		} else if len(e.JSONValue) > 0 {
			err = fmt.Errorf("%s: %w", kind, err)
		}
	}
	if path != "" {
		err = fmt.Errorf("%s: %w", path, err)
	}
	if known != "" {
		kind = known + ": " + kind
	}
	return unreadable{fmt.Errorf("%w, at byte %d", err, at), fmt.Sprintf("%s, at byte %d", kind, at)}
}

// known is the start of a path as far as its names are those of types. The others are
// data: the keys of maps, and what the server made up.
func (r *response) known(path jsontext.Pointer) string {
	var start jsontext.Pointer
	var t reflect.Type
	for _, f := range r.fields {
		if f.name == "" {
			t = reflect.TypeOf(f.into)
		}
	}
	for name := range path.Tokens() {
		if i := slices.IndexFunc(r.fields, func(f *field) bool { return f.name == name }); start == "" && i >= 0 {
			t = reflect.TypeOf(r.fields[i].into)
		} else if t = typeWithin(t, name); t == nil {
			break
		}
		start = start.AppendToken(name)
	}
	return jsonPath(start)
}

// typeWithin returns the type of the value that has a name, or an index, in JSON of a
// type, nil if the type has no such name.
func typeWithin(t reflect.Type, name string) reflect.Type {
	if t == nil {
		return nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return t.Elem()
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && strings.EqualFold(cmp.Or(tag, f.Name), name) {
				return f.Type
			}
		}
	}
	return nil
}

// wanted is what JSON has for a type.
func wanted(t reflect.Type) string {
	switch kind := t.Kind(); {
	case kind == reflect.String, t == reflect.TypeFor[[]byte](), t == reflect.TypeFor[time.Time]():
		return "a string"
	case kind == reflect.Struct, kind == reflect.Map:
		return "an object"
	case kind == reflect.Slice, kind == reflect.Array:
		return "an array"
	case kind == reflect.Bool:
		return "true or false"
	case reflect.Int <= kind && kind <= reflect.Float64:
		return "a number"
	}
	return t.String()
}

// response is what is read of a response.
type response struct {
	body   []byte
	fields []*field
}

// decode reads the response by the options of the JSON library, from the start.
func (r *response) decode(options json.Options) error {
	for _, f := range r.fields {
		f.clear() // an attempt before may have left something
	}
	if err := json.Unmarshal(r.body, r, options); err != nil {
		return err
	}
	for _, f := range r.fields {
		if f.name == "" {
			f.err = json.Unmarshal(r.body, f.into, quotedNumbers, options)
		}
		if f.err != nil {
			return f.err
		}
	}
	return nil
}

// UnmarshalJSONFrom reads the fields, in whatever order they come. Of those of one
// name the last counts.
func (r *response) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(r.fields, func(f *field) bool { return f.name != "" && f.name == name.String() })
		if i < 0 {
			err = d.SkipValue()
		} else {
			err = r.fields[i].decode(d, r.body)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

// decode reads the field, which comes next. Its error is one of the JSON text; an
// error of a value is left in the field.
func (f *field) decode(d *jsontext.Decoder, body []byte) error {
	f.clear()
	f.present = d.PeekKind() != 'n'
	start, depth := d.InputOffset(), d.StackDepth()
	_, length := d.StackIndex(depth)
	if f.quoted {
		f.err = json.UnmarshalDecode(d, f.into, quotedNumbers)
	} else {
		f.err = json.UnmarshalDecode(d, f.into)
	}
	if _, ok := f.err.(*jsontext.SyntacticError); ok {
		return f.err
	}
	for f.err != nil { // the status may be yet to come
		if _, n := d.StackIndex(depth); n > length && d.StackDepth() == depth {
			break
		}
		if _, err := d.ReadToken(); err != nil {
			return err
		}
	}
	f.checksum = maphash.Bytes(checksumSeed, body[start:d.InputOffset()])
	return nil
}

// clear makes a field what it is before anything is decoded into it.
func (f *field) clear() {
	f.present, f.checksum, f.err = false, 0, nil
	reflect.ValueOf(f.into).Elem().SetZero()
}

// missing finds what had to come.
func missing(fields []*field) error {
	for _, f := range fields {
		if f.required && !f.present {
			return fmt.Errorf("has no %s", f.name)
		}
		if f.complete != nil {
			if err := f.complete(); err != nil {
				return err
			}
		}
	}
	return nil
}

// itemsField is a field that holds items, none of which may be null.
func itemsField[T any](name string, into *[]*T) *field {
	ours := reflect.TypeFor[T]().PkgPath() == reflect.TypeFor[field]().PkgPath()
	return &field{name: name, into: into, quoted: !ours, check: func() error {
		if i := slices.Index(*into, nil); i >= 0 {
			return fmt.Errorf("item %d is null", i)
		}
		return nil
	}}
}
