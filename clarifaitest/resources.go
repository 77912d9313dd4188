package clarifaitest

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"

	"github.com/clarifai-go/clarifai"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// kind describes a kind of resource that clients can read but not change.
type kind struct {
	one, many string                     // the names of the response fields
	variable  string                     // the path variable of the ID
	missing   clarifai.StatusCode        // the code if a resource does not exist
	parent    *kind                      // the kind it belongs to, if any
	latest    string                     // the field of the parent that holds the latest resource
	status    clarifai.StatusCode        // the default status; 0 if the kind has none
	others    func(*App, *call) []object // resources that exist without being added
}

var (
	conceptKind        = &kind{one: "concept", many: "concepts", variable: "concept_id", missing: clarifai.StatusConnDoesNotExist, others: (*App).namedConcepts}
	datasetKind        = &kind{one: "dataset", many: "datasets", variable: "dataset_id", missing: clarifai.StatusConnDoesNotExist, others: (*App).namedDatasets}
	datasetVersionKind = &kind{many: "dataset_versions", parent: datasetKind, latest: "version", status: clarifai.StatusDatasetVersionReady}
	modelKind          = &kind{one: "model", many: "models", variable: "model_id", missing: clarifai.StatusModelDoesNotExist}
	modelVersionKind   = &kind{many: "model_versions", parent: modelKind, latest: "model_version", status: clarifai.StatusModelTrained}
	workflowKind       = &kind{one: "workflow", many: "workflows", variable: "workflow_id", missing: clarifai.StatusWorkflowDoesNotExist}
	appKind            = &kind{one: "app", many: "apps", variable: "app_id", others: (*App).itself}
)

// resource is immutable, like input.
type resource struct {
	id, parent string
	object     object // its JSON form
}

// collection holds the resources of a kind in insertion order.
type collection struct {
	resources []*resource
	index     map[[2]string]int // by parent and ID
}

func (a *App) of(k *kind) *collection {
	if a.resources[k] == nil {
		a.resources[k] = &collection{index: make(map[[2]string]int)}
	}
	return a.resources[k]
}

// put adds a resource or replaces the existing one with the same ID.
func (c *collection) put(r *resource) {
	key := [2]string{r.parent, r.id}
	if i, ok := c.index[key]; ok {
		c.resources[i] = r
		return
	}
	c.index[key] = len(c.resources)
	c.resources = append(c.resources, r)
}

func (c *collection) get(parent, id string) *resource {
	if i, ok := c.index[[2]string{parent, id}]; ok {
		return c.resources[i]
	}
	return nil
}

func (c *collection) within(parent string) []*resource {
	return filter(c.resources, func(r *resource) bool { return r.parent == parent })
}

// AddConcepts adds copies of concepts. Inputs and annotations may also refer to concepts
// that were not added.
//
// AddConcepts and similar methods replace an existing resource with the same ID. An
// empty ID is replaced by a new one or, for a concept with a name, by the name. A nil
// CreatedAt becomes the time at which the app was created, and a nil ModifiedAt becomes
// CreatedAt. The default status of a model version is trained, and the default status
// of a dataset version is ready. These methods panic if an argument is nil or cannot be
// encoded as JSON.
func (a *App) AddConcepts(concepts ...*clarifai.Concept) {
	add(a, "AddConcepts", conceptKind, "", concepts)
}

// AddDatasets adds copies of datasets. The Version of a dataset, if set, is added too.
// Inputs may also refer to datasets that were not added. See [App.AddConcepts] for IDs
// and defaults.
func (a *App) AddDatasets(datasets ...*clarifai.Dataset) {
	add(a, "AddDatasets", datasetKind, "", datasets)
}

// AddDatasetVersions adds copies of versions to a dataset, and creates the dataset
// if necessary. The last one becomes the Version of the dataset. See
// [App.AddConcepts] for IDs and defaults.
func (a *App) AddDatasetVersions(datasetID string, versions ...*clarifai.DatasetVersion) {
	add(a, "AddDatasetVersions", datasetVersionKind, datasetID, versions)
}

// AddModels adds copies of models. The ModelVersion of a model, if set, is added too.
// See [App.AddConcepts] for IDs and defaults.
func (a *App) AddModels(models ...*clarifai.Model) { add(a, "AddModels", modelKind, "", models) }

// AddModelVersions adds copies of versions to a model, and creates the model if
// necessary. The last one becomes the ModelVersion of the model. See [App.AddConcepts]
// for IDs and defaults.
func (a *App) AddModelVersions(modelID string, versions ...*clarifai.ModelVersion) {
	add(a, "AddModelVersions", modelVersionKind, modelID, versions)
}

// AddWorkflows adds copies of workflows. See [App.AddConcepts] for IDs and
// defaults.
func (a *App) AddWorkflows(workflows ...*clarifai.Workflow) {
	add(a, "AddWorkflows", workflowKind, "", workflows)
}

// AddApps adds copies of other apps. GetApp returns the client's app, even if it was
// not added. ListApps returns the app of [App.Client], whose ID is
// "app", and the added apps. See [App.AddConcepts] for IDs and defaults.
func (a *App) AddApps(apps ...*clarifai.App) { add(a, "AddApps", appKind, "", apps) }

func add[T any](a *App, method string, k *kind, parent string, given []*T) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, g := range given {
		if g == nil {
			panic(fmt.Sprintf("clarifaitest: %s: argument %d is nil", method, i))
		}
		r := a.newResource(k, parent, objectOf(g))
		for _, versions := range []*kind{modelVersionKind, datasetVersionKind} {
			if latest, ok := r.object[versions.latest].(object); ok && versions.parent == k {
				a.of(versions).put(a.newResource(versions, r.id, latest))
			}
		}
		a.of(k).put(r)
		if k.parent != nil {
			of := object{"id": parent}
			if old := a.of(k.parent).get("", parent); old != nil {
				of = maps.Clone(old.object)
			}
			of[k.latest] = r.object
			a.of(k.parent).put(a.newResource(k.parent, "", of))
		}
	}
}

// newResource returns a resource with the fields in o. It sets missing fields that the
// API would set, such as the ID.
func (a *App) newResource(k *kind, parent string, o object) *resource {
	id, _ := o["id"].(string)
	if k == conceptKind {
		name, _ := o["name"].(string)
		id = cmp.Or(id, name)
		setDefault(o, "value", jsonv1.Number("1"))
	}
	if id == "" {
		id = a.newID()
	}
	o["id"] = id
	if k == conceptKind {
		setDefault(o, "name", id)
	} else {
		setDefault(o, "modified_at", cmp.Or(o["created_at"], any(a.made)))
	}
	setDefault(o, "created_at", a.made)
	if k.status != 0 {
		setDefault(o, "status", objectOf(statusOf(k.status, "")))
	}
	if k.parent == datasetKind {
		setDefault(o, "dataset_id", parent)
	}
	return &resource{id, parent, o}
}

func setDefault(o object, name string, value any) {
	if o[name] == nil {
		o[name] = value
	}
}

// itsID is the ID of the app in requests whose path contains no app ID.
const itsID = "app"

// itself returns the app as a resource.
func (a *App) itself(c *call) []object { return []object{{"id": cmp.Or(c.appID, itsID)}} }

// namedDatasets returns the datasets that inputs refer to.
func (a *App) namedDatasets(*call) (named []object) {
	seen := make(map[string]bool)
	for _, in := range a.inputs {
		for _, id := range in.DatasetIDs {
			if id != "" && !seen[id] {
				seen[id] = true
				named = append(named, object{"id": id})
			}
		}
	}
	return named
}

// namedConcepts returns the concepts that inputs and annotations refer to.
func (a *App) namedConcepts(*call) (named []object) {
	byID := make(map[string]object)
	collect := func(data *clarifai.Data) {
		for d := range nested(data) {
			for _, concept := range d.Concepts {
				id := cmp.Or(concept.ID, concept.Name)
				if id != "" && byID[id] == nil {
					byID[id] = object{"id": id}
					named = append(named, byID[id])
				}
				if concept.Name != "" {
					setDefault(byID[id], "name", concept.Name)
				}
			}
		}
	}
	for _, in := range a.inputs {
		collect(in.Data)
	}
	for _, an := range a.annotations {
		collect(an.Data)
	}
	return named
}

// objectOf returns the JSON form of v, with exact numbers.
func objectOf(v any) object {
	var o object
	d := jsonv1.NewDecoder(bytes.NewReader(mustMarshal(v)))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		panic(fmt.Sprintf("clarifaitest: %T: %v", v, err))
	}
	return o
}
