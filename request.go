package clarifai

import (
	"reflect"
	"slices"
	"time"
)

// cursorRequest is a request that selects a page by the last result of the previous
// page. A [PageRequest] selects it by number instead.
type cursorRequest interface {
	cursor() string        // returns the position where the page starts
	follow(last any) error // moves the cursor past the given result
	pageSize() *int
}

// pageOnly is a request without parameters other than the page.
type pageOnly struct {
	PageParams `json:"pagination,omitzero"`
}

// prepare returns the request to encode. It replaces a nil request with an empty one,
// and a *PageParams with a pageOnly.
func prepare(req PageRequest) (PageRequest, error) {
	switch params, ok := req.(*PageParams); {
	case ok && params != nil:
		return &pageOnly{*params}, nil
	case ok || req == nil:
		return &pageOnly{}, nil
	}
	v := reflect.ValueOf(req)
	if err := checkRequest(v.Type()); err != nil {
		return nil, err
	}
	if v.IsNil() {
		return reflect.New(v.Type().Elem()).Interface().(PageRequest), nil
	}
	return req, nil
}

// checkRequest accepts only a pointer to a struct that embeds its page parameters by
// value. A copy of any other request could share the page parameters with the original.
func checkRequest(t reflect.Type) error {
	if t.Kind() == reflect.Pointer && selectsPage(t.Elem()) {
		return nil
	}
	return &ArgumentError{Argument: "request", Value: t, Reason: "must be a pointer to a struct that embeds PageParams by value"}
}

// selectsPage reports whether t is a struct that selects a page. A struct that embeds
// such a struct by value, at any depth, selects a page too.
func selectsPage(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	embeds := false
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous {
			embeds = true
			if selectsPage(f.Type) {
				return true
			}
		}
	}
	t = reflect.PointerTo(t)
	return !embeds && (t.Implements(reflect.TypeFor[PageRequest]()) || t.Implements(reflect.TypeFor[cursorRequest]()))
}

// writer is a request, or a part of a request, that may modify data.
type writer interface{ writes() bool }

// writes reports whether a request, or any part of it, modifies data.
func writes(v reflect.Value) bool { return visited{}.writes(v) }

// visited records the pointers, maps and slices seen so far, because a map may contain
// itself.
type visited map[reference]bool

func (seen visited) writes(v reflect.Value) bool {
	// Call the method only if the type belongs to this package. A type of another package
	// can have the method through an embedded pointer, which may be nil.
	if v.IsValid() && v.CanInterface() && v.Type().PkgPath() == reflect.TypeFor[PageParams]().PkgPath() {
		if w, ok := v.Interface().(writer); ok {
			return w.writes()
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		ref := referenceOf(v)
		if elem := v.Type().Elem(); seen[ref] || slices.Contains(plain, elem.Kind()) || v.Kind() == reflect.Pointer && opaque(elem) {
			return false
		}
		seen[ref] = true
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); (f.CanInterface() || v.Type().Field(i).Anonymous) && seen.writes(f) {
				return true
			}
		}
	case reflect.Pointer, reflect.Interface:
		return seen.writes(v.Elem())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if seen.writes(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			if seen.writes(entry.Value()) {
				return true
			}
		}
	}
	return false
}

// detach returns a deep copy of a request, or an empty request if req is nil.
func detach(req any) any {
	v := reflect.ValueOf(req)
	own := reflect.New(v.Type().Elem())
	if !v.IsNil() {
		own.Elem().Set(v.Elem())
		detacher{}.detach(own.Elem())
	}
	return own.Interface()
}

// detacher records the copy of each pointer, map and slice copied so far, because a map
// may contain itself.
type detacher map[reference]reflect.Value

type reference struct {
	kind    reflect.Type
	pointer uintptr
	length  int
}

// referenceOf returns a key that identifies a pointer, a map or a slice.
func referenceOf(v reflect.Value) reference {
	ref := reference{kind: v.Type(), pointer: v.Pointer()}
	if v.Kind() == reflect.Slice {
		ref.length = v.Len()
	}
	return ref
}

// detach replaces the references in v with copies, except those in unexported fields.
func (d detacher) detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			d.detach(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			d.detach(v.Index(i))
		}
	case reflect.Interface:
		if v.CanSet() && !v.IsNil() {
			own := reflect.New(v.Elem().Type()).Elem()
			own.Set(v.Elem())
			d.detach(own)
			v.Set(own)
		}
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if v.CanSet() && !v.IsNil() {
			v.Set(d.copyOf(v))
		}
	}
}

func (d detacher) copyOf(v reflect.Value) reflect.Value {
	ref := referenceOf(v)
	if own, ok := d[ref]; ok {
		return own
	}
	switch elem := v.Type().Elem(); {
	case v.Kind() == reflect.Map:
		own := reflect.MakeMapWithSize(v.Type(), v.Len())
		d[ref] = own
		for entry := v.MapRange(); entry.Next(); {
			value := reflect.New(elem).Elem()
			value.Set(entry.Value())
			d.detach(value)
			own.SetMapIndex(entry.Key(), value)
		}
	case v.Kind() == reflect.Slice:
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		d[ref] = own
		reflect.Copy(own, v)
		for i := 0; i < own.Len() && !slices.Contains(plain, elem.Kind()); i++ {
			d.detach(own.Index(i))
		}
	case opaque(elem):
		d[ref] = v
	default:
		own := reflect.New(elem)
		d[ref] = own
		own.Elem().Set(v.Elem())
		d.detach(own.Elem())
	}
	return d[ref]
}

// plain contains common kinds of elements. Elements of these kinds hold no references and
// need not be visited.
var plain = []reflect.Kind{reflect.String, reflect.Uint8, reflect.Int, reflect.Int32, reflect.Float32, reflect.Float64}

// opaque reports whether t is a struct type with unexported fields. Such a struct, for
// example a sync.Mutex, may not be safe to copy.
func opaque(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || t.PkgPath() == reflect.TypeFor[PageParams]().PkgPath() {
		return false
	}
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return true
		}
	}
	return false
}
