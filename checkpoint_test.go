package clarifai_test

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
)

// The process that exports is killed at random moments, by a signal that it cannot
// handle, and run again until it ends by itself.
func TestAKilledExportResumesWithoutLossOrRepetition(t *testing.T) {
	const url, path = "CLARIFAI_TEST_EXPORT_FROM", "CLARIFAI_TEST_EXPORT_TO"
	if os.Getenv(url) != "" { // this is that process
		client, err := clarifai.NewClient(clarifai.WithPAT(token), clarifai.WithApp("USER", "APP"), clarifai.WithBaseURL(os.Getenv(url)))
		if err == nil {
			err = exportPages(t.Context(), client, os.Getenv(path))
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}

	const items = 6000 // 120 pages
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var mu sync.Mutex
	killAfter := 0 // number of requests
	kill := make(chan time.Duration, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		page, _ := strconv.Atoi(req.URL.Query().Get("page"))
		perPage, _ := strconv.Atoi(req.URL.Query().Get("per_page"))
		ids := count(items)[min((page-1)*perPage, items):min(page*perPage, items)]
		body := inputsOf(strings.Join(ids, " "))
		mu.Lock()
		if killAfter--; killAfter == 0 {
			kill <- time.Duration(r.Int64N(int64(3 * time.Millisecond)))
		}
		mu.Unlock()
		io.WriteString(w, body)
	}))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "inputs.txt")
	killed := 0
	for {
		mu.Lock()
		killAfter = 1 + r.IntN(12)
		mu.Unlock()
		process := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		process.Env = append(os.Environ(), url+"="+server.URL, path+"="+file)
		var output strings.Builder
		process.Stdout, process.Stderr = &output, &output
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- process.Wait() }()
		var err error
		hit := false
		select {
		case after := <-kill:
			time.Sleep(after) // a random moment of the remaining work
			hit = process.Process.Kill() == nil
			err = <-ended
		case err = <-ended:
			select {
			case <-kill:
			default:
			}
		}
		if err == nil {
			break
		}
		if killed++; !hit || killed == 1000 {
			t.Fatalf("after %d kills: %v\n%s", killed, err, output.String())
		}
	}
	text, err := os.ReadFile(file)
	if got := strings.Fields(string(text)); err != nil || !slices.Equal(got, count(items)) {
		t.Errorf("%d inputs, %v, after %d kills", len(got), err, killed)
	}
	if killed < 3 {
		t.Errorf("killed only %d times", killed)
	}
	t.Logf("killed %d times", killed)
}
