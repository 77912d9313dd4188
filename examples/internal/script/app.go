package script

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/clarifai-go/clarifai"
)

// SampleFlag adds the flag -sample to flags.
func SampleFlag(flags *flag.FlagSet) *bool {
	return flags.Bool("sample", false, "use a sample app in memory; this is the default if no CLARIFAI_ environment variable is set")
}

// Connect returns a client for the app specified by the environment. If sample is true or
// no CLARIFAI_ variable is set, it returns a client for the sample app instead. An empty
// CLARIFAI_ variable counts as set, so that a misconfigured script does not present sample
// data as real data. Before its first request, the client reports on stderr which app it
// uses. It writes its requests, without the token, to log.
func Connect(name string, sample bool, log, stderr io.Writer, opts ...clarifai.Option) (*clarifai.Client, error) {
	sample = sample || !slices.ContainsFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "CLARIFAI_") })
	if sample {
		opts = append(opts, clarifai.WithPAT("none"), clarifai.WithApp("me", "sample"), clarifai.WithBaseURL("https://api.clarifai.com"),
			clarifai.WithHTTPClient(&http.Client{Transport: SampleApp().Transport()}))
	}
	client, err := clarifai.NewClient(opts...)
	if err != nil {
		return nil, err
	}
	app := "real app: " + strings.Trim(strings.TrimPrefix(client.String(), "clarifai.Client"), "{}")
	if sample {
		app = fmt.Sprintf("sample app: %d made-up inputs, %d of them annotated \"people\"", sampleInputs, samplePeople)
	}
	client.HTTPClient().Transport = &logged{
		RoundTripper: client.HTTPClient().Transport,
		log:          log,
		first:        sync.OnceFunc(func() { fmt.Fprintf(stderr, "%s: %s\n", name, app) }),
	}
	return client, nil
}

// maxLogged is the maximum number of bytes of a body to log.
const maxLogged = 4000

// logged is a transport that logs requests.
type logged struct {
	http.RoundTripper
	log   io.Writer
	first func() // called before each request
}

func (t *logged) RoundTrip(req *http.Request) (*http.Response, error) {
	t.first()
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
			fmt.Fprintf(&text, "… and %d more bytes", more)
		}
		text.WriteByte('\n')
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	_, _ = t.log.Write(text.Bytes()) // an error writing the log does not fail the request
	return t.RoundTripper.RoundTrip(req)
}
