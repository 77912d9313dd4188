package clarifai

// EvalMetrics is an evaluation of a model: how its predictions compare with the
// ground truth, the annotations that are known to be right. The API sets it.
type EvalMetrics struct {
	Status             *Status             `json:"status,omitzero"`
	UserID             string              `json:"user_id,omitzero"` // the owner
	AppID              string              `json:"app_id,omitzero"`  // the owner's app
	ID                 string              `json:"id,omitzero"`
	Model              *Model              `json:"model,omitzero"` // that was evaluated
	GroundTruthDataset *Dataset            `json:"ground_truth_dataset,omitzero"`
	PredictionsDataset *Dataset            `json:"predictions_dataset,omitzero"`
	Summary            *MetricsSummary     `json:"summary,omitzero"`
	ConfusionMatrix    *ConfusionMatrix    `json:"confusion_matrix,omitzero"`
	CooccurrenceMatrix *CooccurrenceMatrix `json:"cooccurrence_matrix,omitzero"`
	LabelCounts        *LabelDistribution  `json:"label_counts,omitzero"`
	BinaryMetrics      []BinaryMetrics     `json:"binary_metrics,omitzero"`
	TestSet            []EvalTestSetEntry  `json:"test_set,omitzero"`
	MetricsByArea      []BinaryMetrics     `json:"metrics_by_area,omitzero"`  // by the size of regions
	MetricsByClass     []BinaryMetrics     `json:"metrics_by_class,omitzero"` // by concept
	TrackerMetrics     []TrackerMetrics    `json:"tracker_metrics,omitzero"`  // by concept
	EvalInfo           *EvalInfo           `json:"eval_info,omitzero"`
	ExtendedMetrics    *ExtendedMetrics    `json:"extended_metrics,omitzero"`
}

// MetricsSummary sums an evaluation up. Averages and standard deviations are over
// concepts; all are fractions from 0 to 1.
type MetricsSummary struct {
	Top1Accuracy             float64 `json:"top1_accuracy,omitzero"` // deprecated by the API
	Top5Accuracy             float64 `json:"top5_accuracy,omitzero"` // deprecated by the API
	MacroAvgROCAUC           float64 `json:"macro_avg_roc_auc"`
	MacroStdROCAUC           float64 `json:"macro_std_roc_auc"`
	MacroAvgF1Score          float64 `json:"macro_avg_f1_score"`
	MacroStdF1Score          float64 `json:"macro_std_f1_score"`
	MacroAvgPrecision        float64 `json:"macro_avg_precision"`
	MacroAvgRecall           float64 `json:"macro_avg_recall"`
	MeanAvgPrecisionIOU50    float64 `json:"mean_avg_precision_iou_50,omitzero"`    // regions match where they overlap by half (IoU 0.5)
	MeanAvgPrecisionIOURange float64 `json:"mean_avg_precision_iou_range,omitzero"` // averaged over several overlaps
}

// ConfusionMatrix says what a model predicted for which concept.
type ConfusionMatrix struct {
	Matrix     []ConfusionMatrixEntry `json:"matrix,omitzero"`
	ConceptIDs []string               `json:"concept_ids,omitzero"` // those that were predicted best first
}

// ConfusionMatrixEntry is one cell of a ConfusionMatrix.
type ConfusionMatrixEntry struct {
	Predicted        string   `json:"predicted,omitzero"` // the ID of the concept that was predicted
	Actual           string   `json:"actual,omitzero"`    // the ID of the concept of the ground truth
	Value            float64  `json:"value"`              // how often
	PredictedConcept *Concept `json:"predicted_concept,omitzero"`
	ActualConcept    *Concept `json:"actual_concept,omitzero"`
}

// CooccurrenceMatrix says which concepts occur together.
type CooccurrenceMatrix struct {
	Matrix     []CooccurrenceMatrixEntry `json:"matrix,omitzero"`
	ConceptIDs []string                  `json:"concept_ids,omitzero"` // those that were predicted best first
}

// CooccurrenceMatrixEntry is one cell of a CooccurrenceMatrix.
type CooccurrenceMatrixEntry struct {
	Row   string `json:"row,omitzero"` // the ID of a concept
	Col   string `json:"col,omitzero"` // the ID of another concept
	Count uint32 `json:"count,omitzero"`
}

// LabelDistribution says how often each concept occurs in the ground truth.
type LabelDistribution struct {
	PositiveLabelCounts []LabelCount `json:"positive_label_counts,omitzero"`
}

// LabelCount is how often a concept occurs.
type LabelCount struct {
	ConceptName string   `json:"concept_name,omitzero"` // deprecated by the API; superseded by Concept
	Count       uint32   `json:"count,omitzero"`
	Concept     *Concept `json:"concept,omitzero"`
}

// BinaryMetrics says how well a concept was told from all others.
type BinaryMetrics struct {
	NumPos               uint32                `json:"num_pos"` // inputs or regions with the concept
	NumNeg               uint32                `json:"num_neg"` // without it
	NumTot               uint32                `json:"num_tot"` // of both kinds
	ROCAUC               float64               `json:"roc_auc"` // the area under ROCCurve, 0 to 1
	F1                   float64               `json:"f1"`      // 0 to 1
	Concept              *Concept              `json:"concept,omitzero"`
	ROCCurve             *ROC                  `json:"roc_curve,omitzero"`
	PrecisionRecallCurve *PrecisionRecallCurve `json:"precision_recall_curve,omitzero"`
	AvgPrecision         float64               `json:"avg_precision,omitzero"` // 0 to 1
	AreaName             string                `json:"area_name,omitzero"`     // of the regions that were counted, such as "small"
	AreaMin              float64               `json:"area_min,omitzero"`      // the smallest of these regions
	AreaMax              float64               `json:"area_max,omitzero"`      // the largest of these regions
	IOU                  float64               `json:"iou,omitzero"`           // how far regions had to overlap (IoU), 0 to 1
}

// ROC is a receiver operating characteristic curve; each list has one value for
// each point of the curve.
type ROC struct {
	FPR          []float64 `json:"fpr,omitzero"`        // false positive rate
	TPR          []float64 `json:"tpr,omitzero"`        // true positive rate
	Thresholds   []float64 `json:"thresholds,omitzero"` // the least value that counts as predicted
	FPRPerImage  []float64 `json:"fpr_per_image,omitzero"`
	FPRPerObject []float64 `json:"fpr_per_object,omitzero"`
}

// PrecisionRecallCurve is precision against recall; each list has one value for
// each point of the curve.
type PrecisionRecallCurve struct {
	Recall     []float64 `json:"recall,omitzero"`
	Precision  []float64 `json:"precision,omitzero"`
	Thresholds []float64 `json:"thresholds,omitzero"` // the least value that counts as predicted
}

// EvalTestSetEntry is an input that a model was evaluated on.
type EvalTestSetEntry struct {
	Input                 *Input      `json:"input,omitzero"`
	PredictedConcepts     []Concept   `json:"predicted_concepts,omitzero"`
	GroundTruthConcepts   []Concept   `json:"ground_truth_concepts,omitzero"`
	Annotation            *Annotation `json:"annotation,omitzero"`              // deprecated by the API
	PredictedAnnotation   *Annotation `json:"predicted_annotation,omitzero"`    // the region, of a model that finds regions
	GroundTruthAnnotation *Annotation `json:"ground_truth_annotation,omitzero"` // the region, of a model that finds regions
}

// TrackerMetrics says how well a concept was tracked through videos.
type TrackerMetrics struct {
	MOTMOTA          float64 `json:"mot_mota,omitzero"`         // multiple object tracking accuracy
	MOTNumSwitches   int32   `json:"mot_num_switches,omitzero"` // switches from one track to another
	MORSEFrag        float64 `json:"morse_frag,omitzero"`       // MORSE's fragmentation rate
	AvgPrecision     float64 `json:"avg_precision,omitzero"`    // over all frames, 0 to 1
	AIID             string  `json:"aiid,omitzero"`             // the ID of the concept
	UniqueSwitchRate float64 `json:"unique_switch_rate,omitzero"`
}

// EvalInfo holds the parameters of an evaluation, as the model type defines them.
type EvalInfo struct {
	Params map[string]any `json:"params,omitzero"` // any JSON object; numbers are float64
}

// ExtendedMetrics holds the metrics that a user defined.
type ExtendedMetrics struct {
	UserMetrics map[string]any `json:"user_metrics,omitzero"` // any JSON object; numbers are float64
}
