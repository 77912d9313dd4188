package clarifai_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/clarifai-go/clarifai"
)

// nowhere discards the log of a server that is expected to log errors.
var nowhere = log.New(io.Discard, "", 0)

const beginning = `{"status":{"code":10000},"inputs":[`

// bomb is ten gigabytes of spaces, compressed with gzip. A JSON decoder must read all
// of it to find an error.
func bomb() io.Reader {
	var head, member bytes.Buffer
	w := gzip.NewWriter(&head)
	_, _ = io.WriteString(w, beginning)
	_ = w.Close()
	w = gzip.NewWriter(&member)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 10<<20))
	_ = w.Close()
	parts := []io.Reader{&head}
	for range 1000 {
		parts = append(parts, bytes.NewReader(member.Bytes()))
	}
	return io.MultiReader(parts...)
}

// endless returns a page of ten gigabytes.
func endless() io.Reader {
	return io.MultiReader(strings.NewReader(beginning), io.LimitReader(spaces{}, 10<<30))
}

type spaces struct{}

func (spaces) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// allocated returns how many bytes f allocates, and by how much the heap grows.
func allocated(f func()) (total, heap uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if after.HeapSys > before.HeapSys {
		heap = after.HeapSys - before.HeapSys
	}
	return after.TotalAlloc - before.TotalAlloc, heap
}

func TestAnOversizedResponseIsRejectedInBoundedMemory(t *testing.T) {
	noLeaks(t)
	for _, test := range []struct {
		name  string
		serve http.HandlerFunc
	}{
		{"Content-Length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.FormatInt(int64(len(beginning))+10<<30, 10))
			_, _ = io.Copy(w, endless())
		}},
		{"chunked", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, endless()) }},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.Copy(w, bomb())
		}},
		{"error response", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.Copy(w, endless())
		}},
	} {
		for _, limit := range []int64{1 << 10, 1 << 20, 0} {
			name := fmt.Sprintf("%s/%d", test.name, limit)
			opts := []clarifai.Option{clarifai.WithMaxResponseSize(limit)}
			if limit == 0 {
				if testing.Short() || test.name != "gzip bomb" {
					continue
				}
				name, limit, opts = test.name+"/by default", 128<<20, nil
			}
			t.Run(name, func(t *testing.T) {
				var requests atomic.Int32
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					test.serve(w, r)
				}))
				defer server.Close()
				client := clientOf(t, server.URL, opts...)
				var err error
				total, heap := allocated(func() { _, err = client.ListInputs(t.Context(), nil) })
				var e *clarifai.Error
				if !errors.Is(err, clarifai.ErrResponseTooLarge) || !errors.Is(err, clarifai.ErrInvalidResponse) || !errors.As(err, &e) || e.HTTPStatus == 0 {
					t.Errorf("%v", err)
				}
				if !strings.Contains(fmt.Sprint(err), "WithMaxResponseSize") {
					t.Errorf("%v does not suggest a remedy", err)
				}
				if n := requests.Load(); n != 1 {
					t.Errorf("%d requests", n)
				}
				// Growing a slice copies it, and the server of the test allocates too.
				t.Logf("limit %d: allocated %d bytes, the heap grew by %d", limit, total, heap)
				if bound := uint64(8*limit + 32<<20); total > bound || heap > bound {
					t.Errorf("allocated %d bytes, heap %d, want %d at most", total, heap, bound)
				}
				client.HTTPClient().CloseIdleConnections()
			})
		}
	}
}

// Nested slices of one type must not each allocate the capacity of the largest.
func TestASmallResponseCannotAllocateMuchMemory(t *testing.T) {
	deep := strings.Repeat(`{"data":{"regions":[`, 200) + "{}" + strings.Repeat("]}}", 200)
	body := `{"status":{"code":10000},"inputs":[{"data":{"regions":[{}` + strings.Repeat(",{}", 100_000) + `]}},` + deep + `]}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	defer server.Close()
	client := clientOf(t, server.URL)
	total, _ := allocated(func() {
		if _, err := client.ListInputs(t.Context(), nil); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d KB made %d MB", len(body)>>10, total>>20)
	if total > 200<<20 {
		t.Errorf("%d KB made %d MB", len(body)>>10, total>>20)
	}
}

func TestAResponseOfExactlyTheMaximumSizeIsAccepted(t *testing.T) {
	client, mock := newClient(t, clarifai.WithMaxResponseSize(int64(len(success))))
	recorder(t, mock, answer(200, success), answer(200, success+" "))
	if _, err := client.ListInputs(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if _, err := client.ListInputs(t.Context(), nil); !errors.Is(err, clarifai.ErrResponseTooLarge) {
		t.Errorf("one byte above: %v", err)
	}
}

// everything makes every call that reads a response.
func everything(ctx context.Context, c *clarifai.Client) map[string]error {
	errs := map[string]error{}
	search := []clarifai.Search{clarifai.NewSearch()}
	_, errs["ListInputs"] = c.ListInputs(ctx, nil)
	_, errs["StreamInputs"] = c.StreamInputs(ctx, nil)
	_, errs["GetInput"] = c.GetInput(ctx, "a")
	_, errs["GetInputCount"] = c.GetInputCount(ctx)
	_, errs["PostInputs"] = c.PostInputs(ctx, &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}})
	_, errs["PatchInputs"] = c.PatchInputs(ctx, &clarifai.PatchInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}, Action: "merge"})
	errs["DeleteInput"] = c.DeleteInput(ctx, "a")
	errs["DeleteInputs"] = c.DeleteInputs(ctx, "a")
	_, errs["PostAnnotationsSearches"] = c.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: search})
	_, errs["PostInputsSearches"] = c.PostInputsSearches(ctx, &clarifai.PostInputsSearchesRequest{Searches: search})
	_, errs["PostSearchesByID"] = c.PostSearchesByID(ctx, &clarifai.PostSearchesByIDRequest{ID: "a"})
	_, errs["ListSearches"] = c.ListSearches(ctx, nil)
	_, errs["GetSearch"] = c.GetSearch(ctx, "a")
	errs["DeleteSearch"] = c.DeleteSearch(ctx, "a")
	for _, prefetch := range []int{0, 2} {
		for _, err := range c.ListInputsAll(ctx, nil, clarifai.Prefetch(prefetch)) {
			errs[fmt.Sprintf("ListInputsAll, Prefetch(%d)", prefetch)] = err
		}
		for _, err := range c.PostAnnotationsSearchesAll(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: search}, clarifai.Prefetch(prefetch)) {
			errs[fmt.Sprintf("PostAnnotationsSearchesAll, Prefetch(%d)", prefetch)] = err
		}
	}
	return errs
}

// oneOfEach makes a read, a search and two writes.
func oneOfEach(ctx context.Context, c *clarifai.Client) map[string]error {
	_, list := c.ListInputs(ctx, nil)
	_, search := c.PostAnnotationsSearches(ctx, &clarifai.PostAnnotationsSearchesRequest{Searches: []clarifai.Search{clarifai.NewSearch()}})
	_, post := c.PostInputs(ctx, &clarifai.PostInputsRequest{Inputs: []*clarifai.Input{{ID: "a"}}})
	return map[string]error{"ListInputs": list, "PostAnnotationsSearches": search, "PostInputs": post, "DeleteInput": c.DeleteInput(ctx, "a")}
}

// broken maps names to invalid or unexpected JSON bodies.
var broken = map[string]struct {
	body    string
	refused bool // whether every call rejects it
}{
	"deep arrays":                     {`{"status":{"code":10000},"inputs":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, true},
	"deep objects":                    {strings.Repeat(`{"status":`, 100_000) + "1" + strings.Repeat("}", 100_000), true},
	"deep metadata":                   {`{"status":{"code":10000},"inputs":[{"data":{"metadata":` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + `}}]}`, true},
	"deep and never closed":           {strings.Repeat("[", 1_000_000), true},
	"a long number as code":           {`{"status":{"code":` + strings.Repeat("9", 1_000_000) + `}}`, true},
	"a long number in quotes as code": {`{"status":{"code":"` + strings.Repeat("9", 1_000_000) + `"}}`, true},
	"NaN":                             {`{"status":{"code":NaN}}`, true},
	"Infinity":                        {`{"status":{"code":-Infinity}}`, true},
	"a BOM":                           {"\xef\xbb\xbf" + success, true},
	"UTF-16":                          {"\xff\xfe{\x00}\x00", true},
	"two values":                      {success + success, true},
	"only a string":                   {`"status"`, true},
	"only a number":                   {`10000`, true},
	"a NUL":                           {"\x00", true},
	"a status of null":                {`{"status":null}`, true},
	"a status that is a list":         {`{"status":[10000]}`, true},
	"a status that is text":           {`{"status":"Ok"}`, true},
	"a code of null":                  {`{"status":{"code":null}}`, true},
	"a code that is an object":        {`{"status":{"code":{}}}`, true},
	"a code with a fraction":          {`{"status":{"code":10000.5}}`, true},
	"a code beyond 32 bits":           {`{"status":{"code":4294977296}}`, true},
	"a description that is a number":  {`{"status":{"code":10000,"description":7}}`, true},
	"a status in capitals":            {`{"STATUS":{"code":10000}}`, true},
	"two statuses, the last one bad":  {`{"status":{"code":10000},"status":{"code":10020}}`, true},
	"two codes, the last one bad":     {`{"status":{"code":10000,"code":10020}}`, true},
	"invalid UTF-8":                   {"{\"status\":{\"code\":10000,\"description\":\"\xff\xfe\"},\"inputs\":[{\"id\":\"a\xff\"}],\"input\":{\"id\":\"\xff\"}}", false},
	"a lone surrogate":                {`{"status":{"code":10000,"description":"\ud800"}}`, false},
	"duplicate lists":                 {`{"status":{"code":10000},"inputs":[{"id":"a"}],"inputs":[]}`, false},
	"a long number in metadata":       {`{"status":{"code":10000},"inputs":[{"data":{"metadata":{"a":` + strings.Repeat("9", 1_000_000) + `}}}]}`, false},
	"a long fraction":                 {`{"status":{"code":10000},"hits":[{"score":0.` + strings.Repeat("3", 1_000_000) + `,"input":{"id":"1"}}]}`, false},
}

// Whatever the response, a call returns a value or an error of at most 4 KB.
func TestBrokenJSONIsAnErrorOrAValue(t *testing.T) {
	noLeaks(t)
	for name, test := range broken {
		t.Run(name, func(t *testing.T) {
			client, mock := newClient(t)
			mock.RegisterNoResponder(answer(200, test.body))
			calls := everything
			if len(test.body) > 100_000 {
				calls = oneOfEach
			}
			for call, err := range calls(t.Context(), client) {
				var e *clarifai.Error
				if err != nil && !errors.As(err, &e) && !errors.Is(err, clarifai.ErrPageRepeated) {
					t.Errorf("%s: %T: %v", call, err, err)
				}
				if test.refused && err == nil {
					t.Errorf("%s accepts it", call)
				}
				if text := fmt.Sprint(err); len(text) > 4096 {
					t.Errorf("%s: an error of %d bytes: %s…", call, len(text), text[:200])
				}
			}
		})
	}
}

// Each field is given a value of each type. Every call returns, and any error is an
// ErrInvalidResponse.
func TestAFieldOfTheWrongTypeIsAnInvalidResponse(t *testing.T) {
	values := []string{`null`, `true`, `-1`, `1.5`, `1e400`, `18446744073709551616`, `""`, `"text"`, `"\u0000"`, `[]`, `[null]`, `[[]]`, `{}`, `{"a":1}`, `[{"id":[]}]`}
	keys := []string{"inputs", "input", "hits", "counts", "searches", "search", "id", "hit_counts", "query"}
	inner := []string{
		"id", "data", "created_at", "status", "dataset_ids", "score", "input", "annotation", "processed", "query", "save", "min_value", "metric",
		"visibility", "algorithm", "as_of", "settings", "estimated_total",
	}
	data := []string{
		"image", "video", "concepts", "metadata", "geo", "colors", "clusters", "embeddings", "regions", "frames", "text", "audio", "tracks",
		"time_segments", "hits", "heatmaps", "parts", "ndarray", "int_value", "float_value", "bytes_value", "bool_value", "string_value", "struct_value",
	}
	var bodies []string
	for _, value := range values {
		for _, key := range keys {
			bodies = append(bodies, fmt.Sprintf(`{"status":{"code":10000},%q:%s}`, key, value))
		}
		for _, field := range inner {
			object := fmt.Sprintf(`{%q:%s}`, field, value)
			bodies = append(bodies, fmt.Sprintf(`{"status":{"code":10000},"inputs":[%s],"hits":[%[1]s],"input":%[1]s,"counts":%[1]s,"search":%[1]s,"searches":[%[1]s]}`, object))
		}
		for _, field := range data {
			bodies = append(bodies, fmt.Sprintf(`{"status":{"code":10000},"inputs":[{"data":{%q:%s}}],"input":{"data":{%[1]q:%[2]s}}}`, field, value))
		}
		for _, field := range []string{"code", "description", "details", "percent_completed", "time_remaining", "req_id", "developer_notes"} {
			bodies = append(bodies, fmt.Sprintf(`{"status":{"code":10000,%q:%s}}`, field, value))
		}
	}
	for _, body := range bodies {
		client, mock := newClient(t)
		mock.RegisterNoResponder(answer(200, body))
		for call, err := range everything(t.Context(), client) {
			var e *clarifai.Error
			if err == nil || errors.Is(err, clarifai.ErrPageRepeated) {
				continue
			}
			if !errors.As(err, &e) || e.Status.Code == clarifai.StatusSuccess && !errors.Is(err, clarifai.ErrInvalidResponse) {
				t.Errorf("%s of %s: %v", call, body, err)
			}
		}
	}
}

// Following a redirect would send the token to another server, and turn a POST into a
// GET.
func TestNoRedirectIsFollowed(t *testing.T) {
	noLeaks(t)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("followed to another server: %s %s %v", r.Method, r.URL, r.Header)
	}))
	defer other.Close()
	otherTLS := httptest.NewTLSServer(other.Config.Handler)
	defer otherTLS.Close()
	_, otherPort, _ := net.SplitHostPort(other.Listener.Addr().String())

	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/elsewhere") {
			t.Errorf("followed to the same server: %s %s", r.Method, r.URL)
			return
		}
		if r.Method != r.Header.Get("X-Method") {
			t.Errorf("a %s arrived as a %s", r.Header.Get("X-Method"), r.Method)
		}
		w.Header().Set("Location", r.Header.Get("X-Location"))
		code, _ := strconv.Atoi(r.Header.Get("X-Code"))
		w.WriteHeader(code)
		_, _ = io.WriteString(w, success) // a redirect even with a successful body
	})
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	defer plain.Close()
	defer secure.Close()
	for _, from := range []*httptest.Server{plain, secure} {
		transport := from.Client().Transport.(*http.Transport)
		location, code := "", 0
		client := clientOf(t, from.URL, clarifai.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.Header.Set("X-Method", r.Method)
			r.Header.Set("X-Location", location)
			r.Header.Set("X-Code", strconv.Itoa(code))
			return transport.RoundTrip(r)
		})}))
		for name, target := range map[string]string{
			"another host":       "http://localhost:" + otherPort + "/elsewhere",
			"another port":       other.URL + "/elsewhere",
			"another port, TLS":  otherTLS.URL + "/elsewhere",
			"from https to http": strings.Replace(from.URL, "https:", "http:", 1) + "/elsewhere",
			"the same server":    from.URL + "/elsewhere",
			"a path":             "/elsewhere",
			"no scheme":          "//" + other.Listener.Addr().String() + "/elsewhere",
			"empty Location":     "",
			"invalid URL":        "http://[::1",
		} {
			for _, code = range []int{300, 301, 302, 303, 304, 307, 308} {
				location = target
				if name == "invalid URL" && code != 302 {
					continue // needs a new connection each time
				}
				for call, err := range oneOfEach(t.Context(), client) {
					var e *clarifai.Error
					if !errors.As(err, &e) || name != "invalid URL" && e.HTTPStatus != code {
						t.Errorf("%s to %s with %d: %v", call, name, code, err)
					}
					if location != "" && !strings.Contains(fmt.Sprint(err), location) {
						t.Errorf("%s to %s with %d: %v does not mention the target", call, name, code, err)
					}
					if strings.Contains(fmt.Sprint(err), "\n") {
						t.Errorf("error with several lines: %q", err)
					}
				}
			}
		}
		transport.CloseIdleConnections()
	}
}

// A body may arrive a byte at a time, or with io.EOF in the last read.
func TestABodyThatArrivesInPiecesIsDecoded(t *testing.T) {
	for name, pieces := range map[string]func(io.Reader) io.Reader{
		"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "data with EOF": iotest.DataErrReader,
	} {
		client := clientOf(t, "https://api.clarifai.com", clarifai.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			body := pieces(strings.NewReader(testdata(t, "list_inputs.json")))
			return &http.Response{StatusCode: 200, Body: io.NopCloser(body), ContentLength: -1}, nil
		})}))
		if page, err := client.ListInputs(t.Context(), nil); err != nil || len(page.Items) != 2 {
			t.Errorf("%s: %v, %v", name, page, err)
		}
	}
}
