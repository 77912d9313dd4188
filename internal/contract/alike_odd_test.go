package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai/clarifaitest"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Reasons for the app and the server to differ on an unusual but valid request.
const (
	camelCase   = "the app accepts only the documented names, so that each recorded field has one name"
	twice       = "the server uses the last value; the app rejects duplicates as a mistake of the caller"
	asJSON      = "the server decodes query parameters as JSON"
	beyond      = "page times per_page exceeds 32 bits; package clarifai never sends that"
	codeAlone   = "the app filters by the code only, like package clarifai"
	inPath      = "the field is in the path"
	reference   = "package clarifai refers to users by ID, and the app does not know their other fields"
	notANumber  = "package clarifai never sends it, and the app could not return it"
	undecidable = "the API does not document it as supported, so the app rejects it"
	missing     = "the resource does not exist in the app; the server does not check"
	deprecated  = "it is deprecated, and package clarifai never sends it"
	rule        = "the app has a rule that the definition lacks, such as at least one search"
)

// For unusual but valid requests, the app and the server both succeed with the same
// results, or both fail, unless a reason to differ is given.
func TestAppAcceptsUnusualRequests(t *testing.T) {
	p := pairOf(t, manyOf(300))
	for _, test := range []struct{ verb, target, body, reason string }{
		{"GET", "/inputs?", "", ""},
		{"GET", "/inputs?page=0&per_page=0", "", ""},
		{"GET", "/inputs?page=2&page=3", "", twice},
		{"GET", "/inputs?page=2&page=2", "", twice},
		{"GET", "/inputs?perPage=20", "", camelCase},
		{"GET", "/inputs?per%5Fpage=20", "", ""},
		{"GET", "/inputs?page=%32", "", ""},
		{"GET", "/inputs?page=2&", "", ""},
		{"GET", "/inputs?&page=2", "", ""},
		{"GET", "/inputs?page", "", ""},
		{"GET", "/inputs?page=+2", "", asJSON},
		{"GET", "/inputs?page=2.0", "", ""},
		{"GET", "/inputs?page=2e0", "", ""},
		{"GET", "/inputs?page=-0", "", ""},
		{"GET", "/inputs?page=02", "", asJSON},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"id":"u","nam":"u"}}},"negate":true}]}}]}`, reference},
		{"GET", "/inputs?page=null", "", asJSON},
		{"GET", "/inputs?page=2%zz", "", ""},
		{"GET", "/inputs?page=2;per_page=20", "", ""},
		{"GET", "/inputs?page=4294967295&per_page=1000", "", beyond},
		{"GET", "/inputs?ids=", "", ""},
		{"GET", "/inputs?ids=i00001&ids=i00001", "", ""},
		{"GET", "/inputs?ids=i00001,i00002", "", ""},
		{"GET", "/inputs?status.code=30000", "", ""},
		{"GET", "/inputs?status.code=INPUT_DOWNLOAD_SUCCESS", "", ""},
		{"GET", "/inputs?status.code=INPUT_IMAGE_DOWNLOAD_SUCCESS", "", ""},
		{"GET", "/inputs?status.code=0", "", ""},
		{"GET", "/inputs?status.code=ZERO", "", ""},
		{"GET", "/inputs?status.code=123456", "", ""},
		{"GET", "/inputs?status.code=-1", "", ""},
		{"GET", "/inputs?status.description=a", "", codeAlone},
		{"GET", "/inputs?user_app_id.user_id=USER", "", inPath},
		{"GET", "/inputs/stream?order_by_id=true&orderById=true", "", camelCase},
		{"GET", "/inputs/stream?order_by_id=true&order_by_id=false", "", twice},
		{"GET", "/inputs/stream?lastId=i00001", "", camelCase},
		{"GET", "/inputs/stream?last_id=", "", ""},
		{"GET", "/inputs/stream?descending=false", "", ""},
		{"GET", "/inputs/stream?descending=null", "", asJSON},
		{"GET", "/inputs/searches", "", ""},
		{"GET", "/inputs/a%2Fb", "", missing},
		{"GET", "/inputs/a:b", "", ""},
		{"GET", "/inputs/stream/", "", ""},
		{"GET", "/%69nputs", "", ""},
		{"GET", "/inputs/%69%30%30%30%30%31", "", ""},
		{"GET", "/searches?per_page=20", "", ""},
		{"GET", "/annotations?list_all_annotations=true&per_page=1000", "", ""},
		{"GET", "/annotations?ids=i00001", "", rule},
		{"GET", "/concepts?id=", "", ""},
		{"GET", "/concepts/none", "", missing},
		{"GET", "/datasets?sort_by_modified_at=true&sort_ascending=true", "", ""},
		{"GET", "/datasets?sort_by_star_count=false&sort_by_id=false", "", ""},
		{"GET", "/datasets?sort_by_star_count=true&sort_by_id=true", "", twice},
		{"GET", "/datasets?sort_by_relevance=true", "", rule},
		{"GET", "/datasets?additional_fields=anything", "", ""},
		{"GET", "/datasets?search=&starred_only=false&bookmark=false", "", ""},
		{"GET", "/datasets?id=d", "", deprecated},
		{"GET", "/datasets?starredOnly=false", "", camelCase},
		{"GET", "/datasets/none/inputs", "", missing},
		{"GET", "/models?additional_fields=anything", "", rule},
		{"GET", "/models?additional_fields=stars&additional_fields=counts&show_replicas=true", "", ""},
		{"GET", "/models?visibility.gettable=PRIVATE&license_type=0&source=0&min_replicas=0", "", ""},
		{"GET", "/models?visibility.gettable=10&license_type=UNKNOWN_LICENSE_TYPE", "", ""},
		{"GET", "/models?name=general*", "", deprecated},
		{"GET", "/models/m?trained_before=true&language=de", "", ""},
		{"GET", "/models/m?version_id=none", "", missing},
		{"GET", "/models/none/versions", "", missing},
		{"GET", "/models/m/versions?trained_only=true&sort_by_status_code=true", "", ""},
		{"GET", "/workflows/none", "", missing},
		{"GET", "", "", ""},
		{"POST", "/concepts/searches", "", ""},
		{"POST", "/concepts/searches", `{"concept_query":null,"extra_info":{},"pagination":{"page":"2"}}`, ""},
		{"POST", "/concepts/searches", `{"concept_query":{"name":"R0*","use_cases":null}}`, ""},
		{"POST", "/concepts/searches", `{"concept_query":{"model":null,"workflow":{"id":"r00001"}}}`, ""},
		{"POST", "/concepts/searches", `{"concept_query":{"model":{"id":"none"}}}`, missing},
		{"POST", "/concepts/searches", `{"concept_query":{"model":{"id":"m","model_version":{"id":"none"}}}}`, missing},
		{"POST", "/concepts/searches", `{"concept_query":{"workflow_id":"w"}}`, deprecated},
		{"POST", "/inputs/searches", "", rule},
		{"POST", "/inputs/searches", "{}", rule},
		{"POST", "/inputs/searches?", `{"searches":[{}]}`, ""},
		{"POST", "/inputs/searches", ` {"searches" : [ { } ] }` + "\n", ""},
		{"POST", "/inputs/searches", "\ufeff" + `{"searches":[{}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":null}`, rule},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":null}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":null,"per_page":null}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":0,"per_page":0}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":"2","per_page":"20"}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":2.0,"per_page":2e1}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":"2.0"}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"page":-0}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"perPage":20}}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{}],"pagination":{"perPage":20,"per_page":20}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"onlyCount":false}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{}],"only_count":null}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{}],"user_app_id":{"user_id":"USER"}}`, inPath},
		{"POST", "/inputs/searches", `{"searches":[{"metric":2}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":2.0}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":99}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"metric":null}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"minValue":"0.5"}]}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{"min_value":"NaN"}]}`, notANumber},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01T00:00:00+01:00"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01T00:00:00.123456789123Z"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"as_of":"2126-01-01t00:00:00z"}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":null}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":null,"ranks":[]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"inputId":"i00001"}}]}}]}`, camelCase},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"a","value":"0.0"}]}}}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"metadata":{"inputId":null,"Case":["1",{"perPage":1}]}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"input":{"status":{"code":"INPUT_DOWNLOAD_SUCCESS"}}}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"id":"u","email_addresses":[]}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"worker":{"user":{"name":"u"}}},"negate":true}]}}]}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"filters":[{"annotation":{"data":{"image":{}}}}]}}]}`, undecidable},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{}]}}]}`, undecidable},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"input_id":"none"}}]}}]}`, missing},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"base64":"_9j_"}}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"image":{"base64":"ZA"}}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/inputs/searches", `{"searches":[{"query":{"ranks":[{"annotation":{"data":{"embeddings":[{"vector":["1",2]}]}}}]}}],"pagination":{"page":9}}`, ""},
		{"POST", "/searches/s00001", "", ""},
		{"POST", "/searches/s00001", `{"id":"s00001"}`, inPath},
		{"POST", "/searches/none", `{}`, missing},
		{"GET", "/searches/none", "", missing},
		{"GET", "/inputs/none", "", missing},
		{"POST", "/inputs", `{"inputs":[]}`, rule},
		{"POST", "/inputs", `{"inputs":[{"id":null,"data":{"text":{"raw":"\u00e4\u2028"}}}]}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"int_value":"9007199254740993","intValue":null}}]}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"bool_value":true}}],"input_id_conflict_resolution":"SKIP"}`, ""},
		{"POST", "/inputs", `{"inputs":[{"data":{"struct_value":null}}],"input_id_conflict_resolution":"INPUT_ID_CONFLICT_RESOLUTION_NOT_SET"}`, ""},
		{"PATCH", "/inputs", `{"inputs":[{"id":"i00001"}],"action":"MERGE"}`, rule},
		{"PATCH", "/inputs", `{"inputs":[{"id":"i00001"}]}`, rule},
		{"DELETE", "/inputs", `{"ids":[]}`, rule},
		{"DELETE", "/inputs", "", rule},
	} {
		ofServer, want := send(t, p.server, test.verb, appURL+test.target, test.body)
		ofApp, got := sendApp(t, p.app, test.verb, appURL+test.target, test.body)
		operation := p.app.LastRequest().Operation
		alike := (ofServer < 400) == (ofApp < 400)
		what := fmt.Sprintf("the app: %d %.300s, the server: %d", ofApp, got, ofServer)
		if alike && ofApp < 400 && idOf[operation] != "" && test.reason == "" {
			if app, server := idsIn(t, operation, got), idsIn(t, operation, want); !slices.Equal(app, server) {
				alike, what = false, fmt.Sprintf("the app: %d results, the server: %d", len(app), len(server))
			}
		}
		if alike != (test.reason == "") {
			t.Errorf("%s %s %s: %s (%s)", test.verb, test.target, test.body, what, test.reason)
		}
	}
}

// The app accepts all names of an enumeration, and no others.
func TestAppAcceptsTheNamesOfEnumerations(t *testing.T) {
	p := pairOf(t, content{resources: []string{"r"}})
	for _, test := range []struct{ message, field, verb, target, body string }{
		{"Search", "metric", "POST", "/inputs/searches", `{"searches":[{"metric":"NAME"}]}`},
		{"Visibility", "gettable", "POST", "/inputs/searches", `{"searches":[{"visibility":{"gettable":"NAME"}}]}`},
		{"Point", "visibility", "POST", "/inputs", `{"inputs":[{"data":{"regions":[{"region_info":{"point":{"visibility":"NAME"}}}]}}]}`},
		{"PostInputsRequest", "input_id_conflict_resolution", "POST", "/inputs", `{"inputs":[{}],"input_id_conflict_resolution":"NAME"}`},
		{"ConceptQuery", "use_cases", "POST", "/concepts/searches", `{"concept_query":{"use_cases":["NAME"]}}`},
		{"Visibility", "gettable", "GET", "/models?visibility.gettable=NAME", ""},
		{"ListModelsRequest", "license_type", "GET", "/models?license_type=NAME", ""},
		{"ListDatasetVersionsRequest", "request_origins", "GET", "/datasets/d/versions?request_origins=NAME", ""},
	} {
		values := message(t, test.message).Fields().ByName(protoreflect.Name(test.field)).Enum().Values()
		for i := range values.Len() {
			named := strings.NewReplacer("NAME", string(values.Get(i).Name()))
			target, body := named.Replace(test.target), named.Replace(test.body)
			if status, answer := sendApp(t, p.app, test.verb, appURL+target, body); status != http.StatusOK {
				t.Errorf("%s %s: %d %s", target, body, status, answer)
				continue
			}
			// The request that the app records equals the one that the server decodes.
			if calls := readBy(t, p.server, []clarifaitest.Request{p.app.LastRequest()}); len(calls) != 1 {
				t.Errorf("%s %s: %d calls", target, body, len(calls))
			}
		}
		if status, answer := sendApp(t, p.app, test.verb, appURL+test.target, test.body); status != http.StatusBadRequest {
			t.Errorf("%s %s: %d %s", test.target, test.body, status, answer)
		}
	}
}
