package clarifai

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// This file reads responses: JSON text into the types of data.go, or a caller's.
//
// It has encoding/json's rules, down to names that come twice, and forgives more: a
// number may be in quotes, as protobuf sends 64-bit integers, and a float may be
// "NaN", "Infinity" or "-Infinity". No library does that, and most of the time of a
// page would go into encoding/json, which takes three times as long.
//
// A type is read by a plan, which reflection makes once. What a plan cannot express
// exactly, among the types of callers, is left to encoding/json.

// decode reads a response: an object with a status and with fields. A field that
// is missing or null leaves what it is decoded into empty.
func decode(body []byte, fields map[string]*field) (Status, error) {
	var status *Status
	statusField := &field{into: &status}
	for _, f := range fields {
		f.clear() // an attempt before may have left something
	}
	p := &parser{text: body, interned: new([256]string), lengths: map[reflect.Type]int{}}
	if p.peek(); p.pos == len(body) {
		return Status{}, io.ErrUnexpectedEOF
	} else if body[p.pos] != '{' {
		return Status{}, p.unexpected("an object")
	}
	err := p.object(func(name []byte) error {
		f := fields[string(name)]
		if string(name) == "status" {
			f = statusField
		}
		if f == nil {
			return p.skip()
		}
		f.clear() // of fields of one name, the last counts
		p.peek()
		start := p.pos
		into := reflect.ValueOf(f.into).Elem()
		if err := planOf(into.Type()).read(p, into); err != nil {
			f.err = within("."+string(name), err)
			// Is it the type that is wrong, or the JSON? The status may be yet to come.
			p.pos, p.depth = start, 1
			if p.skip() != nil {
				return f.err
			}
		}
		f.raw = body[start:p.pos]
		return nil
	})
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return Status{}, err
	}
	switch {
	case statusField.err != nil:
		return Status{}, statusField.err
	case status == nil:
		return Status{}, errors.New("has no status")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		f := fields[name]
		if f.err != nil {
			return *status, f.err
		}
		if f.raw != nil && f.check != nil {
			if err := f.check(); err != nil {
				return *status, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return *status, nil
}

// unmarshal reads a value of one of the types that have a plan of their own.
func unmarshal(text []byte, into any) error {
	p, v := &parser{text: text, lengths: map[reflect.Type]int{}}, reflect.ValueOf(into).Elem()
	if err := planOf(v.Type()).read(p, v); err != nil {
		return err
	}
	return p.end()
}

// clear makes a field what it is before anything is decoded into it.
func (f *field) clear() {
	f.raw, f.err = nil, nil
	reflect.ValueOf(f.into).Elem().SetZero()
}

// valueError is a value that cannot be read, and where it is.
type valueError struct {
	path string
	err  error
}

// Error is short, whatever the response holds.
func (e *valueError) Error() string {
	return strings.TrimPrefix(e.path, ".") + ": " + cut(e.err.Error(), 200)
}

func (e *valueError) Unwrap() error { return e.err }

// within says in which field or element the error is.
func within(place string, err error) error {
	e, ok := err.(*valueError)
	if !ok {
		e = &valueError{err: err}
	}
	e.path = cut(place, 64) + cut(e.path, 256)
	return e
}

// A plan is how to read a type.
type plan struct {
	// decode reads the value at p.pos.
	decode func(p *parser, v reflect.Value) error

	// null says what a null does to v: nothing, set it to nil, or go to decode as
	// every other value does.
	null nullRule
}

type nullRule int

const (
	nullIsIgnored nullRule = iota
	nullIsNil
	nullIsDecoded
)

func (pl *plan) read(p *parser, v reflect.Value) error {
	if p.peek() != 'n' || pl.null == nullIsDecoded {
		return pl.decode(p, v)
	}
	if pl.null == nullIsNil {
		v.SetZero()
	}
	return p.word("null")
}

var plans sync.Map // of reflect.Type to *plan

func planOf(t reflect.Type) *plan {
	if pl, ok := plans.Load(t); ok {
		return pl.(*plan)
	}
	made := map[reflect.Type]*plan{}
	pl := makePlan(t, made)
	for t, pl := range made {
		plans.LoadOrStore(t, pl)
	}
	return pl
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// makePlan adds the plan of a type to made, where a type that holds itself finds
// it, and those of the types within it.
func makePlan(t reflect.Type, made map[reflect.Type]*plan) *plan {
	if pl, ok := made[t]; ok {
		return pl
	}
	pl := &plan{}
	made[t] = pl
	pointer := reflect.PointerTo(t)
	switch {
	case t == reflect.TypeFor[Status]():
		pl.decode = structDecoder(t, made)
	case pointer.Implements(unmarshaler):
		pl.decode, pl.null = decodeRaw, nullIsDecoded
	case pointer.Implements(textUnmarshaler), t == reflect.TypeFor[json.Number]():
	case t.Kind() == reflect.Struct:
		pl.decode = structDecoder(t, made)
	case t.Kind() == reflect.Pointer:
		pl.decode, pl.null = pointerDecoder(t, made), nullIsNil
	case t == reflect.TypeFor[[]byte]():
		pl.decode, pl.null = bytesDecoder(t, made), nullIsNil
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		pl.decode, pl.null = sliceDecoder(t, made), nullIsNil
	case t == reflect.TypeFor[map[string]any]():
		pl.decode, pl.null = decodeObject, nullIsNil
	case t.Kind() == reflect.Map && t.Key() == reflect.TypeFor[string]():
		pl.decode, pl.null = mapDecoder(t, made), nullIsNil
	case t == reflect.TypeFor[any]():
		pl.decode, pl.null = decodeAny, nullIsNil
	case t.Kind() == reflect.String:
		pl.decode = decodeString
	case t.Kind() == reflect.Bool:
		pl.decode = decodeBool
	case reflect.Int <= t.Kind() && t.Kind() <= reflect.Uint64:
		pl.decode = decodeInteger
	case t.Kind() == reflect.Float64, t.Kind() == reflect.Float32:
		pl.decode = decodeFloat
	}
	if pl.decode == nil {
		pl.decode, pl.null = decodeRaw, nullIsDecoded
	}
	return pl
}

// decodeRaw leaves a value to encoding/json, or to the UnmarshalJSON of its type.
func decodeRaw(p *parser, v reflect.Value) error {
	raw, err := p.raw()
	if err != nil {
		return err
	}
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		return u.UnmarshalJSON(raw)
	}
	return json.Unmarshal(raw, v.Addr().Interface())
}

// structField is a field of a struct, and how to read it.
type structField struct {
	name  string
	index int // -1 for the struct itself
	plan  *plan
}

// plainName are the names in tags that encoding/json surely takes as they are.
var plainName = regexp.MustCompile(`^[\w.-]+$`)

// structDecoder returns nil for a struct whose names only encoding/json can sort out.
func structDecoder(t reflect.Type, made map[reflect.Type]*plan) func(*parser, reflect.Value) error {
	var fields []structField
	names := map[string]bool{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if name == "" {
			name = f.Name
		} else if !plainName.MatchString(name) {
			return nil
		}
		if f.Anonymous || names[name] || strings.Contains(options, "string") {
			return nil
		}
		names[name] = true
		field := structField{name, i, makePlan(f.Type, made)}
		if t == reflect.TypeFor[Status]() && name == "code" {
			field.index, field.plan = -1, &plan{decodeStatusCode, nullIsDecoded} // it makes two fields
		}
		fields = append(fields, field)
	}

	// find looks from the field after the last one on, as they come in order.
	find := func(name []byte, from int) int {
		for i := range fields {
			if i += from; i >= len(fields) {
				i -= len(fields)
			}
			if fields[i].name == string(name) {
				return i
			}
		}
		folded := string(name)
		return slices.IndexFunc(fields, func(f structField) bool { return strings.EqualFold(f.name, folded) })
	}
	return func(p *parser, v reflect.Value) error {
		if p.peek() != '{' {
			return p.unexpected("an object")
		}
		next := 0
		return p.object(func(name []byte) error {
			i := find(name, next)
			if i < 0 {
				return p.skip()
			}
			next = i + 1
			f, into := &fields[i], v
			if f.index >= 0 {
				into = v.Field(f.index)
			}
			if err := f.plan.read(p, into); err != nil {
				return within("."+f.name, err)
			}
			return nil
		})
	}
}

func pointerDecoder(t reflect.Type, made map[reflect.Type]*plan) func(*parser, reflect.Value) error {
	elem := makePlan(t.Elem(), made)
	return func(p *parser, v reflect.Value) error {
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		return elem.read(p, v.Elem())
	}
}

func sliceDecoder(t reflect.Type, made map[reflect.Type]*plan) func(*parser, reflect.Value) error {
	elem := makePlan(t.Elem(), made)
	return func(p *parser, v reflect.Value) error {
		if p.peek() != '[' {
			return p.unexpected("an array")
		}
		n := 0
		err := p.array(func() error {
			if n == v.Cap() {
				// A slice is likely as long as the one of its type before it was.
				v.Grow(max(p.lengths[t]-n, 1))
				p.lengths[t] = 0 // what it holds of its own type is not to take as much again
			}
			if n == v.Len() {
				v.SetLen(n + 1)
			}
			if err := elem.read(p, v.Index(n)); err != nil {
				return within("["+strconv.Itoa(n)+"]", err)
			}
			n++
			return nil
		})
		if n == 0 {
			v.Set(reflect.MakeSlice(t, 0, 0))
		}
		v.SetLen(n)
		p.lengths[t] = n
		return err
	}
}

func bytesDecoder(t reflect.Type, made map[reflect.Type]*plan) func(*parser, reflect.Value) error {
	numbers := sliceDecoder(t, made)
	return func(p *parser, v reflect.Value) error {
		if p.peek() == '[' {
			return numbers(p, v)
		}
		text, err := p.stringBytes()
		if err != nil {
			return err
		}
		b := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Decode(b, text)
		v.SetBytes(b[:n])
		return err
	}
}

func mapDecoder(t reflect.Type, made map[reflect.Type]*plan) func(*parser, reflect.Value) error {
	elem := makePlan(t.Elem(), made)
	return func(p *parser, v reflect.Value) error {
		if p.peek() != '{' {
			return p.unexpected("an object")
		}
		if v.IsNil() {
			v.Set(reflect.MakeMap(t))
		}
		return p.object(func(name []byte) error {
			key, value := p.intern(name), reflect.New(t.Elem()).Elem()
			if err := elem.read(p, value); err != nil {
				return within(fmt.Sprintf("[%.32q]", key), err)
			}
			v.SetMapIndex(reflect.ValueOf(key), value)
			return nil
		})
	}
}

func decodeObject(p *parser, v reflect.Value) error {
	if p.peek() != '{' {
		return p.unexpected("an object")
	}
	m := v.Addr().Interface().(*map[string]any)
	if *m == nil {
		*m = map[string]any{}
	}
	return p.members(*m)
}

func decodeAny(p *parser, v reflect.Value) error {
	value, err := p.any()
	if err == nil && value != nil {
		v.Set(reflect.ValueOf(value))
	}
	return err
}

func decodeStatusCode(p *parser, v reflect.Value) error {
	raw, err := p.raw()
	if err != nil {
		return err
	}
	return v.Addr().Interface().(*Status).setCode(raw)
}

func decodeString(p *parser, v reflect.Value) error {
	b, err := p.stringBytes()
	if err == nil {
		v.SetString(p.intern(b))
	}
	return err
}

func decodeBool(p *parser, v reflect.Value) error {
	value := p.peek() == 't'
	if !value && p.peek() != 'f' {
		return p.unexpected("true or false")
	}
	v.SetBool(value)
	return p.word(strconv.FormatBool(value))
}

func decodeInteger(p *parser, v reflect.Value) error {
	b, err := p.numberBytes()
	if err != nil {
		return err
	}
	if v.CanInt() {
		n, err := strconv.ParseInt(string(b), 10, v.Type().Bits())
		v.SetInt(n)
		return notA(v, b, err)
	}
	n, err := strconv.ParseUint(string(b), 10, v.Type().Bits())
	v.SetUint(n)
	return notA(v, b, err)
}

func decodeFloat(p *parser, v reflect.Value) error {
	start := p.pos
	if p.peek() == '"' {
		b, err := p.stringBytes()
		if err != nil {
			return err
		}
		switch string(b) {
		case "NaN":
			v.SetFloat(math.NaN())
			return nil
		case "Infinity":
			v.SetFloat(math.Inf(1))
			return nil
		case "-Infinity":
			v.SetFloat(math.Inf(-1))
			return nil
		}
		p.pos = start
	}
	b, err := p.numberBytes()
	if err != nil {
		return err
	}
	x, err := strconv.ParseFloat(string(b), v.Type().Bits())
	v.SetFloat(x)
	return notA(v, b, err)
}

// notA says that a number does not fit, where there is an error.
func notA(v reflect.Value, number []byte, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%.32s is not of type %v", number, v.Kind())
}

// parser reads JSON text, as strictly as encoding/json does: a syntax error is
// one wherever it is, in what is skipped too.
type parser struct {
	text  []byte
	pos   int
	depth int

	// interned holds strings that have come before: concepts, sizes and formats
	// repeat themselves all over a page. Nil keeps none.
	interned *[256]string

	lengths map[reflect.Type]int // of the last slice of each type
}

const maxDepth = 10000 // that of encoding/json

// peek skips white space, and returns the next byte: 0 at the end.
func (p *parser) peek() byte {
	for ; p.pos < len(p.text); p.pos++ {
		if c := p.text[p.pos]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// end makes sure that nothing follows.
func (p *parser) end() error {
	if p.peek(); p.pos < len(p.text) {
		return p.unexpected("the end")
	}
	return nil
}

// unexpected is the error of what is at p.pos.
func (p *parser) unexpected(want string) error {
	found := "the end"
	if c := p.peek(); p.pos < len(p.text) {
		switch {
		case c == '"':
			found = "a string"
		case c == '{':
			found = "an object"
		case c == '[':
			found = "an array"
		case c == '-' || isDigit(c):
			found = "a number"
		default:
			found = fmt.Sprintf("%q", c)
		}
	}
	return fmt.Errorf("%s where %s is expected, at byte %d", found, want, p.pos)
}

// array reads an array, whose elements are read by the function.
func (p *parser) array(element func() error) error { return p.list(']', element) }

// object reads an object, whose values are read by the function. The name is good
// until it returns.
func (p *parser) object(member func(name []byte) error) error {
	return p.list('}', func() error {
		p.peek()
		name, err := p.stringBytes()
		if err != nil {
			return err
		}
		if p.peek() != ':' {
			return p.unexpected("':'")
		}
		p.pos++
		return member(name)
	})
}

func (p *parser) list(closing byte, element func() error) error {
	if p.depth++; p.depth > maxDepth {
		return fmt.Errorf("nested more than %d deep, at byte %d", maxDepth, p.pos)
	}
	p.pos++ // of the opening bracket
	for more := p.peek() != closing; more; {
		if err := element(); err != nil {
			return err
		}
		if more = p.peek() == ','; more {
			p.pos++
		} else if p.peek() != closing {
			return p.unexpected("',' or '" + string(closing) + "'")
		}
	}
	p.pos++
	p.depth--
	return nil
}

// raw reads any value, and returns its text.
func (p *parser) raw() ([]byte, error) {
	p.peek()
	start := p.pos
	err := p.skip()
	return p.text[start:p.pos:p.pos], err
}

// skip reads any value.
func (p *parser) skip() error {
	var err error
	switch p.peek() {
	case '{':
		return p.object(func([]byte) error { return p.skip() })
	case '[':
		return p.array(p.skip)
	case '"':
		_, _, err = p.token()
	case 't':
		return p.word("true")
	case 'f':
		return p.word("false")
	case 'n':
		return p.word("null")
	default:
		_, err = p.numberBytes()
	}
	return err
}

// any reads any value as encoding/json reads it into an empty interface.
func (p *parser) any() (any, error) {
	switch p.peek() {
	case '{':
		m := map[string]any{}
		return m, p.members(m)
	case '[':
		list := []any{}
		return list, p.array(func() error {
			value, err := p.any()
			list = append(list, value)
			return err
		})
	case '"':
		b, err := p.stringBytes()
		return p.intern(b), err
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	}
	b, err := p.numberBytes()
	if err != nil {
		return nil, err
	}
	x, err := strconv.ParseFloat(string(b), 64)
	return x, notA(reflect.ValueOf(x), b, err)
}

// members reads an object into a map.
func (p *parser) members(m map[string]any) error {
	return p.object(func(name []byte) error {
		key := p.intern(name)
		value, err := p.any()
		m[key] = value
		return err
	})
}

// word reads true, false or null.
func (p *parser) word(word string) error {
	if !bytes.HasPrefix(p.text[p.pos:], []byte(word)) {
		return p.unexpected(word)
	}
	p.pos += len(word)
	return nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// digits counts the digits at the start of b.
func digits(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return n
}

// numberLength is the length of the JSON number that b starts with, 0 where it
// does not.
func numberLength(b []byte) int {
	n := 0
	if n < len(b) && b[n] == '-' {
		n++
	}
	whole := digits(b[n:])
	if whole == 0 {
		return 0
	}
	if b[n] == '0' {
		whole = 1
	}
	n += whole
	if n < len(b) && b[n] == '.' {
		fraction := digits(b[n+1:])
		if fraction == 0 {
			return 0
		}
		n += 1 + fraction
	}
	if n < len(b) && (b[n] == 'e' || b[n] == 'E') {
		n++
		if n < len(b) && (b[n] == '+' || b[n] == '-') {
			n++
		}
		exponent := digits(b[n:])
		if exponent == 0 {
			return 0
		}
		n += exponent
	}
	return n
}

// numberBytes reads a number, in quotes or not, and returns it without them.
func (p *parser) numberBytes() ([]byte, error) {
	if p.peek() == '"' {
		start := p.pos
		b, err := p.stringBytes()
		if err == nil && (len(b) == 0 || numberLength(b) != len(b)) {
			p.pos = start
			err = p.unexpected("a number")
		}
		return b, err
	}
	start := p.pos
	p.pos += numberLength(p.text[p.pos:])
	if p.pos == start {
		return nil, p.unexpected("a number")
	}
	return p.text[start:p.pos], nil
}

// stringBytes reads a string. What it returns is good as long as the response.
func (p *parser) stringBytes() ([]byte, error) {
	if p.peek() != '"' {
		return nil, p.unexpected("a string")
	}
	token, literal, err := p.token()
	if err != nil {
		return nil, err
	}
	if literal {
		return token[1 : len(token)-1], nil
	}
	var s string
	err = json.Unmarshal(token, &s)
	return []byte(s), err
}

// token reads a string, and reports whether it stands for itself: without
// escapes, and without invalid UTF-8, which is to be replaced.
func (p *parser) token() (token []byte, literal bool, err error) {
	literal, ascii := true, true
	text, start := p.text, p.pos
	for i := start + 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			p.pos = i + 1
			token = text[start:p.pos]
			return token, literal && (ascii || utf8.Valid(token)), nil
		case c == '\\':
			literal = false
			if i++; !isEscape(text[i:]) {
				return nil, false, fmt.Errorf("a wrong escape in a string, at byte %d", i)
			}
		case c < ' ':
			return nil, false, fmt.Errorf("a control character in a string, at byte %d", i)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false, fmt.Errorf("a string without an end, at byte %d", start)
}

// isEscape reports whether b starts with what can follow a backslash.
func isEscape(b []byte) bool {
	if len(b) == 0 || b[0] != 'u' {
		return len(b) > 0 && strings.IndexByte(`"\/bfnrt`, b[0]) >= 0
	}
	if len(b) < 5 {
		return false
	}
	for _, c := range b[1:5] {
		if !isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// intern makes a string, or finds it among those made before.
func (p *parser) intern(b []byte) string {
	if p.interned == nil || len(b) > 64 {
		return string(b)
	}
	s := &p.interned[maphash.Bytes(hashSeed, b)%uint64(len(p.interned))]
	if *s != string(b) {
		*s = string(b)
	}
	return *s
}

var hashSeed = maphash.MakeSeed()
