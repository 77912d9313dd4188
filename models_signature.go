package clarifai

import "encoding/json"

// MethodSignature describes a method of a model version.
type MethodSignature struct {
	Name         string           `json:"name,omitzero"`
	MethodType   RunnerMethodType `json:"method_type,omitzero"`
	Description  string           `json:"description,omitzero"` // docstring of the method
	InputFields  []ModelTypeField `json:"input_fields,omitzero"`
	OutputFields []ModelTypeField `json:"output_fields,omitzero"`
}

// RunnerMethodType specifies whether the requests and responses of a method are
// streams.
type RunnerMethodType string

// The method types. The first word describes the request, the second the response.
const (
	MethodUnaryUnary         RunnerMethodType = "UNARY_UNARY"
	MethodUnaryStreaming     RunnerMethodType = "UNARY_STREAMING"
	MethodStreamingUnary     RunnerMethodType = "STREAMING_UNARY"
	MethodStreamingStreaming RunnerMethodType = "STREAMING_STREAMING"
)

var runnerMethodTypeNumbers = map[RunnerMethodType]int32{
	MethodUnaryUnary:         1,
	MethodUnaryStreaming:     2,
	MethodStreamingUnary:     3,
	MethodStreamingStreaming: 4,
}

// UnmarshalJSON decodes a number or a name.
func (t *RunnerMethodType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, runnerMethodTypeNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t RunnerMethodType) MarshalJSON() ([]byte, error) {
	return marshalEnum(t, runnerMethodTypeNumbers)
}

// ModelTypeField describes an argument or a result of a method, or a parameter of a
// model.
type ModelTypeField struct {
	Path                 string                `json:"path,omitzero"`          // path of the value in a model version, such as "output_info.params"
	FieldType            ModelTypeFieldType    `json:"field_type,omitzero"`    // type of the field in a user interface
	DefaultValue         json.RawMessage       `json:"default_value,omitzero"` // default value of a parameter; any JSON value
	Description          string                `json:"description,omitzero"`
	Placeholder          string                `json:"placeholder,omitzero"`             // placeholder text in a user interface
	ModelTypeEnumOptions []ModelTypeEnumOption `json:"model_type_enum_options,omitzero"` // options of a FieldEnum or FieldRecursiveEnum
	InternalOnly         bool                  `json:"internal_only,omitzero"`           // for Clarifai's internal users only
	Required             bool                  `json:"required,omitzero"`                // whether creating a model of this type requires a value
	ModelTypeRangeInfo   *ModelTypeRangeInfo   `json:"model_type_range_info,omitzero"`   // bounds of a FieldRange
	Name                 string                `json:"name,omitzero"`                    // name of a method argument
	Type                 ModelTypeDataType     `json:"type,omitzero"`                    // type of a method argument
	TypeArgs             []ModelTypeField      `json:"type_args,omitzero"`               // element types of a list, a tuple or named fields
	Iterator             bool                  `json:"iterator,omitzero"`                // whether the argument is a stream
	Default              string                `json:"default,omitzero"`                 // default value of a method argument as a string; if empty, the argument is required
	IsParam              bool                  `json:"is_param,omitzero"`                // whether it is an inference parameter
}

// ModelTypeEnumOption is an option of an enumeration field.
type ModelTypeEnumOption struct {
	ID              string                     `json:"id,omitzero"`      // value of the option
	Aliases         []ModelTypeEnumOptionAlias `json:"aliases,omitzero"` // alternative values
	Description     string                     `json:"description,omitzero"`
	ModelTypeFields []ModelTypeField           `json:"model_type_fields,omitzero"` // additional fields of this option
	InternalOnly    bool                       `json:"internal_only,omitzero"`     // for Clarifai's internal users only
	Recommended     bool                       `json:"recommended,omitzero"`
}

// ModelTypeEnumOptionAlias is an alternative value of an option. Exactly one of its
// fields is set.
type ModelTypeEnumOptionAlias struct {
	IDInt          int64  `json:"id_int,omitzero"`
	WildcardString string `json:"wildcard_string,omitzero"` // pattern with wildcards
}

// ModelTypeRangeInfo holds the bounds of a number.
type ModelTypeRangeInfo struct {
	Min  float64 `json:"min,omitzero"`
	Max  float64 `json:"max,omitzero"`
	Step float64 `json:"step,omitzero"` // values are rounded to a multiple of Step; if 0, they are not rounded
}

// ModelTypeFieldType is the type of a field in a user interface.
type ModelTypeFieldType string

// The types of fields in a user interface.
const (
	FieldBoolean                      ModelTypeFieldType = "BOOLEAN"
	FieldString                       ModelTypeFieldType = "STRING"
	FieldNumber                       ModelTypeFieldType = "NUMBER"
	FieldArrayOfConcepts              ModelTypeFieldType = "ARRAY_OF_CONCEPTS"
	FieldArrayOfConceptsWithThreshold ModelTypeFieldType = "ARRAY_OF_CONCEPTS_WITH_THRESHOLD"
	FieldRange                        ModelTypeFieldType = "RANGE"
	FieldEnum                         ModelTypeFieldType = "ENUM"
	FieldCollaborators                ModelTypeFieldType = "COLLABORATORS"
	FieldJSON                         ModelTypeFieldType = "JSON"
	FieldArrayOfNumbers               ModelTypeFieldType = "ARRAY_OF_NUMBERS"
	FieldWorkflowEmbedModels          ModelTypeFieldType = "WORKFLOW_EMBED_MODELS"
	FieldArrayOfStrings               ModelTypeFieldType = "ARRAY_OF_STRINGS"
	FieldRecursiveEnum                ModelTypeFieldType = "RECURSIVE_ENUM"
	FieldPythonCode                   ModelTypeFieldType = "PYTHON_CODE"
	FieldDatasetID                    ModelTypeFieldType = "DATASET_ID"
	FieldDatasetVersionID             ModelTypeFieldType = "DATASET_VERSION_ID"
	FieldArrayOfModelConcepts         ModelTypeFieldType = "ARRAY_OF_MODEL_CONCEPTS"
	FieldDataset                      ModelTypeFieldType = "DATASET"
	FieldDatasetVersion               ModelTypeFieldType = "DATASET_VERSION"
	FieldEncryptedString              ModelTypeFieldType = "ENCRYPTED_STRING"
	FieldCheckpointModel              ModelTypeFieldType = "CHECKPOINT_MODEL"
	FieldArrayOfSecrets               ModelTypeFieldType = "ARRAY_OF_SECRETS"
)

var modelTypeFieldTypeNumbers = map[ModelTypeFieldType]int32{
	FieldBoolean:                      1,
	FieldString:                       2,
	FieldNumber:                       3,
	FieldArrayOfConcepts:              4,
	FieldArrayOfConceptsWithThreshold: 5,
	FieldRange:                        7,
	FieldEnum:                         8,
	FieldCollaborators:                9,
	FieldJSON:                         10,
	FieldArrayOfNumbers:               11,
	FieldWorkflowEmbedModels:          12,
	FieldArrayOfStrings:               13,
	FieldRecursiveEnum:                14,
	FieldPythonCode:                   15,
	FieldDatasetID:                    16,
	FieldDatasetVersionID:             17,
	FieldArrayOfModelConcepts:         18,
	FieldDataset:                      19,
	FieldDatasetVersion:               20,
	FieldEncryptedString:              21,
	FieldCheckpointModel:              22,
	FieldArrayOfSecrets:               23,
}

// UnmarshalJSON decodes a number or a name.
func (t *ModelTypeFieldType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, modelTypeFieldTypeNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t ModelTypeFieldType) MarshalJSON() ([]byte, error) {
	return marshalEnum(t, modelTypeFieldTypeNumbers)
}

// ModelTypeDataType is the type of an argument or a result of a method.
type ModelTypeDataType string

// The types of arguments and results.
const (
	DataTypeStr         ModelTypeDataType = "STR"
	DataTypeBytes       ModelTypeDataType = "BYTES"
	DataTypeInt         ModelTypeDataType = "INT"
	DataTypeFloat       ModelTypeDataType = "FLOAT"
	DataTypeBool        ModelTypeDataType = "BOOL"
	DataTypeNDArray     ModelTypeDataType = "NDARRAY"
	DataTypeJSON        ModelTypeDataType = "JSON_DATA"
	DataTypeText        ModelTypeDataType = "TEXT"
	DataTypeImage       ModelTypeDataType = "IMAGE"
	DataTypeConcept     ModelTypeDataType = "CONCEPT"
	DataTypeRegion      ModelTypeDataType = "REGION"
	DataTypeFrame       ModelTypeDataType = "FRAME"
	DataTypeAudio       ModelTypeDataType = "AUDIO"
	DataTypeVideo       ModelTypeDataType = "VIDEO"
	DataTypeNamedFields ModelTypeDataType = "NAMED_FIELDS"
	DataTypeTuple       ModelTypeDataType = "TUPLE"
	DataTypeList        ModelTypeDataType = "LIST"
)

var modelTypeDataTypeNumbers = map[ModelTypeDataType]int32{
	DataTypeStr:         1,
	DataTypeBytes:       2,
	DataTypeInt:         3,
	DataTypeFloat:       4,
	DataTypeBool:        5,
	DataTypeNDArray:     6,
	DataTypeJSON:        7,
	DataTypeText:        8,
	DataTypeImage:       9,
	DataTypeConcept:     10,
	DataTypeRegion:      11,
	DataTypeFrame:       12,
	DataTypeAudio:       13,
	DataTypeVideo:       14,
	DataTypeNamedFields: 15,
	DataTypeTuple:       16,
	DataTypeList:        17,
}

// UnmarshalJSON decodes a number or a name.
func (t *ModelTypeDataType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, modelTypeDataTypeNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t ModelTypeDataType) MarshalJSON() ([]byte, error) {
	return marshalEnum(t, modelTypeDataTypeNumbers)
}
