package clarifaitest_test

import (
	"strings"
	"testing"

	"github.com/clarifai-go/clarifai/clarifaitest"
)

// Bodies are decoded by protobuf's JSON mapping, as the API does.
func TestAppDecodesBodiesAsTheAPIDoes(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{`{"inputs":[{"data":{"int_value":"9007199254740993"}}]}`, `"int_value":9007199254740993`},
		{`{"inputs":[{"data":{"int_value":2e1}}]}`, `"int_value":20`},
		{`{"inputs":[{"data":{"embeddings":[{"num_dimensions":"-0"},{"num_dimensions":"3"},{"num_dimensions":3.0}]}}]}`, `"embeddings":[{},{"num_dimensions":3},{"num_dimensions":3}]`},
		{`{"inputs":[{"data":{"embeddings":[{"num_dimensions":-0.0}]},"created_at":null}]}`, `"embeddings":[{}]`},
		{`{"inputs":[{"data":{"float_value":"1e300"}}]}`, `"float_value":1e+300`},
		{`{"inputs":[{"data":{"concepts":[{"id":"a","value":"0.5"}]}}]}`, `"value":0.5`},
		{`{"inputs":[{"data":{"concepts":[{"id":"a","value":-3.4028235e+38}]}}]}`, `"value":-3.4028235e+38`},
		{`{"inputs":[{"data":{"image":{"base64":"_9j_"}}}]}`, `"base64":"/9j/"`},
		{`{"inputs":[{"data":{"image":{"base64":"ZA"}}}]}`, `"base64":"ZA=="`},
		{`{"inputs":[{"data":{"concepts":[{"visibility":{"gettable":"PUBLIC"}}]}}]}`, `"gettable":50`},
		{`{"inputs":[{"id":null,"data":{"metadata":{"intValue":"2.0","none":null}}}]}`, `"metadata":{"intValue":"2.0","none":null}`},
		{`{"inputs":[{"data":{"metadata":{"n":1e300,"list":[null,1.5,[null]]},"int_value":"-0"}}]}`, `"metadata":{"list":[null,1.5,[null]],"n":1e+300}`},
		{`{"inputs":[{}],"input_id_conflict_resolution":"SUFFIX"}`, `"code":10000`},
	} {
		if status, answer := send(t, people(1), "POST", "/v2/users/u/apps/a/inputs", test.body); status != 200 || !strings.Contains(answer, test.want) {
			t.Errorf("%s: got %d %s, want %s", test.body, status, answer, test.want)
		}
	}
}

// Bodies that the API rejects are rejected even if encoding/json accepts them.
func TestAppRejectsBodiesAsTheAPIDoes(t *testing.T) {
	for _, body := range []string{
		`{"inputs":[{}],"inputs":[{}]}`,
		`{"inputs":[{"id":"a","id":"b"}]}`,
		`{"-":0,"inputs":[{}]}`,
		`{"inputs":[{"data":{"-":0}}]}`,
		`{"inputs":[{"id":"\ud800"}]}`,
		`{"inputs":[null]}`,
		`{"inputs":[{"data":{"metadata":{"list":[null]}}},null]}`,
		`{"inputs":[null,{"data":{"metadata":{"list":[null]}}}]}`,
		`{"inputs":[{"data":{"metadata":{"n":1e400}}}]}`,
		`{"inputs":[{"data":{"metadata":{"n":1,"n":2}}}]}`,
		`{"inputs":[{"data":{"embeddings":[{"vector":[1,null]}]}}]}`,
		`{"inputs":[{"dataset_ids":["d",null]}]}`,
		"{\"inputs\":[{\"id\":\"\xff\"}]}",
		`{"inputs":[{"data":{"concepts":[{"id":"a","value":1e39}]}}]}`,
		`{"inputs":[{"data":{"concepts":[{"id":"a","value":"1 "}]}}]}`,
		`{"inputs":[{"data":{"concepts":[{"id":"a","value":"0x1"}]}}]}`,
		`{"inputs":[{"data":{"int_value":1.5}}]}`,
		`{"inputs":[{"data":{"int_value":"2 "}}]}`,
		`{"inputs":[{"data":{"int_value":"2."}}]}`,
		`{"inputs":[{"data":{"int_value":"0x1.8p1"}}]}`,
		`{"inputs":[{"data":{"int_value":9223372036854775808}}]}`,
		`{"inputs":[{"data":{"embeddings":[{"num_dimensions":-1}]}}]}`,
		`{"inputs":[{"data":{"embeddings":[{"num_dimensions":4294967296}]}}]}`,
		`{"inputs":[{"data":{"concepts":[{"visibility":{"gettable":"EVERYONE"}}]}}]}`,
		`{"inputs":[{"status":{"code":"NO_SUCH_CODE"}}]}`,
		`{"inputs":[{"status":{"code":"30000"}}]}`,
		`{"inputs":[{"created_at":"0000-12-31T23:59:59Z"}]}`,
		`{"inputs":[{"created_at":"9999-12-31T23:59:59-01:00"}]}`,
		`{"inputs":[{"created_at":"2026-01-01T00:00:00.1234567890Z"}]}`,
		`{"inputs":[{}],"input_id_conflict_resolution":"REPLACE"}`,
	} {
		app := clarifaitest.NewApp()
		if status, answer := send(t, app, "POST", "/v2/users/u/apps/a/inputs", body); status != 400 || !strings.Contains(answer, `"code":11100`) {
			t.Errorf("%s: got %d %s, want 400 with 11100", body, status, answer)
		}
	}
}
