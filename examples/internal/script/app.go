package script

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/clarifai-go/clarifai"
)

// The app that scripts run on without a token.
const (
	sampleInputs = 250
	samplePeople = 90 // of them, annotated "people"
)

// Connect returns a client of the app that the environment names, or without
// CLARIFAI_PAT of a sample app, which is said on stderr before its first answer.
// The client writes its requests to the log, but for the token.
func Connect(name string, log, stderr io.Writer, opts ...clarifai.Option) (*clarifai.Client, error) {
	transport := &logged{RoundTripper: http.DefaultTransport, log: log}
	if os.Getenv("CLARIFAI_PAT") == "" {
		transport.RoundTripper = SampleApp().Transport()
		transport.first = sync.OnceFunc(func() {
			fmt.Fprintf(stderr, "%s: CLARIFAI_PAT is not set, so this runs on a sample app: %d inputs, %d of them annotated \"people\"\n", name, sampleInputs, samplePeople)
		})
		opts = append(opts, clarifai.WithPAT("no-token-needed"), clarifai.WithApp("me", "sample"), clarifai.WithBaseURL("https://api.clarifai.com"))
	}
	return clarifai.NewClient(append(opts,
		clarifai.WithHTTPClient(&http.Client{Transport: transport}),
		clarifai.WithTimeout(time.Minute))...)
}

// maxLogged is how much of a body is logged.
const maxLogged = 4000

// logged is a transport that writes what is sent.
type logged struct {
	http.RoundTripper
	log   io.Writer
	first func() // before the first request; may be nil
}

func (t *logged) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.first != nil {
		t.first()
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s %s\n", req.Method, req.URL)
	if req.Body != nil && req.Body != http.NoBody {
		body, err := io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
		text.Write(body[:min(len(body), maxLogged)])
		if more := len(body) - maxLogged; more > 0 {
			fmt.Fprintf(&text, "… and %d bytes more", more)
		}
		text.WriteByte('\n')
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	if _, err := t.log.Write(text.Bytes()); err != nil {
		return nil, err
	}
	return t.RoundTripper.RoundTrip(req)
}
