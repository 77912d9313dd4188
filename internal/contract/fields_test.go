package contract

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// roots are the messages that the SDK mirrors, including the messages in their fields.
var roots = map[protoreflect.Name]reflect.Type{
	"Input":       reflect.TypeFor[clarifai.Input](),
	"Annotation":  reflect.TypeFor[clarifai.Annotation](),
	"Concept":     reflect.TypeFor[clarifai.Concept](),
	"Data":        reflect.TypeFor[clarifai.Data](),
	"Region":      reflect.TypeFor[clarifai.Region](),
	"Frame":       reflect.TypeFor[clarifai.Frame](),
	"Track":       reflect.TypeFor[clarifai.Track](),
	"TimeSegment": reflect.TypeFor[clarifai.TimeSegment](),
	"Hit":         reflect.TypeFor[clarifai.Hit](),
	"Search":      reflect.TypeFor[clarifai.Search](),
	"Query":       reflect.TypeFor[clarifai.Query](),
	"Filter":      reflect.TypeFor[clarifai.Filter](),
	"Rank":        reflect.TypeFor[clarifai.Rank](),
	"InputCount":  reflect.TypeFor[clarifai.InputCount](),
	"HitCount":    reflect.TypeFor[clarifai.HitCount](),

	"App":             reflect.TypeFor[clarifai.App](),
	"User":            reflect.TypeFor[clarifai.User](),
	"Dataset":         reflect.TypeFor[clarifai.Dataset](),
	"DatasetInput":    reflect.TypeFor[clarifai.DatasetInput](),
	"DatasetVersion":  reflect.TypeFor[clarifai.DatasetVersion](),
	"Model":           reflect.TypeFor[clarifai.Model](),
	"ModelVersion":    reflect.TypeFor[clarifai.ModelVersion](),
	"Workflow":        reflect.TypeFor[clarifai.Workflow](),
	"WorkflowVersion": reflect.TypeFor[clarifai.WorkflowVersion](),
	"ConceptQuery":    reflect.TypeFor[clarifai.ConceptQuery](),

	"ConceptExtraInfoRequest": reflect.TypeFor[clarifai.ConceptExtraInfoRequest](),
}

// leftOut lists the fields that the SDK omits on purpose, with reasons. A star stands
// for all fields of a message that its Go type lacks.
var leftOut = map[string]string{
	"Status.stack_trace":       "private to the API",
	"Status.internal_details":  "private to the API",
	"Status.redirect_info":     "private to the API",
	"ConceptQuery.workflow_id": "deprecated: superseded by ConceptQuery.workflow",
}

// leftOutAs returns the entry of leftOut that covers a field.
func leftOutAs(field protoreflect.FieldDescriptor) (string, bool) {
	message := string(field.Parent().Name())
	for _, entry := range []string{message + "." + string(field.Name()), message + ".*"} {
		if _, ok := leftOut[entry]; ok {
			return entry, true
		}
	}
	return "", false
}

// mirror compares messages with the corresponding Go types.
type mirror struct {
	definition *definition
	visited    map[reflect.Type]protoreflect.MessageDescriptor
	leftOut    map[protoreflect.FullName]string // fields, by their entry of leftOut
	problems   []string
}

func (m *mirror) report(format string, args ...any) {
	m.problems = append(m.problems, fmt.Sprintf(format, args...))
}

// compare compares a message and its fields recursively, each pair of types once.
func (m *mirror) compare(message protoreflect.MessageDescriptor, goType reflect.Type) {
	if earlier, ok := m.visited[goType]; ok {
		if earlier.FullName() != message.FullName() {
			m.report("%s corresponds to both %s and %s", goType, earlier.Name(), message.Name())
		}
		return
	}
	m.visited[goType] = message
	if !strings.EqualFold(goType.Name(), string(message.Name())) {
		m.report("%s corresponds to %s", goType, message.Name())
	}
	goFields := jsonFields(goType)
	fields := message.Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		goField, ok := goFields[string(field.Name())]
		delete(goFields, string(field.Name()))
		if ok {
			m.compareField(field, goField)
		} else if entry, ok := leftOutAs(field); ok {
			m.leftOut[field.FullName()] = entry
		} else {
			m.report("%s.%s: no field of %s has its name", message.Name(), field.Name(), goType)
		}
	}
	for name, goField := range goFields {
		m.report("%s.%s: %s has no field %s", goType, goField.Name, message.Name(), name)
	}
}

// jsonFields returns the encoded fields of a struct by their JSON names.
func jsonFields(goType reflect.Type) map[string]reflect.StructField {
	fields := make(map[string]reflect.StructField)
	for i := range goType.NumField() {
		field := goType.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.IsExported() && name != "-" {
			fields[name] = field
		}
	}
	return fields
}

func (m *mirror) compareField(field protoreflect.FieldDescriptor, goField reflect.StructField) {
	problem := ""
	switch {
	case field.IsMap():
		if goField.Type.Kind() != reflect.Map || goField.Type.Key().Kind() != reflect.String {
			problem = "is a map"
		} else {
			problem = m.compareElement(field.MapValue(), goField.Type.Elem())
		}
	case field.IsList():
		if goField.Type.Kind() != reflect.Slice {
			problem = "is a list"
		} else {
			problem = m.compareElement(field, goField.Type.Elem())
		}
	case m.hasDefault(field):
		// Absent and zero differ.
		if goField.Type.Kind() != reflect.Pointer {
			problem = "has a default"
		} else {
			problem = m.compareElement(field, goField.Type.Elem())
		}
	case isMessage(field, "google.protobuf.Struct"), isMessage(field, "google.protobuf.Value"):
		problem = m.compareElement(field, goField.Type)
	case field.Message() != nil:
		// So do absent and empty.
		if goField.Type.Kind() != reflect.Pointer {
			problem = "is a message"
		} else {
			problem = m.compareElement(field, goField.Type.Elem())
		}
	default:
		problem = m.compareElement(field, goField.Type)
	}
	if problem != "" {
		m.report("%s.%s %s, and %s.%s a %s", field.Parent().Name(), field.Name(), problem, field.Parent().Name(), goField.Name, goField.Type)
	}
	m.compareAbsence(field, goField)
}

// compareElement compares the type of a single value of a field. It returns a
// description of the field if the Go type does not match.
func (m *mirror) compareElement(field protoreflect.FieldDescriptor, goType reflect.Type) string {
	want := map[protoreflect.Kind]reflect.Type{
		protoreflect.BoolKind:   reflect.TypeFor[bool](),
		protoreflect.StringKind: reflect.TypeFor[string](),
		protoreflect.BytesKind:  reflect.TypeFor[[]byte](),
		protoreflect.Int32Kind:  reflect.TypeFor[int32](),
		protoreflect.Uint32Kind: reflect.TypeFor[uint32](),
		protoreflect.Int64Kind:  reflect.TypeFor[int64](),
		protoreflect.Uint64Kind: reflect.TypeFor[uint64](),
		protoreflect.FloatKind:  reflect.TypeFor[float64](),
		protoreflect.DoubleKind: reflect.TypeFor[float64](),
	}[field.Kind()]
	switch {
	case isMessage(field, "google.protobuf.Timestamp"):
		want = reflect.TypeFor[time.Time]()
	case isMessage(field, "google.protobuf.Struct"):
		want = reflect.TypeFor[map[string]any]()
	case isMessage(field, "google.protobuf.Value"):
		want = reflect.TypeFor[json.RawMessage]()
	case isWrapper(field):
		return m.compareElement(field.Message().Fields().ByName("value"), goType)
	case field.Message() != nil:
		if goType.Kind() != reflect.Struct {
			return fmt.Sprintf("is a %s", field.Message().Name())
		}
		m.compare(field.Message(), goType)
		return ""
	case field.Enum() != nil:
		if goType != reflect.TypeFor[clarifai.StatusCode]() && goType.Kind() != reflect.String || goType == reflect.TypeFor[string]() {
			return fmt.Sprintf("is a %s", field.Enum().Name())
		}
		m.compareEnum(field.Enum(), goType)
		return ""
	}
	if goType != want {
		return fmt.Sprintf("is a %s", field.Kind())
	}
	return ""
}

// compareEnum checks that the Go type of an enum decodes and encodes each number and
// name, and an unknown one of each. For status codes, see
// TestEveryStatusCodeHasItsName.
func (m *mirror) compareEnum(enum protoreflect.EnumDescriptor, goType reflect.Type) {
	if goType == reflect.TypeFor[clarifai.StatusCode]() {
		return
	}
	again := map[string]string{`"A_NAME_OF_TOMORROW"`: `"A_NAME_OF_TOMORROW"`, "987654": "987654"}
	for i := range enum.Values().Len() {
		if value := enum.Values().Get(i); value.Number() != 0 {
			number := fmt.Sprint(value.Number())
			again[number], again[fmt.Sprintf("%q", value.Name())], again[fmt.Sprintf("%q", number)] = number, number, number
		}
	}
	for text, want := range again {
		value := reflect.New(goType)
		err := json.Unmarshal([]byte(text), value.Interface())
		if err == nil {
			var written []byte
			if written, err = json.Marshal(value.Interface()); string(written) == want {
				continue
			}
		}
		m.report("%s decodes %s as %q (%v), want %s", goType, text, value.Elem(), err, want)
	}
}

// compareAbsence checks that an unset field is omitted, except for fields that the API
// always sends, and that an empty object is sent.
func (m *mirror) compareAbsence(field protoreflect.FieldDescriptor, goField reflect.StructField) {
	_, option, _ := strings.Cut(goField.Tag.Get("json"), ",")
	want := []string{"omitzero"} // omitempty would omit {} and []
	switch {
	case goField.Type == reflect.TypeFor[*time.Time]():
		want = []string{"omitempty"} // omitzero would omit the year 1
	case field.Parent().Name() == "HitCount":
		return // is never sent
	case !field.IsList() && !m.hasDefault(field) && m.option(field, "cl_show_if_empty"):
		want = []string{"omitzero", ""}
	}
	if !slices.Contains(want, option) {
		m.report("%s.%s: the option of the JSON tag is %q, want %q", field.Parent().Name(), goField.Name, option, want[0])
	}
}

func isMessage(field protoreflect.FieldDescriptor, name protoreflect.FullName) bool {
	return field.Message() != nil && field.Message().FullName() == name
}

// isWrapper reports whether a field is a scalar that can be absent, such as a
// google.protobuf.BoolValue.
func isWrapper(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().ParentFile().Path() == "google/protobuf/wrappers.proto"
}

// hasDefault reports whether an absent field has a default other than zero.
func (m *mirror) hasDefault(field protoreflect.FieldDescriptor) bool {
	return m.option(field, "cl_default_float")
}

// option reports whether a field has one of the API's own options.
func (m *mirror) option(field protoreflect.FieldDescriptor, name protoreflect.FullName) bool {
	types := dynamicpb.NewTypes(m.definition.files)
	extension, err := types.FindExtensionByName("clarifai.api.utils." + name)
	if err != nil {
		m.report("%s: %v", name, err)
		return false
	}
	encoded, err := proto.Marshal(field.Options())
	if err != nil {
		m.report("%s: %v", field.FullName(), err)
		return false
	}
	options := new(descriptorpb.FieldOptions)
	if err := (proto.UnmarshalOptions{Resolver: types}).Unmarshal(encoded, options); err != nil {
		m.report("%s: %v", field.FullName(), err)
		return false
	}
	return proto.HasExtension(options, extension)
}

// compareAll compares all messages that the SDK mirrors.
func compareAll(t *testing.T) *mirror {
	t.Helper()
	m := &mirror{
		definition: official(t),
		visited:    make(map[reflect.Type]protoreflect.MessageDescriptor),
		leftOut:    make(map[protoreflect.FullName]string),
	}
	for _, name := range slices.Sorted(maps.Keys(roots)) {
		m.compare(message(t, string(name)), roots[name])
	}
	return m
}

func TestEveryFieldIsMirrored(t *testing.T) {
	for _, problem := range compareAll(t).problems {
		t.Error(problem)
	}
}

func TestEveryEntryOfLeftOutNamesAField(t *testing.T) {
	used := slices.Collect(maps.Values(compareAll(t).leftOut))
	for entry, reason := range leftOut {
		if !slices.Contains(used, entry) {
			t.Errorf("%s (%s) is not the name of an omitted field", entry, reason)
		}
	}
}

// Every exported type in the files of resources corresponds to a message.
func TestEveryTypeIsMirrored(t *testing.T) {
	mirrored := make(map[string]bool)
	for goType := range compareAll(t).visited {
		mirrored[goType.Name()] = true
	}
	for _, room := range []string{"data", "annotations", "apps", "concepts", "datasets", "inputs", "models", "workflows"} {
		files, err := filepath.Glob("../../" + room + "*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of %s (%v)", room, err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				declared, ok := node.(*ast.TypeSpec)
				if !ok {
					return true
				}
				_, isStruct := declared.Type.(*ast.StructType)
				isRequest := strings.HasSuffix(declared.Name.Name, "Request") // of a call; see TestEveryFieldOfARequestCanBeSet
				if isStruct && !isRequest && declared.Name.IsExported() && !mirrored[declared.Name.Name] {
					t.Errorf("%s does not correspond to a message", declared.Name.Name)
				}
				return false
			})
		}
	}
}
