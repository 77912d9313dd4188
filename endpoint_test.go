package clarifai_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai"
)

// owner is a type of a caller's own, and so are the requests that follow.
type owner struct {
	Name string `json:"name"`
}

type listOwnersRequest struct {
	clarifai.PageParams
	Query string `url:"query,omitempty"`
}

type searchOwnersRequest struct {
	Kind                string `json:"kind"`
	clarifai.PageParams `json:"pagination,omitzero"`
}

// untaggedRequest would be sent as {"page":2} by a POST.
type untaggedRequest struct{ clarifai.PageParams }

// nestedRequest holds a request by a pointer, and foreignRequest by its interface.
type nestedRequest struct{ *clarifai.ListInputsRequest }

type foreignRequest struct{ clarifai.PageRequest }

type sharedParamsRequest struct{ *clarifai.PageParams }

func TestEndpointsDecodeCustomTypes(t *testing.T) {
	client, mock := newClient(t)
	requests := recorder(t, mock, answer(200, `{"status":{"code":10000,"req_id":"r"},"owners":[{"name":"a"},{"name":"b"}]}`))
	get := clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/owners", Key: "owners"}
	post := clarifai.Endpoint[owner]{Method: "POST", Path: "/v2/users/{user_id}/owners/searches", Key: "owners"}
	params := clarifai.PageParams{Page: 2, PerPage: 20}
	for _, test := range []struct {
		endpoint clarifai.Endpoint[owner]
		req      clarifai.PageRequest
		want     request
	}{
		{get.With("dataset_id", "d/1"), &listOwnersRequest{PageParams: params, Query: "x y"}, request{method: "GET", url: base + "/datasets/d%2F1/owners?page=2&per_page=20&query=x+y"}},
		{get.With("dataset_id", "d"), &params, request{method: "GET", url: base + "/datasets/d/owners?page=2&per_page=20"}},
		{get.With("dataset_id", "d"), nil, request{method: "GET", url: base + "/datasets/d/owners"}},
		{get.With("dataset_id", "d"), (*listOwnersRequest)(nil), request{method: "GET", url: base + "/datasets/d/owners"}},
		{get.With("dataset_id", "d").With("user_id", "U2"), (*clarifai.PageParams)(nil), request{method: "GET", url: "https://api.clarifai.com/v2/users/U2/apps/APP/datasets/d/owners"}},
		{post, &searchOwnersRequest{Kind: "k", PageParams: params}, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"kind":"k","pagination":{"page":2,"per_page":20}}`}},
		{post, &searchOwnersRequest{Kind: "k"}, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"kind":"k"}`}},
		{post, &params, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{"pagination":{"page":2,"per_page":20}}`}},
		{post, nil, request{method: "POST", url: "https://api.clarifai.com/v2/users/USER/owners/searches", body: `{}`}},
	} {
		*requests = nil
		page, err := test.endpoint.List(t.Context(), client, test.req)
		if err != nil {
			t.Errorf("%+v: %v", test.want, err)
			continue
		}
		want := &clarifai.Page[owner]{Items: []*owner{{"a"}, {"b"}}, Number: 1, PerPage: 128, Status: clarifai.Status{Code: 10000, ReqID: "r"}}
		if strings.Contains(test.want.url+test.want.body, "20") {
			want.Number, want.PerPage = 2, 20
		}
		if !reflect.DeepEqual(visible(page), want) {
			t.Errorf("got %+v", page)
		}
		got := (*requests)[0]
		got.header = nil
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("got  %+v\nwant %+v", got, test.want)
		}
	}
	if get.Path != "/v2/users/{user_id}/apps/{app_id}/datasets/{dataset_id}/owners" {
		t.Error("With changed the endpoint it was called on")
	}
}

func TestInvalidEndpointCallsAreRejected(t *testing.T) {
	client, mock := newClient(t)
	good := clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/owners/{owner_id}/cars", Key: "cars"}
	for name, test := range map[string]struct {
		endpoint clarifai.Endpoint[owner]
		client   *clarifai.Client
		req      clarifai.PageRequest
		want     string
	}{
		"not filled in":      {good, client, nil, "{owner_id}"},
		"an empty ID":        {good.With("owner_id", ""), client, nil, "owner_id"},
		"dots":               {good.With("owner_id", ".."), client, nil, `owner_id ".."`},
		"an unknown name":    {good.With("owner", "a"), client, nil, "{owner}"},
		"another method":     {clarifai.Endpoint[owner]{Method: "PUT", Path: "/v2/cars", Key: "cars"}, client, nil, `Endpoint.Method "PUT"`},
		"no key":             {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars"}, client, nil, "Endpoint.Key"},
		"a relative path":    {clarifai.Endpoint[owner]{Method: "GET", Path: "cars", Key: "cars"}, client, nil, `path "cars"`},
		"shared page params": {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &sharedParamsRequest{&clarifai.PageParams{}}, "embeds PageParams by value"},
		"a nested pointer":   {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &nestedRequest{}, "embeds PageParams by value"},
		"nil, nested":        {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, (*nestedRequest)(nil), "embeds PageParams by value"},
		"an interface":       {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, &foreignRequest{}, "embeds PageParams by value"},
		"the status as key":  {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "status"}, client, nil, "Endpoint.Key"},
		"no page params":     {clarifai.Endpoint[owner]{Method: "GET", Path: "/v2/cars", Key: "cars"}, client, sharedParamsRequest{}, "embeds PageParams by value"},
		"no tag":             {clarifai.Endpoint[owner]{Method: "POST", Path: "/v2/cars", Key: "cars"}, client, &untaggedRequest{}, "pagination,omitzero"},
		"a nil client":       {good.With("owner_id", "a"), nil, nil, "NewClient"},
		"an empty client":    {good.With("owner_id", "a"), &clarifai.Client{}, nil, "NewClient"},
		"its other app":      {good.With("owner_id", "a"), (*clarifai.Client)(nil).App("a", "b"), nil, "NewClient"},
	} {
		_, listErr := test.endpoint.List(t.Context(), test.client, test.req)
		_, allErr := collect(test.endpoint.All(t.Context(), test.client, test.req), func(o *owner) string { return o.Name })
		for _, err := range []error{listErr, allErr} {
			if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "clarifai: ") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if page := new(clarifai.PageError); !errors.As(allErr, &page) || page.Page != 1 {
			t.Errorf("%s: %v is not of page 1", name, allErr)
		}
	}
	if hc := (&clarifai.Client{}).HTTPClient(); hc != nil {
		t.Error("an empty client has an http.Client:", hc)
	}
	for name, opt := range map[string]clarifai.IterOption{
		"Limit -1": clarifai.Limit(-1), "Prefetch -1": clarifai.Prefetch(-1), "Prefetch 1001": clarifai.Prefetch(1001), "IterOption": nil,
	} {
		_, err := collect(client.ListInputsAll(t.Context(), nil, opt), inputID)
		if !errors.Is(err, clarifai.ErrInvalidArgument) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests", n)
	}
}
