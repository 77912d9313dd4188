package contract

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// paging specifies how a request selects a page of results.
type paging string

const (
	notPaging paging = ""
	inQuery   paging = "query"  // page and per_page are fields of the request, sent in the query
	inBody    paging = "body"   // pagination is a field of the request, sent in the body
	byCursor  paging = "cursor" // last_id is a field of the request
)

// endpoint is the REST view of a method of the API.
type endpoint struct {
	method protoreflect.MethodDescriptor
	routes []route // the first is the documented one; empty if other methods claim all of them
	stream bool    // whether requests or responses are streamed
	paging paging
	key    protoreflect.FieldDescriptor // the field of the response with the results; nil if paging is notPaging
}

// route is one of the HTTP routes of a method.
type route struct {
	verb     string
	template string // as in the definition: /v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/inputs
	body     bool   // whether the request, except for path variables, is in the body
}

// path returns the path in the form of the API's documentation:
// /v2/users/{user_id}/apps/{app_id}/inputs.
func (r route) path() string {
	return strings.ReplaceAll(r.template, "{user_app_id.", "{")
}

var variable = regexp.MustCompile(`\{([^{}]*)\}`)

// variables returns the names of the variables in path, in order.
func (r route) variables() []string {
	var names []string
	for _, match := range variable.FindAllStringSubmatch(r.path(), -1) {
		names = append(names, match[1])
	}
	return names
}

// fields returns the request fields named in template, in order, such as
// user_app_id.user_id.
func (r route) fields() []string {
	var fields []string
	for _, match := range variable.FindAllStringSubmatch(r.template, -1) {
		fields = append(fields, match[1])
	}
	return fields
}

// shape returns a string that is the same for routes that a router cannot distinguish.
func (r route) shape() string {
	return r.verb + " " + variable.ReplaceAllString(r.template, "*")
}

// routeOf returns the route of a binding.
func routeOf(rule *annotations.HttpRule) route {
	body := rule.GetBody() != ""
	switch pattern := rule.GetPattern().(type) {
	case *annotations.HttpRule_Get:
		return route{http.MethodGet, pattern.Get, body}
	case *annotations.HttpRule_Post:
		return route{http.MethodPost, pattern.Post, body}
	case *annotations.HttpRule_Put:
		return route{http.MethodPut, pattern.Put, body}
	case *annotations.HttpRule_Patch:
		return route{http.MethodPatch, pattern.Patch, body}
	case *annotations.HttpRule_Delete:
		return route{http.MethodDelete, pattern.Delete, body}
	default:
		return route{rule.GetCustom().GetKind(), rule.GetCustom().GetPath(), body}
	}
}

// endpoints returns every method of the service, in the order of their definition.
func (d *definition) endpoints() ([]endpoint, error) {
	var all []endpoint
	methods := d.service.Methods()
	for i := range methods.Len() {
		e := endpoint{method: methods.Get(i)}
		e.stream = d.streams[string(e.method.Name())]
		for _, binding := range bindings(e.method.Options().(*descriptorpb.MethodOptions)) {
			e.routes = append(e.routes, routeOf(binding))
		}
		e.paging = pagingOf(e.method.Input().Fields())
		if e.paging != notPaging {
			key, err := resultsOf(e.method)
			if err != nil {
				return nil, err
			}
			e.key = key
		}
		all = append(all, e)
	}
	return all, nil
}

// pagingOf derives the paging of an endpoint from the fields of its request.
func pagingOf(request protoreflect.FieldDescriptors) paging {
	pagination := request.ByName("pagination")
	switch {
	case pagination != nil && pagination.Message() != nil && pagination.Message().Name() == "Pagination":
		return inBody
	case request.ByName("page") != nil && request.ByName("per_page") != nil:
		return inQuery
	case request.ByName("last_id") != nil && request.ByName("per_page") != nil:
		return byCursor
	default:
		return notPaging
	}
}

// resultsOf returns the field that holds the results in the response of a method. Most
// responses have one list of messages. If a response has several lists, the results are in
// the list that is named after the method, such as model_types for ListModelTypes. If no
// list has that name, the results are in the field hits, as in a search.
func resultsOf(method protoreflect.MethodDescriptor) (protoreflect.FieldDescriptor, error) {
	var lists []protoreflect.FieldDescriptor
	fields := method.Output().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); field.IsList() && field.Message() != nil {
			lists = append(lists, field)
		}
	}
	if len(lists) == 1 {
		return lists[0], nil
	}
	listed := strings.TrimPrefix(string(method.Name()), "List")
	for _, field := range lists {
		if strings.EqualFold(listed, strings.ReplaceAll(string(field.Name()), "_", "")) {
			return field, nil
		}
	}
	if hits := fields.ByName("hits"); hits != nil {
		return hits, nil
	}
	return nil, fmt.Errorf("%s: cannot tell which of the %d lists in %s has the results", method.Name(), len(lists), method.Output().Name())
}
