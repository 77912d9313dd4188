package clarifai

import "encoding/json"

// MethodSignature is a method that a model version can be called with.
type MethodSignature struct {
	Name         string           `json:"name,omitzero"`
	MethodType   RunnerMethodType `json:"method_type,omitzero"`
	Description  string           `json:"description,omitzero"` // from the docstring of the method
	InputFields  []ModelTypeField `json:"input_fields,omitzero"`
	OutputFields []ModelTypeField `json:"output_fields,omitzero"`
}

// RunnerMethodType says whether requests and responses of a method are streams.
type RunnerMethodType string

// The types of methods: the request first, then the response.
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

// UnmarshalJSON reads a number or a name.
func (t *RunnerMethodType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, runnerMethodTypeNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (t RunnerMethodType) MarshalJSON() ([]byte, error) {
	return marshalEnum(t, runnerMethodTypeNumbers)
}

// ModelTypeField is an argument or a result of a method, or a parameter of a model.
type ModelTypeField struct {
	Path                 string                `json:"path,omitzero"`          // where a model version holds its value, such as "output_info.params"
	FieldType            ModelTypeFieldType    `json:"field_type,omitzero"`    // how a user interface asks for it
	DefaultValue         json.RawMessage       `json:"default_value,omitzero"` // of a parameter: any JSON value
	Description          string                `json:"description,omitzero"`
	Placeholder          string                `json:"placeholder,omitzero"`             // what a user interface shows in place of an empty value
	ModelTypeEnumOptions []ModelTypeEnumOption `json:"model_type_enum_options,omitzero"` // the choices of a FieldEnum or a FieldRecursiveEnum
	InternalOnly         bool                  `json:"internal_only,omitzero"`           // for Clarifai's own users
	Required             bool                  `json:"required,omitzero"`                // without it, no model of the type can be created
	ModelTypeRangeInfo   *ModelTypeRangeInfo   `json:"model_type_range_info,omitzero"`   // the bounds of a FieldRange
	Name                 string                `json:"name,omitzero"`                    // of the argument of a method
	Type                 ModelTypeDataType     `json:"type,omitzero"`                    // of the argument of a method
	TypeArgs             []ModelTypeField      `json:"type_args,omitzero"`               // the types within a list, a tuple or named fields
	Iterator             bool                  `json:"iterator,omitzero"`                // the argument is a stream
	Default              string                `json:"default,omitzero"`                 // of the argument, as text; required if empty
	IsParam              bool                  `json:"is_param,omitzero"`                // a parameter of the prediction, not a part of the input
}

// ModelTypeEnumOption is a choice of a field.
type ModelTypeEnumOption struct {
	ID              string                     `json:"id,omitzero"`      // the value
	Aliases         []ModelTypeEnumOptionAlias `json:"aliases,omitzero"` // other values that mean the same
	Description     string                     `json:"description,omitzero"`
	ModelTypeFields []ModelTypeField           `json:"model_type_fields,omitzero"` // fields that come with this choice
	InternalOnly    bool                       `json:"internal_only,omitzero"`     // for Clarifai's own users
	Recommended     bool                       `json:"recommended,omitzero"`
}

// ModelTypeEnumOptionAlias is another value for a choice: one of its fields is set.
type ModelTypeEnumOptionAlias struct {
	IDInt          int64  `json:"id_int,omitzero"`
	WildcardString string `json:"wildcard_string,omitzero"` // a pattern
}

// ModelTypeRangeInfo bounds a number.
type ModelTypeRangeInfo struct {
	Min  float64 `json:"min,omitzero"`
	Max  float64 `json:"max,omitzero"`
	Step float64 `json:"step,omitzero"` // values are rounded to a multiple of it; 0 for no rounding
}

// ModelTypeFieldType is how a user interface asks for a field.
type ModelTypeFieldType string

// The types of fields, as a user interface knows them.
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

// UnmarshalJSON reads a number or a name.
func (t *ModelTypeFieldType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, modelTypeFieldTypeNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
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

// UnmarshalJSON reads a number or a name.
func (t *ModelTypeDataType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, modelTypeDataTypeNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (t ModelTypeDataType) MarshalJSON() ([]byte, error) {
	return marshalEnum(t, modelTypeDataTypeNumbers)
}
