package clarifai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// The baseline of every benchmark is what a user would write without this package: a
// loop that uses net/http and encoding/json to decode into the same types. Absolute
// figures depend on the machine; only ratios within one run are meaningful.

// benchInputs returns the JSON of n realistic inputs, separated by commas. Each has
// about 1,000 bytes.
func benchInputs(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	concepts := []string{"people", "car", "outdoors", "street", "night", "dog", "building", "tree", "water", "sky"}
	var b bytes.Buffer
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		id := fmt.Sprintf("%016x%016x", r.Uint64(), r.Uint64())
		fmt.Fprintf(&b, `{"id":%q,"data":{"image":{"url":"https://example.com/photos/%s.jpg",`, id, id)
		fmt.Fprintf(&b, `"hosted":{"prefix":"https://data.clarifai.com","suffix":"users/acme/apps/streets/inputs/image/%s","sizes":["orig","tiny","small","large"],"crossorigin":"use-credentials"},`, id)
		fmt.Fprintf(&b, `"image_info":{"width":%d,"height":%d,"format":"JPEG","color_mode":"YUV"}},"concepts":[`, 640+r.IntN(4000), 480+r.IntN(3000))
		for j := range 5 {
			if j > 0 {
				b.WriteByte(',')
			}
			concept := concepts[r.IntN(len(concepts))]
			fmt.Fprintf(&b, `{"id":"ai_%s","name":%q,"value":%.7f,"app_id":"main"}`, concept, concept, r.Float64())
		}
		at := time.Unix(1_700_000_000+r.Int64N(1e8), r.Int64N(1e6)*1e3).UTC().Format(time.RFC3339Nano)
		fmt.Fprintf(&b, `],"metadata":{"camera":"front-%d","frame":%d,"weather":"clear"}},`, r.IntN(4), r.IntN(100_000))
		fmt.Fprintf(&b, `"created_at":%q,"modified_at":%q,"status":{"code":30000,"description":"Download complete"}}`, at, at)
	}
	return b.Bytes()
}

const benchHead = `{"status":{"code":10000,"description":"Ok","req_id":"0123456789abcdef0123456789abcdef"},"inputs":[`

// benchServer serves the given number of pages of inputs; the first input of each page
// has a unique ID. It counts requests and connections.
type benchServer struct {
	*httptest.Server
	requests, connections atomic.Int64
}

func newBenchServer(tb testing.TB, pages, perPage int, latency time.Duration) *benchServer {
	inputs := benchInputs(perPage)
	_, inputs, _ = bytes.Cut(inputs, []byte(`,`))
	s := &benchServer{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		time.Sleep(latency)
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		w.Header().Set("Content-Type", "application/json")
		if page > pages {
			io.WriteString(w, benchHead+"]}")
			return
		}
		first := fmt.Sprintf(`{"id":"page-%d",`, page)
		w.Header().Set("Content-Length", strconv.Itoa(len(benchHead)+len(first)+len(inputs)+2))
		io.WriteString(w, benchHead+first)
		w.Write(inputs)
		io.WriteString(w, "]}")
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.connections.Add(1)
		}
	}
	s.Start()
	tb.Cleanup(s.Close)
	return s
}

func (s *benchServer) client(tb testing.TB) *Client {
	client, err := NewClient(WithPAT("pat"), WithApp("acme", "streets"), WithBaseURL(s.URL))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.HTTPClient().CloseIdleConnections)
	return client
}

// benchResponse is the response type of the baseline.
type benchResponse struct {
	Status Status   `json:"status"`
	Inputs []*Input `json:"inputs"`
}

// baseline fetches a page without the package.
func (s *benchServer) baseline(ctx context.Context, page, perPage int) ([]*Input, error) {
	url := fmt.Sprintf("%s/v2/users/acme/apps/streets/inputs?page=%d&per_page=%d", s.URL, page, perPage)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Key pat")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var response benchResponse
	if err := json.NewDecoder(resp.Body).Decode(&response); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || response.Status.Code != StatusSuccess {
		return nil, fmt.Errorf("%s: %v", resp.Status, response.Status)
	}
	return response.Inputs, nil
}

func benchmarkPage(b *testing.B, perPage int) {
	s := newBenchServer(b, 1, perPage, 0)
	client := s.client(b)
	req := &ListInputsRequest{PageParams: PageParams{Page: 1, PerPage: perPage}}
	b.Run("sdk", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			page, err := client.ListInputs(b.Context(), req)
			if err != nil || len(page.Items) != perPage {
				b.Fatal(page, err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			inputs, err := s.baseline(b.Context(), 1, perPage)
			if err != nil || len(inputs) != perPage {
				b.Fatal(len(inputs), err)
			}
		}
	})
}

// BenchmarkPage fetches a page of 1,000 inputs from a local server. The figures include
// the work of the server.
func BenchmarkPage(b *testing.B) { benchmarkPage(b, MaxPerPage) }

// BenchmarkSmallPage fetches a page of 20 inputs, to measure the fixed cost of a call.
func BenchmarkSmallPage(b *testing.B) { benchmarkPage(b, 20) }

// BenchmarkDecode decodes a page of 1,000 inputs from memory.
func BenchmarkDecode(b *testing.B) {
	body := []byte(benchHead + string(benchInputs(MaxPerPage)) + "]}")
	b.Run("sdk", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var inputs []*Input
			if _, err := decode(body, []*field{{name: "inputs", into: &inputs}}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var response benchResponse
			if err := json.Unmarshal(body, &response); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAll iterates over 100 pages from a server with a latency of 20 ms. Pages of
// 20 inputs are limited by the network; pages of 1,000 may be limited by the CPU.
func BenchmarkAll(b *testing.B) {
	const pages = 100
	for _, perPage := range []int{20, 128, MaxPerPage} {
		s := newBenchServer(b, pages, perPage, 20*time.Millisecond)
		client := s.client(b)
		req := &ListInputsRequest{PageParams: PageParams{PerPage: perPage}}
		for _, prefetch := range []int{0, 4, 8} {
			b.Run(fmt.Sprintf("perpage=%d/sdk/prefetch=%d", perPage, prefetch), func(b *testing.B) {
				for b.Loop() {
					items := 0
					for _, err := range client.ListInputsAll(b.Context(), req, Prefetch(prefetch)) {
						if err != nil {
							b.Fatal(err)
						}
						items++
					}
					if items != pages*perPage {
						b.Fatal(items)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("perpage=%d/baseline", perPage), func(b *testing.B) {
			for b.Loop() {
				items := 0
				for page := 1; ; page++ {
					inputs, err := s.baseline(b.Context(), page, perPage)
					if err != nil {
						b.Fatal(err)
					}
					if len(inputs) == 0 {
						break
					}
					items += len(inputs)
				}
				if items != pages*perPage {
					b.Fatal(items)
				}
			}
		})
	}
}

// Without Prefetch, only the pages with results and the empty page after them are
// requested. With Prefetch(8), the number of connections does not exceed the number of
// concurrent requests.
func TestIterationNeedsNoExtraRequestsOrConnections(t *testing.T) {
	const pages = 100
	for _, prefetch := range []int{0, 8} {
		s := newBenchServer(t, pages, 10, 10*time.Millisecond)
		items := 0
		for _, err := range s.client(t).ListInputsAll(t.Context(), &ListInputsRequest{PageParams: PageParams{PerPage: 10}}, Prefetch(prefetch)) {
			if err != nil {
				t.Fatal(err)
			}
			items++
		}
		if items != 10*pages {
			t.Errorf("Prefetch(%d): %d items", prefetch, items)
		}
		if n := s.requests.Load(); n > int64(pages+max(prefetch, 1)) {
			t.Errorf("Prefetch(%d): %d requests for %d pages", prefetch, n, pages)
		}
		if n := s.connections.Load(); n > int64(max(prefetch, 1)) {
			t.Errorf("Prefetch(%d): %d connections", prefetch, n)
		}
	}
}

// liveHeap returns the number of reachable bytes on the heap.
func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkMemory iterates over 1,000,000 inputs and reports the peak of the live heap,
// in megabytes and in pages. The size of a page includes its response body.
func BenchmarkMemory(b *testing.B) {
	const pages = 1000
	s := newBenchServer(b, pages, MaxPerPage, 0)
	client := s.client(b)
	for _, prefetch := range []int{0, 8} {
		b.Run(fmt.Sprintf("prefetch=%d", prefetch), func(b *testing.B) {
			before := liveHeap()
			page, err := client.ListInputs(b.Context(), &ListInputsRequest{PageParams: PageParams{PerPage: MaxPerPage}})
			if err != nil {
				b.Fatal(err)
			}
			response := uint64(len(benchHead) + len(benchInputs(MaxPerPage)))
			size := liveHeap() - before + response
			runtime.KeepAlive(page)
			page = nil
			var peak uint64
			for b.Loop() {
				items := 0
				for _, err := range client.ListInputsAll(b.Context(), nil, Prefetch(prefetch)) {
					if err != nil {
						b.Fatal(err)
					}
					// In the middle of a page, the pages ahead have arrived or are in
					// flight.
					if items++; items%(10*MaxPerPage) == MaxPerPage/2 {
						peak = max(peak, liveHeap()-before)
					}
				}
				if items != pages*MaxPerPage {
					b.Fatal(items)
				}
			}
			b.ReportMetric(float64(peak)/1e6, "live-MB")
			b.ReportMetric(float64(peak)/float64(size), "live-pages")
		})
	}
}
