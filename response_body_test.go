package clarifai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestReadBodyRespectsItsLimit(t *testing.T) {
	const limit = 100_000
	for _, test := range []struct {
		size   int
		length int64 // as the header has it; -1 for none
		ok     bool
	}{
		{0, 0, true}, {0, -1, true}, {1, 1, true}, {limit, limit, true}, {limit, -1, true}, {1, 1 << 60, true},
		{limit + 1, limit + 1, false}, {limit + 1, -1, false}, {10 * limit, 1, false},
	} {
		body := strings.NewReader(strings.Repeat("x", test.size))
		closed := false
		resp := &http.Response{ContentLength: test.length, Body: readCloser{body, func() error { closed = true; return nil }}}
		var b bytes.Buffer
		err := readBody(&b, resp, limit)
		if !closed {
			t.Errorf("%+v: not closed", test)
		}
		if test.ok && (err != nil || b.Len() != test.size) || !test.ok && !errors.Is(err, ErrResponseTooLarge) {
			t.Errorf("%+v: %d bytes, %v", test, b.Len(), err)
		}
		if read := test.size - body.Len(); read > limit+1 {
			t.Errorf("%+v: read %d bytes", test, read)
		}
	}
}

func TestAClaimedLengthReservesLittleMemory(t *testing.T) {
	resp := &http.Response{ContentLength: 1 << 60, Body: io.NopCloser(strings.NewReader("{}"))}
	var b bytes.Buffer
	if err := readBody(&b, resp, defaultMaxResponseSize); err != nil || b.String() != "{}" || b.Cap() > maxPooled {
		t.Errorf("%q in a buffer of %d bytes, %v", b.String(), b.Cap(), err)
	}
}

type readCloser struct {
	io.Reader
	close func() error
}

func (r readCloser) Close() error { return r.close() }

// bodyOf is a transport whose responses all have one body.
type bodyOf string

func (b bodyOf) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(b))), ContentLength: -1, Header: http.Header{}}, nil
}

// The buffer of a response is used for the next one, so nothing that a call returns
// may refer to it.
func TestNothingRefersToTheBufferOfAResponse(t *testing.T) {
	call := func(body string) (any, error) {
		client, err := NewClient(WithPAT("pat"), WithApp("u", "a"), WithHTTPClient(&http.Client{Transport: bodyOf(body)}))
		if err != nil {
			t.Fatal(err)
		}
		endpoint := Endpoint[struct {
			Raw    json.RawMessage
			Number json.Number
			Bytes  []byte
			Any    any
			Text   textual
			Map    map[string]string
		}]{Method: http.MethodGet, Path: appPath + "/x", Key: "x"}
		page, err := endpoint.List(t.Context(), client, nil)
		var raw *Page[json.RawMessage]
		if err == nil {
			raw, err = Endpoint[json.RawMessage]{Method: http.MethodGet, Path: appPath + "/x", Key: "x"}.List(t.Context(), client, nil)
		}
		return []any{page, raw}, err
	}
	for _, body := range []string{
		`{"status":{"code":10000,"description":"description"},"x":[{"Raw":{"a":1},"Number":1.5,"Bytes":"aGVsbG8=","Any":["any"],"Text":"text","Map":{"k":"v"}}]}`,
		`{"status":{"code":10020,"details":"details"},"x":[]}`,
		`{"status":{"code":10020,"details":"details"},"x":{"key":"wrong"}}`,
		`{"status":{"code":10000},"x":[{"Number":"twelve"}]}`,
		`{"status":{"code":10000},"x":["unfinished`,
		"<html>no JSON",
	} {
		for range 10 { // with the race detector, a pool forgets some
			value, err := call(body)
			before := dump(value) + fmt.Sprintf("%+v", err)
			for range 4 {
				b := bodies.Get().(*bytes.Buffer)
				b.Reset()
				b.WriteString(strings.Repeat("!", b.Cap()))
			}
			if after := dump(value) + fmt.Sprintf("%+v", err); after != before {
				t.Fatalf("%s\nbecame\n%s", before, after)
			}
		}
	}
}

func TestALargeBufferIsNotKept(t *testing.T) {
	for range 10 {
		b := new(bytes.Buffer)
		b.Grow(maxPooled + 1)
		releaseBody(b)
		for range 4 {
			if got := bodies.Get().(*bytes.Buffer); got.Cap() > maxPooled {
				t.Fatalf("a buffer of %d bytes is kept", got.Cap())
			}
		}
	}
}
