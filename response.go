package clarifai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-resty/resty/v2"
)

// redactor replaces the token, also where it is quoted or escaped as JSON, Go, URLs
// and HTML do it. A token of a few letters is one that a test made up, and would be
// found within words.
func redactor(token string) *strings.Replacer {
	if len(token) < 6 {
		return strings.NewReplacer()
	}
	quoted, _ := json.Marshal(token)
	asJSON, asGo := string(quoted), strconv.Quote(token)
	forms := []string{
		token,
		asJSON[1 : len(asJSON)-1],
		strings.ReplaceAll(asJSON[1:len(asJSON)-1], "/", `\/`),
		asGo[1 : len(asGo)-1],
		url.QueryEscape(token),
		url.PathEscape(token),
		html.EscapeString(token),
	}
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, "[the token]")
	}
	return strings.NewReplacer(pairs...)
}

// field is a field of a response: what it is decoded into, and how it came.
type field struct {
	into     any
	required bool
	check    func() error // what else it must be; may be nil
	raw      []byte       // its text in the response
	err      error        // why it could not be decoded
}

// readBody reads the body of a response. resty would do it in pieces of 512 bytes,
// and allocate five times as much.
func readBody(resp *resty.Response, limit int64) error {
	body, length := resp.RawResponse.Body, resp.RawResponse.ContentLength
	defer body.Close()
	var b bytes.Buffer
	if length > 0 {
		b.Grow(int(min(length, limit, 4<<20)) + bytes.MinRead) // no more for what is but a claim
	}
	_, err := b.ReadFrom(io.LimitReader(body, min(limit, math.MaxInt-1)+1))
	if int64(b.Len()) > limit {
		return fmt.Errorf("%w: %w; ask for fewer results per page, or raise WithMaxResponseSize", ErrInvalidResponse, ErrResponseTooLarge)
	}
	resp.SetBody(b.Bytes())
	return err
}

// read makes sense of the outcome of an attempt. The failure is nil only when
// the API says success.
func (c *Client) read(op operation, path string, resp *resty.Response, err error) (Status, *Error) {
	failure := &Error{Method: op.method, Path: path}
	if resp != nil {
		failure.HTTPStatus, failure.Attempts = resp.StatusCode(), resp.Request.Attempt
	}
	if err != nil {
		var wrapped *url.Error // says method and URL once more
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		err = c.readable(err)
		if failure.HTTPStatus != 0 && !errors.Is(err, ErrInvalidResponse) { // the body was cut off
			err = fmt.Errorf("%w: %w", ErrInvalidResponse, err)
		}
		failure.Err = err
		return Status{}, failure
	}
	body := resp.Body()
	success := resp.IsSuccess()
	status, err := c.decode(body, op.fields)
	if success && err == nil && status.Code == StatusSuccess {
		if err = missing(op.fields); err == nil {
			return status, nil
		}
	}
	if clean := c.conn.redact(string(body)); clean != string(body) {
		body = []byte(clean)
		var again error
		if status, again = c.decode(body, op.fields); again != nil && err != nil {
			err = again
		}
	}
	failure.Status = status
	if err != nil {
		failure.Err = fmt.Errorf("%w: %w", ErrInvalidResponse, err)
		// Invalid UTF-8 first, which could hide the token from redact.
		start := c.conn.redact(string(bytes.ToValidUTF8(body[:min(len(body), 64<<10)], nil)))
		failure.Body = strings.ToValidUTF8(start[:min(len(start), 256)], "")
	}
	if target := resp.Header().Get("Location"); target != "" && !success {
		redirect := c.readable(fmt.Errorf("not following the redirect to %q", target))
		if failure.Err != nil {
			redirect = fmt.Errorf("%w: %w", redirect, failure.Err)
		}
		failure.Err = redirect
	}
	return status, failure
}

// decode is the function decode, without the token in the status and in the error.
func (c *Client) decode(body []byte, fields map[string]*field) (Status, error) {
	status, err := decode(body, fields)
	if err == nil && status.Code == 0 && status.CodeName == "" {
		err = errors.New("has a status without a code")
	}
	if err != nil {
		err = c.readable(err)
	}
	return c.redactStatus(status), err
}

func (c *Client) redactStatus(s Status) Status {
	for _, text := range []*string{&s.CodeName, &s.Description, &s.Details, &s.ReqID, &s.DeveloperNotes} {
		*text = c.conn.redact(*text)
	}
	return s
}

// readable is an error without the token, and without the megabytes of what it
// may quote from a response.
func (c *Client) readable(err error) error {
	text := cut(c.conn.redact(err.Error()), readableLength)
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}

// missing finds a field that had to come.
func missing(fields map[string]*field) error {
	for name, field := range fields {
		if field.required && (field.raw == nil || string(field.raw) == "null") {
			return fmt.Errorf("has no %s", name)
		}
	}
	return nil
}

// itemsField is a field that holds items, none of which may be null.
func itemsField[T any](into *[]*T) *field {
	return &field{into: into, check: func() error {
		if i := slices.Index(*into, nil); i >= 0 {
			return fmt.Errorf("item %d is null", i)
		}
		return nil
	}}
}
