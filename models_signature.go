package clarifai

import "encoding/json"

// MethodSignature is a method that a model version can be called with.
type MethodSignature struct {
	Name         string           `json:"name,omitempty"`
	MethodType   RunnerMethodType `json:"method_type,omitempty"`
	Description  string           `json:"description,omitempty"` // from the docstring of the method
	InputFields  []ModelTypeField `json:"input_fields,omitempty"`
	OutputFields []ModelTypeField `json:"output_fields,omitempty"`
}

// RunnerMethodType says whether requests and responses of a method are streams.
type RunnerMethodType int32

// The types of methods: the request first, then the response.
const (
	MethodUnaryUnary         RunnerMethodType = 1
	MethodUnaryStreaming     RunnerMethodType = 2
	MethodStreamingUnary     RunnerMethodType = 3
	MethodStreamingStreaming RunnerMethodType = 4
)

// UnmarshalJSON reads a number or a name; an unknown name is read as 0.
func (t *RunnerMethodType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, map[string]RunnerMethodType{
		"UNARY_UNARY": MethodUnaryUnary, "UNARY_STREAMING": MethodUnaryStreaming,
		"STREAMING_UNARY": MethodStreamingUnary, "STREAMING_STREAMING": MethodStreamingStreaming,
	})
}

// ModelTypeField is an argument or a result of a method, or a parameter of a model.
type ModelTypeField struct {
	Path                 string                `json:"path,omitempty"`          // where a model version holds its value, such as "output_info.params"
	FieldType            ModelTypeFieldType    `json:"field_type,omitempty"`    // how a user interface asks for it
	DefaultValue         json.RawMessage       `json:"default_value,omitempty"` // of a parameter: any JSON value
	Description          string                `json:"description,omitempty"`
	Placeholder          string                `json:"placeholder,omitempty"`             // what a user interface shows in place of an empty value
	ModelTypeEnumOptions []ModelTypeEnumOption `json:"model_type_enum_options,omitempty"` // the choices of a FieldEnum or a FieldRecursiveEnum
	InternalOnly         bool                  `json:"internal_only,omitempty"`           // for Clarifai's own users
	Required             bool                  `json:"required,omitempty"`                // without it, no model of the type can be created
	ModelTypeRangeInfo   *ModelTypeRangeInfo   `json:"model_type_range_info,omitempty"`   // the bounds of a FieldRange
	Name                 string                `json:"name,omitempty"`                    // of the argument of a method
	Type                 ModelTypeDataType     `json:"type,omitempty"`                    // of the argument of a method
	TypeArgs             []ModelTypeField      `json:"type_args,omitempty"`               // the types within a list, a tuple or named fields
	Iterator             bool                  `json:"iterator,omitempty"`                // the argument is a stream
	Default              string                `json:"default,omitempty"`                 // of the argument, as text; required if empty
	IsParam              bool                  `json:"is_param,omitempty"`                // a parameter of the prediction, not a part of the input
}

// ModelTypeEnumOption is a choice of a field.
type ModelTypeEnumOption struct {
	ID              string                     `json:"id,omitempty"`      // the value
	Aliases         []ModelTypeEnumOptionAlias `json:"aliases,omitempty"` // other values that mean the same
	Description     string                     `json:"description,omitempty"`
	ModelTypeFields []ModelTypeField           `json:"model_type_fields,omitempty"` // fields that come with this choice
	InternalOnly    bool                       `json:"internal_only,omitempty"`     // for Clarifai's own users
	Recommended     bool                       `json:"recommended,omitempty"`
}

// ModelTypeEnumOptionAlias is another value for a choice: one of its fields is set.
type ModelTypeEnumOptionAlias struct {
	IDInt          int64  `json:"id_int,omitempty"`
	WildcardString string `json:"wildcard_string,omitempty"` // a pattern
}

// ModelTypeRangeInfo bounds a number.
type ModelTypeRangeInfo struct {
	Min  float64 `json:"min,omitempty"`
	Max  float64 `json:"max,omitempty"`
	Step float64 `json:"step,omitempty"` // values are rounded to a multiple of it; 0 for no rounding
}

// ModelTypeFieldType is how a user interface asks for a field.
type ModelTypeFieldType int32

// The types of fields, as a user interface knows them.
const (
	FieldBoolean                      ModelTypeFieldType = 1
	FieldString                       ModelTypeFieldType = 2
	FieldNumber                       ModelTypeFieldType = 3
	FieldArrayOfConcepts              ModelTypeFieldType = 4
	FieldArrayOfConceptsWithThreshold ModelTypeFieldType = 5
	FieldRange                        ModelTypeFieldType = 7
	FieldEnum                         ModelTypeFieldType = 8
	FieldCollaborators                ModelTypeFieldType = 9
	FieldJSON                         ModelTypeFieldType = 10
	FieldArrayOfNumbers               ModelTypeFieldType = 11
	FieldWorkflowEmbedModels          ModelTypeFieldType = 12
	FieldArrayOfStrings               ModelTypeFieldType = 13
	FieldRecursiveEnum                ModelTypeFieldType = 14
	FieldPythonCode                   ModelTypeFieldType = 15
	FieldDatasetID                    ModelTypeFieldType = 16
	FieldDatasetVersionID             ModelTypeFieldType = 17
	FieldArrayOfModelConcepts         ModelTypeFieldType = 18
	FieldDataset                      ModelTypeFieldType = 19
	FieldDatasetVersion               ModelTypeFieldType = 20
	FieldEncryptedString              ModelTypeFieldType = 21
	FieldCheckpointModel              ModelTypeFieldType = 22
	FieldArrayOfSecrets               ModelTypeFieldType = 23
)

// UnmarshalJSON reads a number or a name; an unknown name is read as 0.
func (t *ModelTypeFieldType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, map[string]ModelTypeFieldType{
		"BOOLEAN": FieldBoolean, "STRING": FieldString, "NUMBER": FieldNumber,
		"ARRAY_OF_CONCEPTS": FieldArrayOfConcepts, "ARRAY_OF_CONCEPTS_WITH_THRESHOLD": FieldArrayOfConceptsWithThreshold,
		"RANGE": FieldRange, "ENUM": FieldEnum, "COLLABORATORS": FieldCollaborators, "JSON": FieldJSON,
		"ARRAY_OF_NUMBERS": FieldArrayOfNumbers, "WORKFLOW_EMBED_MODELS": FieldWorkflowEmbedModels,
		"ARRAY_OF_STRINGS": FieldArrayOfStrings, "RECURSIVE_ENUM": FieldRecursiveEnum, "PYTHON_CODE": FieldPythonCode,
		"DATASET_ID": FieldDatasetID, "DATASET_VERSION_ID": FieldDatasetVersionID, "ARRAY_OF_MODEL_CONCEPTS": FieldArrayOfModelConcepts,
		"DATASET": FieldDataset, "DATASET_VERSION": FieldDatasetVersion, "ENCRYPTED_STRING": FieldEncryptedString,
		"CHECKPOINT_MODEL": FieldCheckpointModel, "ARRAY_OF_SECRETS": FieldArrayOfSecrets,
	})
}

// ModelTypeDataType is the type of an argument or a result of a method.
type ModelTypeDataType int32

// The types of arguments and results.
const (
	DataTypeStr         ModelTypeDataType = 1
	DataTypeBytes       ModelTypeDataType = 2
	DataTypeInt         ModelTypeDataType = 3
	DataTypeFloat       ModelTypeDataType = 4
	DataTypeBool        ModelTypeDataType = 5
	DataTypeNDArray     ModelTypeDataType = 6
	DataTypeJSON        ModelTypeDataType = 7
	DataTypeText        ModelTypeDataType = 8
	DataTypeImage       ModelTypeDataType = 9
	DataTypeConcept     ModelTypeDataType = 10
	DataTypeRegion      ModelTypeDataType = 11
	DataTypeFrame       ModelTypeDataType = 12
	DataTypeAudio       ModelTypeDataType = 13
	DataTypeVideo       ModelTypeDataType = 14
	DataTypeNamedFields ModelTypeDataType = 15
	DataTypeTuple       ModelTypeDataType = 16
	DataTypeList        ModelTypeDataType = 17
)

// UnmarshalJSON reads a number or a name; an unknown name is read as 0.
func (t *ModelTypeDataType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, map[string]ModelTypeDataType{
		"STR": DataTypeStr, "BYTES": DataTypeBytes, "INT": DataTypeInt, "FLOAT": DataTypeFloat, "BOOL": DataTypeBool,
		"NDARRAY": DataTypeNDArray, "JSON_DATA": DataTypeJSON, "TEXT": DataTypeText, "IMAGE": DataTypeImage,
		"CONCEPT": DataTypeConcept, "REGION": DataTypeRegion, "FRAME": DataTypeFrame, "AUDIO": DataTypeAudio, "VIDEO": DataTypeVideo,
		"NAMED_FIELDS": DataTypeNamedFields, "TUPLE": DataTypeTuple, "LIST": DataTypeList,
	})
}
