package contract

import (
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// visit calls do for every set field of a message, recursively.
func visit(message protoreflect.Message, do func(protoreflect.FieldDescriptor, protoreflect.Value)) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		do(field, value)
		switch {
		case field.IsMap():
			value.Map().Range(func(_ protoreflect.MapKey, entry protoreflect.Value) bool {
				if field.MapValue().Message() != nil {
					visit(entry.Message(), do)
				}
				return true
			})
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				visit(value.List().Get(i).Message(), do)
			}
		default:
			visit(value.Message(), do)
		}
		return true
	})
}

// reachable returns the fields of a message and of every message that it can contain,
// except for those that omit excludes.
func reachable(message protoreflect.MessageDescriptor, omit func(protoreflect.FieldDescriptor) bool) map[protoreflect.FullName]bool {
	fields := make(map[protoreflect.FullName]bool)
	var walk func(protoreflect.MessageDescriptor)
	walk = func(m protoreflect.MessageDescriptor) {
		for i := range m.Fields().Len() {
			field := m.Fields().Get(i)
			if fields[field.FullName()] || omit(field) {
				continue
			}
			fields[field.FullName()] = true
			if field.IsMap() {
				field = field.MapValue()
			}
			if field.Message() != nil {
				walk(field.Message())
			}
		}
	}
	walk(message)
	return fields
}

func TestFillReachesEveryField(t *testing.T) {
	input := message(t, "Input")
	// The user, model and workflow of a worker would include half of the API.
	omit := func(field protoreflect.FieldDescriptor) bool { return field.Parent().Name() == "Worker" }
	missing := reachable(input, omit)
	f := newFiller(1, omit)
	for range 20000 {
		filled := dynamicpb.NewMessage(input)
		f.fill(filled)
		visit(filled, func(field protoreflect.FieldDescriptor, _ protoreflect.Value) {
			delete(missing, field.FullName())
		})
	}
	for name := range missing {
		t.Errorf("%s was never set", name)
	}
}

func TestFillCoversTheEdgeCases(t *testing.T) {
	edges := map[string]bool{
		"unknown enum": false, "int64 minimum": false, "int64 maximum": false, "uint32 maximum": false,
		"empty message": false, "nanoseconds": false, "null": false, "nested struct": false, "bytes": false, "map": false,
	}
	f := newFiller(1, nil)
	for _, name := range []string{"Input", "Annotation", "Search", "Hit", "Model"} {
		for range 1000 {
			filled := dynamicpb.NewMessage(message(t, name))
			f.fill(filled)
			visit(filled, func(field protoreflect.FieldDescriptor, value protoreflect.Value) {
				if field.IsMap() {
					edges["map"] = true
				}
				if field.IsList() || field.IsMap() {
					return
				}
				switch field.Kind() {
				case protoreflect.EnumKind:
					if field.Enum().Values().ByNumber(value.Enum()) == nil {
						edges["unknown enum"] = true
					}
				case protoreflect.Int64Kind:
					edges["int64 minimum"] = edges["int64 minimum"] || value.Int() == -1<<63
					edges["int64 maximum"] = edges["int64 maximum"] || value.Int() == 1<<63-1
				case protoreflect.Uint32Kind:
					edges["uint32 maximum"] = edges["uint32 maximum"] || value.Uint() == 1<<32-1
				case protoreflect.BytesKind:
					edges["bytes"] = true
				case protoreflect.MessageKind:
					empty := true
					value.Message().Range(func(protoreflect.FieldDescriptor, protoreflect.Value) bool {
						empty = false
						return false
					})
					edges["empty message"] = edges["empty message"] || empty
				}
				switch field.FullName() {
				case "google.protobuf.Timestamp.nanos":
					edges["nanoseconds"] = edges["nanoseconds"] || value.Int()%1000 != 0
				case "google.protobuf.Value.null_value":
					edges["null"] = true
				case "google.protobuf.Value.struct_value":
					edges["nested struct"] = true
				}
			})
		}
	}
	for edge, seen := range edges {
		if !seen {
			t.Errorf("no %s in 5,000 messages", edge)
		}
	}
}

func TestFilledMessagesSurviveJSON(t *testing.T) {
	f := newFiller(1, nil)
	methods := official(t).service.Methods()
	for i := range methods.Len() {
		for _, descriptor := range []protoreflect.MessageDescriptor{methods.Get(i).Input(), methods.Get(i).Output()} {
			for range 5 {
				filled := dynamicpb.NewMessage(descriptor)
				f.fill(filled)
				text, err := protojson.MarshalOptions{UseProtoNames: true, UseEnumNumbers: true}.Marshal(filled)
				if err != nil {
					t.Fatalf("%s: %v", descriptor.Name(), err)
				}
				read := dynamicpb.NewMessage(descriptor)
				if err := protojson.Unmarshal(text, read); err != nil {
					t.Fatalf("%s: %v in %s", descriptor.Name(), err, text)
				}
				if !proto.Equal(filled, read) {
					t.Fatalf("%s changed when decoded from %s", descriptor.Name(), text)
				}
			}
		}
	}
}

func TestFillIsDeterministic(t *testing.T) {
	input := message(t, "Input")
	first, second := newFiller(7, nil), newFiller(7, nil)
	for range 100 {
		a, b := dynamicpb.NewMessage(input), dynamicpb.NewMessage(input)
		first.fill(a)
		second.fill(b)
		if !proto.Equal(a, b) {
			t.Fatalf("different messages from the same seed:\n%v\n%v", a, b)
		}
	}
}

func TestFillOmitsFields(t *testing.T) {
	omit := func(field protoreflect.FieldDescriptor) bool { return field.Name() == "concepts" }
	f := newFiller(1, omit)
	for range 1000 {
		filled := dynamicpb.NewMessage(message(t, "Input"))
		f.fill(filled)
		visit(filled, func(field protoreflect.FieldDescriptor, _ protoreflect.Value) {
			if omit(field) {
				t.Fatalf("%s is set", field.FullName())
			}
		})
	}
}
