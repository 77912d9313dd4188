package clarifaitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clarifai-go/clarifai"
)

// parameter is one that a query may have.
type parameter struct {
	name  string
	parse func(text string) (value any, ok bool) // a string, a bool or, for numbers and enumerations, a float64
	form  string                                 // what parse takes, for people
	many  bool                                   // it may be given several times
	keep  keeper                                 // nil keeps everything
	sort  string                                 // the field that it sorts by
}

// keeper reports whether a list keeps a resource, given the values of a parameter.
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

// enumeration takes the numbers and the names of an enumeration.
func enumeration[E any](name string, named func(string) (E, bool)) parameter {
	return parameter{name: name, form: "one of the API's names or a number", parse: func(text string) (any, bool) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return float64(n), true
		}
		e, ok := named(text)
		n, _ := strconv.ParseFloat(string(mustMarshal(e)), 64) // of the name of 0 it is not a number
		return n, ok
	}}
}

// additional asks for fields, which the app gives anyway.
func additional(known ...string) parameter {
	p := strs("additional_fields")
	p.form = "one of " + strings.Join(known, ", ")
	p.parse = func(text string) (any, bool) { return text, slices.Contains(known, text) }
	return p
}

// sorting gives the parameters that sort a list. A field is named as its parameter
// is, or given after it.
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

// keeps has a parameter filter a list. Without it everything is kept, and so it is
// with the zero value.
func (p parameter) keeps(keep keeper) parameter {
	p.keep = func(c *call, r *resource, given []any) bool {
		return len(given) == 0 || !p.many && slices.Contains([]any{"", false, 0.0}, given[0]) || keep(c, r, given)
	}
	return p
}

// any keeps the resources that have one of the given values in a field.
func (p parameter) any(path string) parameter {
	return p.keeps(func(_ *call, r *resource, given []any) bool {
		return slices.ContainsFunc(r.values(path), func(v any) bool { return slices.Contains(given, v) })
	})
}

func none(*call, *resource, []any) bool { return false }

func isTrue(path string) keeper {
	return func(_ *call, r *resource, _ []any) bool { return slices.Contains(r.values(path), any(true)) }
}

// bookmark keeps bookmarks, or everything else.
var bookmark = parameter{name: "bookmark", form: flag("").form, parse: flag("").parse, keep: func(_ *call, r *resource, given []any) bool {
	_, isBookmark := r.object["bookmark_origin"]
	return isBookmark == (len(given) > 0 && given[0] == true)
}}

// visibility keeps what has a visibility. What says none is private.
var visibility = enumeration("visibility.gettable", gettables).keeps(func(_ *call, r *resource, given []any) bool {
	const private = 10.0
	have := append(r.values("visibility.gettable"), private)
	return have[0] == given[0]
})

// containsID stands for the API's fuzzy match of an ID.
func containsID(_ *call, r *resource, given []any) bool {
	return strings.Contains(strings.ToLower(r.id), strings.ToLower(given[0].(string)))
}

// matchesSearch keeps what has a word that begins with each of those given, in any
// of the fields that the API searches.
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

// given returns the value of a parameter, or the zero one.
func given[T any](c *call, name string) (value T) {
	if values := c.given[name]; len(values) > 0 {
		value = values[0].(T)
	}
	return value
}

// read reads the query, and refuses parameters that the operation does not know.
// What it knows comes once, but for a list.
func (c *call) read() error {
	for name, texts := range c.query {
		p := c.op.parameter(name)
		if p == nil {
			return refuse(clarifai.StatusConnBadRequestFormat, "%s has no query parameter %q", c.op.name, name)
		}
		if len(texts) > 1 && !p.many {
			return refuse(clarifai.StatusConnBadRequestFormat, "the query parameter %q is given %d times", name, len(texts))
		}
		for _, text := range texts {
			value, ok := p.parse(text)
			if !ok {
				code := clarifai.StatusConnBadRequestFormat
				if slices.ContainsFunc(paging, func(p parameter) bool { return p.name == name }) {
					code = clarifai.StatusConnInvalidRequest
				}
				return refuse(code, "%s %q is not %s", name, text, p.form)
			}
			c.given[name] = append(c.given[name], value)
		}
	}
	return nil
}

// page gives the page that the query asks for.
func (c *call) page(defaultPerPage int) (clarifai.PageParams, error) {
	return pageOf(pagination{Page: pageNumber(given[float64](c, "page")), PerPage: pageNumber(given[float64](c, "per_page"))}, defaultPerPage)
}
