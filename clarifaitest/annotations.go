package clarifaitest

import (
	"slices"

	"github.com/clarifai-go/clarifai"
	"github.com/go-json-experiment/json/jsontext"
)

func (a *App) listAnnotations(c *call) (fields, error) {
	page, err := c.page(clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	ids, inputIDs := c.given["ids"], c.given["input_ids"]
	if len(ids) > 0 && len(ids) != len(inputIDs) {
		return nil, refuse(clarifai.StatusConnInvalidRequest, "ids and input_ids must have the same length, got %d and %d", len(ids), len(inputIDs))
	}
	named := make(map[annotationKey]bool)
	for i, id := range ids {
		named[annotationKey{inputIDs[i].(string), id.(string)}] = true
	}
	users, modelVersions, workflowVersions := c.given["user_ids"], c.given["model_version_ids"], c.given["workflow_version_ids"]
	byWorker := len(users)+len(modelVersions)+len(workflowVersions) > 0
	task := given[string](c, "task_id")
	list := filter(a.annotations, func(an *annotation) bool {
		if len(ids) > 0 && !named[annotationKey{an.InputID, an.ID}] || len(inputIDs) > 0 && !slices.Contains(inputIDs, any(an.InputID)) ||
			task != "" && an.TaskID != task {
			return false
		}
		user, modelVersion, workflowVersion := workerIDs(an.Worker)
		if byWorker {
			return has(users, an.UserID, user) || has(modelVersions, an.ModelVersionID, modelVersion) || has(workflowVersions, workflowVersion)
		}
		byPerson := modelVersion == "" && an.ModelVersionID == "" && workflowVersion == ""
		return byPerson || an.Trusted || given[bool](c, "list_all_annotations")
	})
	encoded := []jsontext.Value{}
	for _, an := range cut(list, page) {
		encoded = append(encoded, an.json)
	}
	return fields{"annotations": encoded}, nil
}

// has reports whether given contains any of the non-empty ids.
func has(given []any, ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return id != "" && slices.Contains(given, any(id)) })
}

func (a *App) getAnnotation(c *call) (fields, error) {
	for _, an := range a.ofInput[c.path["input_id"]] {
		if an.ID == c.path["annotation_id"] {
			return fields{"annotation": an.json}, nil
		}
	}
	return nil, refuse(clarifai.StatusConnDoesNotExist, "annotation %q of input %q does not exist", c.path["annotation_id"], c.path["input_id"])
}
