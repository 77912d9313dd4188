package clarifaitest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// getModel returns a model with the requested version.
func (a *App) getModel(c *call) (fields, error) {
	model, err := a.find(modelKind, c, c.path["model_id"])
	if err != nil {
		return nil, err
	}
	var version *resource
	if id := given[string](c, "version_id"); id != "" {
		if version = a.of(modelVersionKind).get(model.id, id); version == nil {
			return nil, refuse(clarifai.StatusModelDoesNotExist, "model %q has no version %q", model.id, id)
		}
	} else if given[bool](c, "trained_before") && !isTrained(model, "model_version.status.code") {
		for _, v := range a.of(modelVersionKind).within(model.id) {
			if isTrained(v, "status.code") {
				version = v
			}
		}
	}
	answer := model.answer(modelKind, c)
	if version != nil {
		answer[modelVersionKind.latest] = version.object
	}
	return fields{modelKind.one: answer}, nil
}

type conceptsSearchesBody struct {
	ConceptQuery clarifai.ConceptQuery             `json:"concept_query"`
	ExtraInfo    *clarifai.ConceptExtraInfoRequest `json:"extra_info"` // ignored; concepts are returned as they were added
	Pagination   pagination                        `json:"pagination"`
}

func (a *App) postConceptsSearches(c *call) (fields, error) {
	var body conceptsSearchesBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	page, err := pageOf(body.Pagination, clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	query := &body.ConceptQuery
	found, err := a.sourceConcepts(c, query)
	if err != nil {
		return nil, err
	}
	if !query.IgnoreAppConcepts && len(query.UseCases) == 0 {
		found = slices.Concat(a.all(conceptKind, c), found)
	}
	prefix := strings.ToLower(strings.TrimSuffix(query.Name, "*"))
	language := cmp.Or(query.Language, "en")
	seen := make(map[string]bool)
	found = filter(found, func(r *resource) bool {
		name, _ := r.object["name"].(string)
		spoken, _ := r.object["language"].(string)
		first := !seen[r.id]
		seen[r.id] = true
		return first && strings.HasPrefix(strings.ToLower(name), prefix) && (query.Name == "" || spoken == "" || spoken == language)
	})
	list := []object{}
	for _, r := range cut(found, page) {
		list = append(list, r.answer(conceptKind, c))
	}
	return fields{conceptKind.many: list}, nil
}

// sourceConcepts returns the concepts of the model or workflow that a query specifies.
func (a *App) sourceConcepts(c *call, query *clarifai.ConceptQuery) (found []*resource, err error) {
	nodes := []clarifai.WorkflowNode{{Model: query.Model}}
	switch {
	case query.Model != nil && query.Workflow != nil:
		return nil, refuse(clarifai.StatusConnBadRequestFormat, "model and workflow must not both be set")
	case query.Workflow != nil:
		if nodes, err = a.nodes(c, query.Workflow); err != nil {
			return nil, err
		}
	}
	detects := a.detects(nodes)
	for _, node := range nodes {
		if node.Model == nil {
			continue
		}
		model, err := a.find(modelKind, c, node.Model.ID)
		if err != nil {
			return nil, err
		}
		version, _ := model.object[modelVersionKind.latest].(object)
		if v := node.Model.ModelVersion; v != nil && v.ID != "" {
			r := a.of(modelVersionKind).get(model.id, v.ID)
			if r == nil {
				return nil, refuse(clarifai.StatusModelDoesNotExist, "model %q has no version %q", model.id, v.ID)
			}
			version = r.object
		}
		useCase := clarifai.UseCaseClassification
		if detects[node.ID] {
			useCase = clarifai.UseCaseDetection
		}
		if len(query.UseCases) > 0 && !slices.Contains(query.UseCases, useCase) {
			continue
		}
		var v clarifai.ModelVersion
		mustUnmarshal(mustMarshal(version), &v)
		if v.OutputInfo == nil || v.OutputInfo.Data == nil {
			continue
		}
		for i := range v.OutputInfo.Data.Concepts {
			found = append(found, a.newResource(conceptKind, "", objectOf(&v.OutputInfo.Data.Concepts[i])))
		}
	}
	return found, nil
}

// nodes returns the nodes of the workflow version that a reference identifies.
func (a *App) nodes(c *call, reference *clarifai.Workflow) ([]clarifai.WorkflowNode, error) {
	r, err := a.find(workflowKind, c, reference.ID)
	if err != nil {
		return nil, err
	}
	var workflow clarifai.Workflow
	mustUnmarshal(mustMarshal(r.object), &workflow)
	if v := reference.Version; v != nil && v.ID != "" && (workflow.Version == nil || workflow.Version.ID != v.ID) {
		return nil, refuse(clarifai.StatusWorkflowDoesNotExist, "workflow %q has no version %q", r.id, v.ID)
	}
	return workflow.Nodes, nil
}

// detects returns the IDs of the nodes that are detectors or follow one.
func (a *App) detects(nodes []clarifai.WorkflowNode) map[string]bool {
	detects := make(map[string]bool)
	for range nodes { // enough for the longest path
		for _, node := range nodes {
			follows := func(in clarifai.NodeInput) bool { return detects[in.NodeID] }
			if node.Model != nil && a.isDetector(node.Model.ID) || slices.ContainsFunc(node.NodeInputs, follows) {
				detects[node.ID] = true
			}
		}
	}
	return detects
}

func (a *App) isDetector(modelID string) bool {
	r := a.of(modelKind).get("", modelID)
	if r == nil {
		return false
	}
	modelType, _ := r.object["model_type_id"].(string)
	return strings.Contains(modelType, "detector")
}
