package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// member is a field of a generated struct.
type member struct {
	tag   string
	value any
}

// structOf returns a pointer to a generated struct with the given members.
func structOf(members []member) any {
	var fields []reflect.StructField
	for i, m := range members {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("F%d", i), Type: reflect.TypeOf(m.value), Tag: reflect.StructTag(m.tag),
		})
	}
	made := reflect.New(reflect.StructOf(fields))
	for i, m := range members {
		made.Elem().Field(i).Set(reflect.ValueOf(m.value))
	}
	return made.Interface()
}

// bodyOf returns a struct that encodes to the JSON of the message.
func bodyOf(t *testing.T, message *dynamicpb.Message) any {
	t.Helper()
	encoded, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &values); err != nil {
		t.Fatal(err)
	}
	var members []member
	for name, value := range values {
		members = append(members, member{fmt.Sprintf("json:%q", name), value})
	}
	return structOf(members)
}

// queryOf returns the query parameters of a message as members, with the given prefix.
func queryOf(message protoreflect.Message, prefix string) []member {
	var members []member
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		name := prefix + string(field.Name())
		if field.Message() != nil && !field.IsList() {
			members = append(members, queryOf(value.Message(), name+".")...)
			return true
		}
		scalar := func(v protoreflect.Value) any {
			if field.Enum() != nil {
				return int32(v.Enum())
			}
			return v.Interface()
		}
		m := member{tag: fmt.Sprintf("url:%q", name)}
		if field.IsList() {
			list := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(scalar(value.List().NewElement()))), 0, value.List().Len())
			for i := range value.List().Len() {
				list = reflect.Append(list, reflect.ValueOf(scalar(value.List().Get(i))))
			}
			m.value = list.Interface()
		} else {
			m.value = scalar(value)
		}
		members = append(members, m)
		return true
	})
	return members
}

// noQuery reports whether a query cannot hold a field: a list or a map of messages.
func noQuery(field protoreflect.FieldDescriptor) bool {
	return field.IsMap() || field.IsList() && field.Message() != nil
}

// dropEmpty clears empty messages, which a query cannot represent.
func dropEmpty(message protoreflect.Message) (empty bool) {
	empty = true
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if field.Message() != nil && !field.IsList() && dropEmpty(value.Message()) {
			message.Clear(field)
		} else {
			empty = false
		}
		return true
	})
	return empty
}

// requestFor fills the request of a route at random, and returns it as an argument of
// Do and as the message to expect. Path variables are only in the latter.
func requestFor(t *testing.T, f *filler, e endpoint, r route) (given any, want *dynamicpb.Message) {
	t.Helper()
	want = dynamicpb.NewMessage(e.method.Input())
	if r.body || r.verb == http.MethodGet {
		f.fill(want)
	}
	for _, path := range r.fields() {
		name, _, _ := strings.Cut(path, ".")
		want.Clear(want.Descriptor().Fields().ByName(protoreflect.Name(name)))
	}
	if r.body {
		given = bodyOf(t, want)
	} else if dropEmpty(want); r.verb == http.MethodGet {
		given = structOf(queryOf(want, ""))
	}
	for i, name := range r.variables() {
		value, ok := ofClient[name]
		if !ok {
			value = idOfVariable(name)
		}
		if err := setString(want, r.fields()[i], value); err != nil {
			t.Fatal(err)
		}
	}
	return given, want
}

// idOfVariable returns an ID with characters that must be escaped in a path.
func idOfVariable(name string) string { return "ü b+c%2F/?&#" + name }

// Do calls every operation that does not stream, over each of its routes. The request
// arrives complete, and the response is decoded completely.
func TestDoCallsEveryOperation(t *testing.T) {
	var response *dynamicpb.Message
	s := serve(t, respondWith(&response))
	client := clientOf(t, s)
	inBody := newFiller(9, nil)
	inQuery := newFiller(10, noQuery)
	reached := make(map[string]bool)
	for _, e := range everyEndpoint(t) {
		if e.stream {
			continue
		}
		operation := string(e.method.Name())
		for _, r := range e.routes {
			f := inBody
			if r.verb == http.MethodGet {
				f = inQuery
			}
			public := clarifai.Call{Method: r.verb, Path: r.path()}
			for _, name := range r.variables() {
				if ofClient[name] == "" {
					public = public.With(name, idOfVariable(name))
				}
			}
			for i := range 4 {
				given, want := requestFor(t, f, e, r)
				response = filledResponse(t, inBody, operation)
				public.Idempotent = i%2 == 0
				var members []member
				fields := e.method.Output().Fields()
				for j := range fields.Len() {
					members = append(members, member{fmt.Sprintf("json:%q", fields.Get(j).Name()), json.RawMessage(nil)})
				}
				decoded := structOf(members)
				before := len(s.received())
				status, err := client.Do(t.Context(), public, given, decoded)
				if err != nil {
					t.Fatalf("%s: %v", operation, err)
				}
				if status.Code != clarifai.StatusSuccess {
					t.Errorf("%s: got the status %v", operation, status)
				}
				calls := s.received()[before:]
				checkAlike(t, calls, []call{{operation, want}})
				reached[operation] = true
				checkDecoded(t, response, decoded)
			}
		}
	}
	// PatchRunners shares its only route with PostRunners.
	if len(reached) != 289-8-1 {
		t.Errorf("%d operations were reached, want 280", len(reached))
	}
}

// checkDecoded fails the test unless the struct has the fields of the response.
func checkDecoded(t *testing.T, want *dynamicpb.Message, decoded any) {
	t.Helper()
	values := make(map[string]json.RawMessage)
	v := reflect.ValueOf(decoded).Elem()
	for i := range v.NumField() {
		if raw := v.Field(i).Interface().(json.RawMessage); raw != nil {
			values[v.Type().Field(i).Tag.Get("json")] = raw
		}
	}
	checkSurvives(t, want, values)
}

// Do rejects the streaming operations, over each of their routes.
func TestDoRejectsStreams(t *testing.T) {
	s := serve(t, nil)
	client := clientOf(t, s)
	count := 0
	for _, e := range everyEndpoint(t) {
		if !e.stream {
			continue
		}
		count++
		for _, r := range e.routes {
			public := clarifai.Call{Method: r.verb, Path: r.path()}
			for _, public := range []clarifai.Call{public, filled(public, r)} {
				_, err := client.Do(t.Context(), public, nil, nil)
				var refused *clarifai.ArgumentError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), string(e.method.Name())) {
					t.Errorf("%s %s: got %v, want an error for %s", r.verb, r.path(), err, e.method.Name())
				}
			}
		}
	}
	if count != 8 {
		t.Errorf("%d operations stream, want 8", count)
	}
	if calls := s.received(); len(calls) != 0 {
		t.Errorf("%d calls arrived, want none", len(calls))
	}
}
