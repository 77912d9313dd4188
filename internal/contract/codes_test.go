package contract

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// statusCodes returns the definition's enum.
func statusCodes(t *testing.T) protoreflect.EnumValueDescriptors {
	t.Helper()
	return message(t, "status.Status").Fields().ByName("code").Enum().Values()
}

// named returns the constants of the SDK's StatusCode, by name.
func named(t *testing.T) map[string]clarifai.StatusCode {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../status.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := make(map[string]clarifai.StatusCode)
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if goType, ok := spec.Type.(*ast.Ident); !ok || goType.Name != "StatusCode" {
			return true
		}
		code, err := strconv.ParseInt(spec.Values[0].(*ast.BasicLit).Value, 10, 32)
		if err != nil {
			t.Fatalf("%s: %v", spec.Names[0].Name, err)
		}
		constants[spec.Names[0].Name] = clarifai.StatusCode(code)
		return true
	})
	return constants
}

// constantOf is what the SDK calls a name of the definition, but for its case:
// StatusConnNoGDPRConsent is CONN_NO_GDPR_CONSENT.
func constantOf(name protoreflect.Name) string {
	return strings.ToLower("Status" + strings.ReplaceAll(string(name), "_", ""))
}

func TestStatusCodesAreThoseOfTheDefinition(t *testing.T) {
	codes := statusCodes(t)
	for constant, code := range named(t) {
		value := codes.ByNumber(protoreflect.EnumNumber(code))
		if value == nil {
			t.Errorf("%s is %d, which the definition does not know", constant, int32(code))
			continue
		}
		if strings.ToLower(constant) != constantOf(value.Name()) {
			t.Errorf("%s is %d, which is %s", constant, int32(code), value.Name())
		}
	}
}

// What a client of inputs and searches may meet: the generic codes, by number, and
// those of connections, concepts, annotations, inputs and searches.
var families = regexp.MustCompile(`^(10\d{3} |11\d{3} |3\d{4} |\d+ (CONN|CONCEPTS?|ANNOTATION|INPUT|SEARCH|SAVED_SEARCH)_)`)

func TestStatusCodesOfTheFamiliesHaveTheirNames(t *testing.T) {
	constants := make(map[string]bool)
	for constant := range named(t) {
		constants[strings.ToLower(constant)] = true
	}
	codes := statusCodes(t)
	var count int
	for i := range codes.Len() {
		name, number := codes.Get(i).Name(), codes.Get(i).Number()
		if !families.MatchString(fmt.Sprintf("%d %s", number, name)) {
			continue
		}
		count++
		var read clarifai.StatusCode
		if err := json.Unmarshal(fmt.Appendf(nil, "%q", name), &read); err != nil || read != clarifai.StatusCode(number) {
			t.Errorf("%s is read as %d (%v), want %d", name, int32(read), err, number)
		}
		// Of several names of a number, the first is the one to use.
		if codes.ByNumber(number) != codes.Get(i) {
			continue
		}
		if got := clarifai.StatusCode(number).String(); got != string(name) {
			t.Errorf("%d is printed as %s, want %s", number, got, name)
		}
		if !constants[constantOf(name)] {
			t.Errorf("%s has no constant", name)
		}
	}
	if count < 100 {
		t.Errorf("%d codes, want more than 100", count)
	}
}
