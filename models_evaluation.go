package clarifai

// EvalMetrics holds the results of an evaluation, which compares the predictions of
// a model with the ground truth. All of its fields are set by the API.
type EvalMetrics struct {
	Status             *Status             `json:"status,omitzero"`
	UserID             string              `json:"user_id,omitzero"` // ID of the owner
	AppID              string              `json:"app_id,omitzero"`  // ID of the owner's app
	ID                 string              `json:"id,omitzero"`
	Model              *Model              `json:"model,omitzero"` // evaluated model
	GroundTruthDataset *Dataset            `json:"ground_truth_dataset,omitzero"`
	PredictionsDataset *Dataset            `json:"predictions_dataset,omitzero"`
	Summary            *MetricsSummary     `json:"summary,omitzero"`
	ConfusionMatrix    *ConfusionMatrix    `json:"confusion_matrix,omitzero"`
	CooccurrenceMatrix *CooccurrenceMatrix `json:"cooccurrence_matrix,omitzero"`
	LabelCounts        *LabelDistribution  `json:"label_counts,omitzero"`
	BinaryMetrics      []BinaryMetrics     `json:"binary_metrics,omitzero"`
	TestSet            []EvalTestSetEntry  `json:"test_set,omitzero"`
	MetricsByArea      []BinaryMetrics     `json:"metrics_by_area,omitzero"`  // grouped by region size
	MetricsByClass     []BinaryMetrics     `json:"metrics_by_class,omitzero"` // grouped by concept
	TrackerMetrics     []TrackerMetrics    `json:"tracker_metrics,omitzero"`  // grouped by concept
	EvalInfo           *EvalInfo           `json:"eval_info,omitzero"`
	ExtendedMetrics    *ExtendedMetrics    `json:"extended_metrics,omitzero"`
}

// MetricsSummary summarizes an evaluation. Averages and standard deviations are
// computed over all concepts. All values are between 0 and 1.
type MetricsSummary struct {
	Top1Accuracy             float64 `json:"top1_accuracy,omitzero"` // deprecated by the API
	Top5Accuracy             float64 `json:"top5_accuracy,omitzero"` // deprecated by the API
	MacroAvgROCAUC           float64 `json:"macro_avg_roc_auc"`
	MacroStdROCAUC           float64 `json:"macro_std_roc_auc"`
	MacroAvgF1Score          float64 `json:"macro_avg_f1_score"`
	MacroStdF1Score          float64 `json:"macro_std_f1_score"`
	MacroAvgPrecision        float64 `json:"macro_avg_precision"`
	MacroAvgRecall           float64 `json:"macro_avg_recall"`
	MeanAvgPrecisionIOU50    float64 `json:"mean_avg_precision_iou_50,omitzero"`    // with an intersection over union (IoU) of 0.5
	MeanAvgPrecisionIOURange float64 `json:"mean_avg_precision_iou_range,omitzero"` // averaged over several IoU values
}

// ConfusionMatrix compares predicted concepts with actual concepts.
type ConfusionMatrix struct {
	Matrix     []ConfusionMatrixEntry `json:"matrix,omitzero"`
	ConceptIDs []string               `json:"concept_ids,omitzero"` // ordered by their values on the diagonal of the matrix, highest first
}

// ConfusionMatrixEntry is one cell of a ConfusionMatrix.
type ConfusionMatrixEntry struct {
	Predicted        string   `json:"predicted,omitzero"` // ID of the predicted concept
	Actual           string   `json:"actual,omitzero"`    // ID of the concept in the ground truth
	Value            float64  `json:"value"`              // value of the cell
	PredictedConcept *Concept `json:"predicted_concept,omitzero"`
	ActualConcept    *Concept `json:"actual_concept,omitzero"`
}

// CooccurrenceMatrix counts how often two concepts occur together.
type CooccurrenceMatrix struct {
	Matrix     []CooccurrenceMatrixEntry `json:"matrix,omitzero"`
	ConceptIDs []string                  `json:"concept_ids,omitzero"` // ordered by their values on the diagonal of the matrix, highest first
}

// CooccurrenceMatrixEntry is one cell of a CooccurrenceMatrix.
type CooccurrenceMatrixEntry struct {
	Row   string `json:"row,omitzero"` // ID of a concept
	Col   string `json:"col,omitzero"` // ID of another concept
	Count uint32 `json:"count,omitzero"`
}

// LabelDistribution counts how often each concept occurs in the ground truth.
type LabelDistribution struct {
	PositiveLabelCounts []LabelCount `json:"positive_label_counts,omitzero"`
}

// LabelCount is the number of occurrences of a concept.
type LabelCount struct {
	ConceptName string   `json:"concept_name,omitzero"` // deprecated by the API: use Concept
	Count       uint32   `json:"count,omitzero"`
	Concept     *Concept `json:"concept,omitzero"`
}

// BinaryMetrics holds the metrics of a binary classification of one concept against
// all others.
type BinaryMetrics struct {
	NumPos               uint32                `json:"num_pos"` // number of positive examples
	NumNeg               uint32                `json:"num_neg"` // number of negative examples
	NumTot               uint32                `json:"num_tot"` // total number of examples
	ROCAUC               float64               `json:"roc_auc"` // area under ROCCurve, 0 to 1
	F1                   float64               `json:"f1"`      // 0 to 1
	Concept              *Concept              `json:"concept,omitzero"`
	ROCCurve             *ROC                  `json:"roc_curve,omitzero"`
	PrecisionRecallCurve *PrecisionRecallCurve `json:"precision_recall_curve,omitzero"`
	AvgPrecision         float64               `json:"avg_precision,omitzero"` // 0 to 1
	AreaName             string                `json:"area_name,omitzero"`     // name of the size range of regions, such as "small"
	AreaMin              float64               `json:"area_min,omitzero"`      // minimum area of the size range
	AreaMax              float64               `json:"area_max,omitzero"`      // maximum area of the size range
	IOU                  float64               `json:"iou,omitzero"`           // intersection over union (IoU) threshold, 0 to 1
}

// ROC is a receiver operating characteristic curve. Each slice holds one value per
// point of the curve.
type ROC struct {
	FPR          []float64 `json:"fpr,omitzero"`        // false positive rates
	TPR          []float64 `json:"tpr,omitzero"`        // true positive rates
	Thresholds   []float64 `json:"thresholds,omitzero"` // minimum value of a positive prediction
	FPRPerImage  []float64 `json:"fpr_per_image,omitzero"`
	FPRPerObject []float64 `json:"fpr_per_object,omitzero"`
}

// PrecisionRecallCurve is a curve of precision against recall. Each slice holds one
// value per point of the curve.
type PrecisionRecallCurve struct {
	Recall     []float64 `json:"recall,omitzero"`
	Precision  []float64 `json:"precision,omitzero"`
	Thresholds []float64 `json:"thresholds,omitzero"` // minimum value of a positive prediction
}

// EvalTestSetEntry is an input that a model was evaluated on.
type EvalTestSetEntry struct {
	Input                 *Input      `json:"input,omitzero"`
	PredictedConcepts     []Concept   `json:"predicted_concepts,omitzero"`
	GroundTruthConcepts   []Concept   `json:"ground_truth_concepts,omitzero"`
	Annotation            *Annotation `json:"annotation,omitzero"`              // deprecated by the API
	PredictedAnnotation   *Annotation `json:"predicted_annotation,omitzero"`    // region, if the model detects regions
	GroundTruthAnnotation *Annotation `json:"ground_truth_annotation,omitzero"` // region, if the model detects regions
}

// TrackerMetrics measures how well a model tracks a concept in videos.
type TrackerMetrics struct {
	MOTMOTA          float64 `json:"mot_mota,omitzero"`         // multiple object tracking accuracy
	MOTNumSwitches   int32   `json:"mot_num_switches,omitzero"` // number of switches between tracks
	MORSEFrag        float64 `json:"morse_frag,omitzero"`       // MORSE fragmentation rate
	AvgPrecision     float64 `json:"avg_precision,omitzero"`    // average precision over all processed frames, 0 to 1
	AIID             string  `json:"aiid,omitzero"`             // ID of the concept
	UniqueSwitchRate float64 `json:"unique_switch_rate,omitzero"`
}

// EvalInfo holds the parameters of an evaluation. The model type defines these
// parameters.
type EvalInfo struct {
	Params map[string]any `json:"params,omitzero"` // any JSON object; numbers are float64
}

// ExtendedMetrics holds user-defined metrics.
type ExtendedMetrics struct {
	UserMetrics map[string]any `json:"user_metrics,omitzero"` // any JSON object; numbers are float64
}
