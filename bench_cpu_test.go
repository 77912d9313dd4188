//go:build unix

package clarifai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"
)

// processorTime returns the CPU time of this process. Unlike the wall time of a
// benchmark, it does not depend on the load of the machine or on how well client and
// server overlap.
func processorTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkGetInput gets one input from a local server, to measure the fixed cost of a
// call. The figures include the work of the server.
func BenchmarkGetInput(b *testing.B) {
	body := []byte(benchHead[:len(benchHead)-len(`"inputs":[`)] + `"input":` + string(benchInputs(1)) + "}")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	b.Cleanup(server.Close)
	client, err := NewClient(WithPAT("pat"), WithApp("acme", "streets"), WithBaseURL(server.URL))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(client.HTTPClient().CloseIdleConnections)
	run := func(name string, get func(id string) (*Input, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := processorTime()
			for b.Loop() {
				if input, err := get("street-1"); err != nil || len(input.ID) != 32 {
					b.Fatal(input, err)
				}
			}
			b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
	run("sdk", func(id string) (*Input, error) { return client.GetInput(b.Context(), id) })
	run("baseline", func(id string) (*Input, error) {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/v2/users/acme/apps/streets/inputs/"+id, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Key pat")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		var response struct {
			Status Status `json:"status"`
			Input  *Input `json:"input"`
		}
		if err := json.NewDecoder(resp.Body).Decode(&response); err != nil {
			return nil, err
		}
		if resp.StatusCode != http.StatusOK || response.Status.Code != StatusSuccess {
			return nil, fmt.Errorf("%s: %v", resp.Status, response.Status)
		}
		return response.Input, nil
	})
}
