package clarifai

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/go-resty/resty/v2"
)

// maxPooled is the capacity of the largest buffer that is kept for reuse.
const maxPooled = 4 << 20

// bodies holds buffers for response bodies. Nothing that a call returns refers to them.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// releaseBody returns a buffer to the pool, unless it is too large.
func releaseBody(b *bytes.Buffer) {
	if b.Cap() <= maxPooled {
		bodies.Put(b)
	}
}

// readBody reads the body of a response into b. resty would read it 512 bytes at a
// time, and allocate five times as much memory.
func readBody(b *bytes.Buffer, resp *http.Response, limit int64) error {
	defer resp.Body.Close()
	b.Reset()
	if length := resp.ContentLength; length > 0 {
		b.Grow(int(min(length, limit, maxPooled-bytes.MinRead)) + bytes.MinRead) // the header may be wrong
	}
	_, err := b.ReadFrom(io.LimitReader(resp.Body, min(limit, math.MaxInt-1)+1))
	if int64(b.Len()) > limit {
		return &joined{ErrInvalidResponse, fmt.Errorf("%w; request fewer results per page, or increase WithMaxResponseSize", ErrResponseTooLarge)}
	}
	return err
}

// read evaluates the outcome of an attempt. The given failure holds the method and
// path of the call. The returned failure is nil only if the API reported success.
func read(failure *Error, fields []*field, redact redactor, resp *resty.Response, body []byte, err error) (Status, *Error) {
	if resp != nil {
		failure.HTTPStatus, failure.Attempts = resp.StatusCode(), resp.Request.Attempt
	}
	if err != nil {
		err = redact.error(err)
		if failure.HTTPStatus != 0 && !errors.Is(err, ErrInvalidResponse) { // the body was truncated
			err = &joined{ErrInvalidResponse, err}
		}
		failure.Err = err
		return Status{}, failure
	}
	success := resp.IsSuccess()
	status, err := decode(body, fields)
	if err == nil && status.Code == 0 && status.CodeName == "" {
		err = errors.New("the status has no code")
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
		// Remove invalid UTF-8 first: it could hide the token from redact.
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

// failedItems returns the failed items of a write. The response has a list of items, each
// with its status.
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
			continue // not a list of resources
		}
		for i, item := range items {
			if item.Status != nil && item.Status.failed() {
				failed = append(failed, ItemError{Index: i, ID: item.ID, Status: redact.status(*item.Status)})
			}
		}
	}
	return failed
}

// field is a response field to be decoded.
type field struct {
	name     string // empty for the whole response
	into     any    // pointer to the value, which is zeroed if the field is missing or null
	required bool
	quoted   bool         // whether it may hold quoted numbers or a json.Number
	check    func() error // validates the value if the field is present; may be nil
	complete func() error // validates the response to a successful call; may be nil
	present  bool         // whether the response has the field, and it is not null
	checksum uint64       // checksum of the JSON text
	err      error        // decoding error
}

var checksumSeed = maphash.MakeSeed()

// readings are sets of JSON options for decoding a response. If decoding with one set
// fails with a SemanticError, the next set is tried. The second set adds support for
// quoted numbers, the third for quoted numbers of named types, and the fourth for types
// that only encoding/json accepts, such as a struct with a malformed tag.
var readings = []json.Options{
	asEncodingJSON,
	json.JoinOptions(asEncodingJSON, quotedNumbers),
	json.JoinOptions(asEncodingJSON, quotedNumbers, json.StringifyNumbers(true), jsonv1.StringifyWithLegacySemantics(false)),
	json.JoinOptions(jsonv1.DefaultOptionsV1(), quotedNumbers),
}

var (
	// quotedNumbers adds support for quoted numbers. It makes decoding about 25% slower.
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

// readNumber decodes a number, which may be quoted.
func readNumber[T any](d *jsontext.Decoder, into *T) error {
	return json.UnmarshalDecode(d, into, withoutQuotedNumbers, json.StringifyNumbers(d.PeekKind() == '"'), jsonv1.StringifyWithLegacySemantics(false))
}

// readFloat is like readNumber, but also decodes "NaN", "Infinity" and "-Infinity", the
// strings that protobuf uses for numbers without a JSON form.
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

// readJSONNumber decodes an encoding/json.Number, which encoding/json/v2 does not
// support before Go 1.27.
func readJSONNumber(d *jsontext.Decoder, into *stdjson.Number) error {
	text, err := d.ReadValue()
	if err != nil {
		return err
	}
	return stdjson.Unmarshal(text, into)
}

// decode decodes a response, which is an object with a status and the given fields. It
// returns the status even if a field cannot be decoded.
func decode(body []byte, fields []*field) (Status, error) {
	if kind := jsontext.Value(body).Kind(); kind != '{' && kind != 0 {
		return Status{}, errors.New("not a JSON object")
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
		return Status{}, errors.New("missing status")
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

// response decodes the wanted fields of a response.
type response struct {
	body   []byte
	fields []*field
}

// decode decodes the body from the start, with the given options.
func (r *response) decode(options json.Options) error {
	for _, f := range r.fields {
		f.clear() // discard the values of an earlier attempt
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

// UnmarshalJSONFrom decodes the fields in any order. If a name occurs more than once,
// the last occurrence wins.
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

// decode decodes the next value into the field. It returns syntax errors only; any
// other error is stored in f.err.
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
	for f.err != nil { // skip the rest of the value, as the status may follow
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

// clear resets the field.
func (f *field) clear() {
	f.present, f.checksum, f.err = false, 0, nil
	reflect.ValueOf(f.into).Elem().SetZero()
}

// missing reports an error if a required part of the response is missing.
func missing(fields []*field) error {
	for _, f := range fields {
		if f.required && !f.present {
			return fmt.Errorf("missing %s", f.name)
		}
		if f.complete != nil {
			if err := f.complete(); err != nil {
				return err
			}
		}
	}
	return nil
}

// itemsField returns a field that holds items. A null item is an error.
func itemsField[T any](name string, into *[]*T) *field {
	ours := reflect.TypeFor[T]().PkgPath() == reflect.TypeFor[field]().PkgPath()
	return &field{name: name, into: into, quoted: !ours, check: func() error {
		if i := slices.Index(*into, nil); i >= 0 {
			return fmt.Errorf("item %d is null", i)
		}
		return nil
	}}
}
