package clarifaitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// parameter is a query parameter of an operation.
type parameter struct {
	name  string
	parse func(text string) (value any, ok bool) // a string, a bool or, for numbers and enumerations, a float64
	form  string                                 // describes what parse accepts
	many  bool                                   // may be repeated
	keep  keeper                                 // filters a list; may be nil
	sort  string                                 // the field to sort by
}

// keeper reports whether a resource matches the given values of a parameter.
type keeper func(c *call, r *resource, given []any) bool

func str(name string) parameter {
	return parameter{name: name, parse: func(text string) (any, bool) { return text, true }}
}

func strs(name string) parameter { return str(name).repeated() }

func (p parameter) repeated() parameter {
	p.many = true
	return p
}

func number(name string) parameter {
	return parameter{name: name, form: "a number from 0 to 4294967295", parse: func(text string) (any, bool) {
		n, err := strconv.ParseUint(text, 10, 32)
		return float64(n), err == nil
	}}
}

func flag(name string) parameter {
	return parameter{name: name, form: "true or false", parse: func(text string) (any, bool) { return text == "true", text == "true" || text == "false" }}
}

// enumeration accepts the numbers and the names of an enumeration.
func enumeration[E any](name string, named func(string) (E, bool)) parameter {
	return parameter{name: name, form: "one of the API's names or a number", parse: func(text string) (any, bool) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return float64(n), true
		}
		e, ok := named(text)
		n, _ := strconv.ParseFloat(string(mustMarshal(e)), 64) // fails for the name of 0
		return n, ok
	}}
}

// additional returns the parameter that requests additional fields. The app always
// returns these fields.
func additional(known ...string) parameter {
	p := strs("additional_fields")
	p.form = "one of " + strings.Join(known, ", ")
	p.parse = func(text string) (any, bool) { return text, slices.Contains(known, text) }
	return p
}

// sorting returns the parameters that sort a list. Each field has the form NAME=PATH, or
// NAME if the path is the same. The parameter sort_by_NAME sorts by the value at PATH.
func sorting(fields ...string) []parameter {
	parameters := []parameter{flag("sort_ascending")}
	for _, field := range fields {
		name, path, differs := strings.Cut(field, "=")
		p := flag("sort_by_" + name)
		if p.sort = name; differs {
			p.sort = path
		}
		parameters = append(parameters, p)
	}
	return parameters
}

func with(parameters []parameter, more ...parameter) []parameter {
	return slices.Concat(parameters, more)
}

// keeps returns a copy of p that filters a list with keep. The filter is not applied if
// the query does not contain p, or if p cannot be repeated and its value is zero.
func (p parameter) keeps(keep keeper) parameter {
	p.keep = func(c *call, r *resource, given []any) bool {
		return len(given) == 0 || !p.many && slices.Contains([]any{"", false, 0.0}, given[0]) || keep(c, r, given)
	}
	return p
}

// any returns a copy of p that filters a list. A resource matches if one of its values
// at path is among the given values.
func (p parameter) any(path string) parameter {
	return p.keeps(func(_ *call, r *resource, given []any) bool {
		return slices.ContainsFunc(r.values(path), func(v any) bool { return slices.Contains(given, v) })
	})
}

func none(*call, *resource, []any) bool { return false }

func isTrue(path string) keeper {
	return func(_ *call, r *resource, _ []any) bool { return slices.Contains(r.values(path), any(true)) }
}

// bookmark selects or excludes bookmarks. If its value is true, only bookmarks match.
// Otherwise, no bookmark matches.
var bookmark = parameter{name: "bookmark", form: flag("").form, parse: flag("").parse, keep: func(_ *call, r *resource, given []any) bool {
	_, isBookmark := r.object["bookmark_origin"]
	return isBookmark == (len(given) > 0 && given[0] == true)
}}

// visibility keeps the resources with the given visibility. Resources are private by
// default.
var visibility = enumeration("visibility.gettable", gettables).keeps(func(_ *call, r *resource, given []any) bool {
	const private = 10.0
	have := append(r.values("visibility.gettable"), private)
	return have[0] == given[0]
})

// containsID is a stand-in for the API's fuzzy match of IDs.
func containsID(_ *call, r *resource, given []any) bool {
	return strings.Contains(strings.ToLower(r.id), strings.ToLower(given[0].(string)))
}

// matchesSearch keeps a resource if each of the given words is the prefix of a word in
// any of the fields that the API searches.
func matchesSearch(c *call, r *resource, given []any) bool {
	text := fmt.Sprint(r.values("id"), r.values("name"), r.values("description"), r.values("notes"))
	if c.userID == "" {
		text += fmt.Sprint(r.values("user_id"))
	}
	have := words(text)
	for _, word := range words(given[0].(string)) {
		if !slices.ContainsFunc(have, func(w string) bool { return strings.HasPrefix(w, word) }) {
			return false
		}
	}
	return true
}

func (op *operation) parameter(name string) *parameter {
	if i := slices.IndexFunc(op.query, func(p parameter) bool { return p.name == name }); i >= 0 {
		return &op.query[i]
	}
	return nil
}

// given returns the value of a parameter, or the zero value if the query does not
// contain the parameter.
func given[T any](c *call, name string) (value T) {
	if values := c.given[name]; len(values) > 0 {
		value = values[0].(T)
	}
	return value
}

// read parses the query, and rejects unknown, malformed and duplicate parameters.
func (c *call) read() error {
	for name, texts := range c.query {
		p := c.op.parameter(name)
		if p == nil {
			return refuse(clarifai.StatusConnBadRequestFormat, "%s has no query parameter %q", c.op.name, name)
		}
		if len(texts) > 1 && !p.many {
			return refuse(clarifai.StatusConnBadRequestFormat, "the query parameter %q must not be repeated, got %d values", name, len(texts))
		}
		for _, text := range texts {
			value, ok := p.parse(text)
			if !ok {
				code := clarifai.StatusConnBadRequestFormat
				if slices.ContainsFunc(paging, func(p parameter) bool { return p.name == name }) {
					code = clarifai.StatusConnInvalidRequest
				}
				return refuse(code, "%s must be %s, got %q", name, p.form, text)
			}
			c.given[name] = append(c.given[name], value)
		}
	}
	return nil
}

// page returns the page that the query requests.
func (c *call) page(defaultPerPage int) (clarifai.PageParams, error) {
	return pageOf(pagination{Page: pageNumber(given[float64](c, "page")), PerPage: pageNumber(given[float64](c, "per_page"))}, defaultPerPage)
}
