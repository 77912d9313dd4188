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

// SampleFlag adds the flag -sample to a set.
func SampleFlag(flags *flag.FlagSet) *bool {
	return flags.Bool("sample", false, "use a made-up app in memory, as without any CLARIFAI_ variable in the environment")
}

// Connect returns a client of the app that the environment names. It returns one of
// the sample app only if that is requested, or if no CLARIFAI_ variable is set, not
// even to an empty value: a misconfigured script must not pass off made-up data as
// real. The client says on stderr which app it is before its first request, and
// writes its requests to the log, without the token.
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

// maxLogged is how much of a body is logged.
const maxLogged = 4000

// logged is a transport that writes what is sent.
type logged struct {
	http.RoundTripper
	log   io.Writer
	first func() // before each request
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
			fmt.Fprintf(&text, "… and %d bytes more", more)
		}
		text.WriteByte('\n')
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	_, _ = t.log.Write(text.Bytes()) // a request does not fail because it cannot be shown
	return t.RoundTripper.RoundTrip(req)
}
