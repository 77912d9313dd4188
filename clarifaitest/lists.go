package clarifaitest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/clarifai-go/clarifai"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// list handles a request for a page of resources.
func (k *kind) list(a *App, c *call) (fields, error) {
	page, err := c.page(clarifai.DefaultPerPage)
	if err != nil {
		return nil, err
	}
	var resources []*resource
	if k.parent == nil {
		resources = a.all(k, c)
	} else if parent, err := a.find(k.parent, c, c.path[k.parent.variable]); err != nil {
		return nil, err
	} else {
		resources = a.of(k).within(parent.id)
	}
	for _, p := range c.op.query {
		if p.keep != nil {
			resources = filter(resources, func(r *resource) bool { return p.keep(c, r, c.given[p.name]) })
		}
	}
	if resources, err = c.sorted(resources); err != nil {
		return nil, err
	}
	list := []object{}
	for _, r := range cut(resources, page) {
		list = append(list, r.answer(k, c))
	}
	return fields{k.many: list}, nil
}

// get handles a request for a single resource.
func (k *kind) get(a *App, c *call) (fields, error) {
	r, err := a.find(k, c, cmp.Or(c.path[k.variable], itsID))
	if err != nil {
		return nil, err
	}
	return fields{k.one: r.answer(k, c)}, nil
}

// all returns the resources of a kind.
func (a *App) all(k *kind, c *call) (all []*resource) {
	if k.others != nil {
		for _, o := range k.others(a, c) {
			if r := a.newResource(k, "", o); a.of(k).get("", r.id) == nil {
				all = append(all, r)
			}
		}
	}
	return append(all, a.of(k).resources...)
}

func (a *App) find(k *kind, c *call, id string) (*resource, error) {
	if r := a.of(k).get("", id); r != nil {
		return r, nil
	}
	all := a.all(k, c)
	if i := slices.IndexFunc(all, func(r *resource) bool { return r.id == id }); i >= 0 {
		return all[i], nil
	}
	return nil, refuse(k.missing, "%s %q", k.one, id)
}

// answer returns the JSON of a resource for a response. If the resource has no user ID
// or app ID, answer uses the ID in the path of the request.
func (r *resource) answer(k *kind, c *call) object {
	o := maps.Clone(r.object)
	if c.userID != "" {
		setDefault(o, "user_id", c.userID)
	}
	if c.appID != "" && k != appKind {
		setDefault(o, "app_id", c.appID)
	}
	return o
}

// values returns the values at a path such as status.code. Numbers are float64, and
// lists are flattened. For an object at the end of the path, values returns its keys.
func (r *resource) values(path string) []any { return valuesAt(r.object, strings.Split(path, ".")) }

func valuesAt(v any, path []string) (values []any) {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		for _, element := range v {
			values = append(values, valuesAt(element, path)...)
		}
		return values
	case object:
		if len(path) > 0 {
			return valuesAt(v[path[0]], path[1:])
		}
		for key := range v {
			values = append(values, key)
		}
		return values
	case jsonv1.Number:
		n, _ := v.Float64() // cannot fail: it was a JSON number
		return []any{n}
	}
	return []any{v}
}

func (r *resource) number(path string) float64 {
	if values := r.values(path); len(values) > 0 {
		n, _ := values[0].(float64)
		return n
	}
	return 0
}

// isTrained reports whether a model version is trained or has no status.
func isTrained(r *resource, path string) bool {
	codes := r.values(path)
	return len(codes) == 0 || codes[0] == float64(clarifai.StatusModelTrained)
}

// words returns the words of a text in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// sorted sorts the resources in place, in the order that the query requests. The default
// is the descending order of the first field that the operation can sort by. Ties stay
// in insertion order. A sort by relevance leaves all resources in insertion order.
func (c *call) sorted(resources []*resource) ([]*resource, error) {
	var by, byDefault *parameter
	for i := range c.op.query {
		p := &c.op.query[i]
		if p.sort != "" && byDefault == nil {
			byDefault = p
		}
		if p.sort == "" || !given[bool](c, p.name) {
			continue
		}
		if by != nil {
			return nil, refuse(clarifai.StatusConnBadRequestFormat, "%s and %s must not both be set", by.name, p.name)
		}
		by = p
	}
	if by = cmp.Or(by, byDefault); by == nil {
		return resources, nil
	}
	if by.sort == "relevance" {
		if given[string](c, "search") == "" {
			return nil, refuse(clarifai.StatusConnInvalidRequest, "%s requires a search", by.name)
		}
		return resources, nil
	}
	keys := make(map[*resource]sortKey, len(resources))
	for _, r := range resources {
		keys[r] = r.sortKey(by.sort)
	}
	slices.SortStableFunc(resources, func(x, y *resource) int {
		if given[bool](c, "sort_ascending") {
			return keys[x].compare(keys[y])
		}
		return keys[y].compare(keys[x])
	})
	return resources, nil
}

type sortKey struct {
	number float64
	time   time.Time
	text   string
}

func (r *resource) sortKey(path string) (key sortKey) {
	values := r.values(path)
	if len(values) == 0 {
		return key
	}
	switch v := values[0].(type) {
	case float64:
		key.number = v
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && strings.HasSuffix(path, "_at") {
			key.time = at
		} else {
			key.text = v
		}
	}
	return key
}

func (x sortKey) compare(y sortKey) int {
	return cmp.Or(cmp.Compare(x.number, y.number), x.time.Compare(y.time), strings.Compare(x.text, y.text))
}
