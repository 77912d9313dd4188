package contract

import (
	"math"
	"math/rand/v2"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxDepth is the maximum nesting of a random message.
const maxDepth = 6

// filler fills messages at random. The result is determined by the seed.
type filler struct {
	rand *rand.Rand
	omit func(protoreflect.FieldDescriptor) bool // nil omits no field
}

func newFiller(seed uint64, omit func(protoreflect.FieldDescriptor) bool) *filler {
	return &filler{rand: rand.New(rand.NewPCG(seed, 0)), omit: omit}
}

// fill sets about half of the fields of a message, and fewer at greater depth. Every
// message can be encoded as JSON: strings are valid UTF-8, floats are finite and not
// negative zero, and times are in the years 1 to 9999. The last field set in a oneof
// wins.
func (f *filler) fill(message protoreflect.Message) {
	f.fillAt(message, 0)
}

func (f *filler) fillAt(message protoreflect.Message, depth int) {
	switch message.Descriptor().FullName() {
	case "google.protobuf.Struct", "google.protobuf.ListValue", "google.protobuf.Value":
		f.fillJSON(message, depth)
		return
	case "google.protobuf.Timestamp":
		const first, last = -62135596800, 253402300799 // the first second of year 1 and the last of year 9999
		f.setTime(message, first+f.rand.Int64N(last-first+1), 1)
		return
	case "google.protobuf.Duration":
		const longest = 315576000000 // seconds, about 10,000 years
		seconds := f.rand.Int64N(longest)
		if f.chance(2) {
			f.setTime(message, -seconds, -1)
		} else {
			f.setTime(message, seconds, 1)
		}
		return
	}
	if depth > 0 && f.chance(6) {
		return // present but empty
	}
	fields := message.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if f.omit != nil && f.omit(field) || !f.chance(2) {
			continue
		}
		// Limit the depth, because messages may be recursive. For example, Data
		// contains regions, and each region contains Data.
		if field.Message() != nil && (depth >= maxDepth || !f.chance(1+depth)) {
			continue
		}
		f.setField(message, field, depth)
	}
}

func (f *filler) setField(message protoreflect.Message, field protoreflect.FieldDescriptor, depth int) {
	switch {
	case field.IsMap():
		entries := message.Mutable(field).Map()
		for range 1 + f.rand.IntN(3) {
			value := entries.NewValue()
			if field.MapValue().Message() != nil {
				f.fillAt(value.Message(), depth+1)
			} else {
				value = f.scalar(field.MapValue())
			}
			entries.Set(f.scalar(field.MapKey()).MapKey(), value)
		}
	case field.IsList():
		list := message.Mutable(field).List()
		for range 1 + f.rand.IntN(3) {
			if field.Message() != nil {
				f.fillAt(list.AppendMutable().Message(), depth+1)
			} else {
				list.Append(f.scalar(field))
			}
		}
	case field.Message() != nil:
		f.fillAt(message.Mutable(field).Message(), depth+1)
	default:
		message.Set(field, f.scalar(field))
	}
}

// scalar returns a random value for a field, often the minimum or maximum of its type.
func (f *filler) scalar(field protoreflect.FieldDescriptor) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(f.chance(2))
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(f.enum(field.Enum().Values()))
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(pick(f, math.MinInt32, -1, 0, 1, math.MaxInt32, int32(f.rand.Uint32())))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(pick(f, 0, 1, math.MaxUint32, f.rand.Uint32()))
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(pick(f, math.MinInt64, -1, 0, 1, 1<<53+1, math.MaxInt64, int64(f.rand.Uint64())))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(pick(f, 0, 1, 1<<53+1, math.MaxUint64, f.rand.Uint64()))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(pick(f, 0, 1, -1, 0.1, math.MaxFloat32, -math.MaxFloat32,
			math.SmallestNonzeroFloat32, f.rand.Float32()))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(f.double())
	case protoreflect.BytesKind:
		bytes := make([]byte, f.rand.IntN(6))
		for i := range bytes {
			bytes[i] = byte(f.rand.Uint32())
		}
		return protoreflect.ValueOfBytes(bytes)
	default:
		return protoreflect.ValueOfString(f.text())
	}
}

// enum returns a value of the enum or, with probability 1/4, an arbitrary number.
func (f *filler) enum(values protoreflect.EnumValueDescriptors) protoreflect.EnumNumber {
	if f.chance(4) {
		return pick(f, protoreflect.EnumNumber(math.MinInt32), -1, math.MaxInt32, protoreflect.EnumNumber(f.rand.Int32()))
	}
	return values.Get(f.rand.IntN(values.Len())).Number()
}

func (f *filler) double() float64 {
	return pick(f, 0, 1, -1, 0.1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
		1<<53, f.rand.Float64(), f.rand.NormFloat64()*1e9)
}

// text returns a string with characters that are special in JSON, HTML and URLs.
func (f *filler) text() string {
	letters := []rune("abcXYZ019 /\\\"'<>&%?#+=.,:;{}[]\n\t\x00\x7f\u00e4\u20ac\u2028\ufffd\U0001F600")
	var text strings.Builder
	for range f.rand.IntN(9) {
		text.WriteRune(pick(f, letters...))
	}
	return text.String()
}

// fillJSON fills a Struct, a ListValue or a Value.
func (f *filler) fillJSON(message protoreflect.Message, depth int) {
	fields := message.Descriptor().Fields()
	switch message.Descriptor().Name() {
	case "Struct":
		entries := message.Mutable(fields.ByName("fields")).Map()
		for range f.rand.IntN(4) {
			value := entries.NewValue()
			f.fillJSON(value.Message(), depth+1)
			entries.Set(protoreflect.ValueOfString(f.text()).MapKey(), value)
		}
	case "ListValue":
		values := message.Mutable(fields.ByName("values")).List()
		for range f.rand.IntN(4) {
			f.fillJSON(values.AppendMutable().Message(), depth+1)
		}
	case "Value":
		// A Value without a kind cannot be encoded as JSON, so a kind is always set.
		kinds := []protoreflect.Name{"null_value", "number_value", "string_value", "bool_value"}
		if depth < maxDepth {
			kinds = append(kinds, "struct_value", "list_value")
		}
		kind := fields.ByName(pick(f, kinds...))
		switch kind.Name() {
		case "null_value":
			message.Set(kind, protoreflect.ValueOfEnum(0))
		case "number_value":
			message.Set(kind, protoreflect.ValueOfFloat64(f.double()))
		case "struct_value", "list_value":
			f.fillJSON(message.Mutable(kind).Message(), depth+1)
		default:
			message.Set(kind, f.scalar(kind))
		}
	}
}

// setTime sets the seconds and nanoseconds of a Timestamp or a Duration. The
// nanoseconds have the given sign.
func (f *filler) setTime(message protoreflect.Message, seconds int64, sign int32) {
	fields := message.Descriptor().Fields()
	message.Set(fields.ByName("seconds"), protoreflect.ValueOfInt64(seconds))
	nanos := pick(f, 0, 1, 1e6, 999999999, f.rand.Int32N(1e9))
	message.Set(fields.ByName("nanos"), protoreflect.ValueOfInt32(sign*nanos))
}

// chance returns true with probability 1/n.
func (f *filler) chance(n int) bool {
	return f.rand.IntN(n) == 0
}

func pick[T any](f *filler, choices ...T) T {
	return choices[f.rand.IntN(len(choices))]
}
