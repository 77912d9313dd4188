package contract

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"sync"

	"connectrpc.com/connect"
	"connectrpc.com/vanguard"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// A behaviour answers the requests that a server accepts. It may be called from
// several goroutines at once. An error becomes the HTTP status of its connect.Code.
type behaviour func(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error)

// call is a request that a server accepted.
type call struct {
	method  string // the operation's name, such as "ListInputs"
	request *dynamicpb.Message
}

// server is the API as its definition has it, over REST on loopback. It answers a
// path that is not in the definition with 404, and an unknown field in a query or
// a body with 400.
type server struct {
	*httptest.Server
	definition *definition
	behave     behaviour

	mu    sync.Mutex
	calls []call
}

// newServer starts a server. Its owner closes it.
func newServer(d *definition, behave behaviour) (*server, error) {
	s := &server{definition: d, behave: behave}
	service := vanguard.NewServiceWithSchema(d.service, http.HandlerFunc(s.answer),
		vanguard.WithTargetProtocols(vanguard.ProtocolConnect),
		vanguard.WithTargetCodecs(vanguard.CodecProto),
		vanguard.WithNoTargetCompression(),
		vanguard.WithTypeResolver(dynamicpb.NewTypes(d.files)))
	rest, err := vanguard.NewTranscoder([]*vanguard.Service{service},
		vanguard.WithCodec(func(types vanguard.TypeResolver) vanguard.Codec {
			return &vanguard.JSONCodec{ // without DiscardUnknown, which is vanguard's default
				MarshalOptions:   protojson.MarshalOptions{Resolver: types, UseProtoNames: true, UseEnumNumbers: true},
				UnmarshalOptions: protojson.UnmarshalOptions{Resolver: types},
			}
		}))
	if err != nil {
		return nil, err
	}
	s.Server = httptest.NewServer(strict(rest))
	return s, nil
}

// strict rejects what vanguard lets pass, and answers with 400 where vanguard
// answers a malformed request with 500.
func strict(rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := escapeParts(r.URL.EscapedPath())
		if strings.Contains(target, "//") || strings.HasSuffix(target, "/") {
			http.Error(w, "a part of the path is empty", http.StatusNotFound)
			return
		}
		// In the definition a body is always the whole request but for the path.
		if r.URL.RawQuery != "" && r.ContentLength != 0 {
			http.Error(w, "a request has its fields in the query or in the body, not in both", http.StatusBadRequest)
			return
		}
		v := &verdict{ResponseWriter: w}
		r = r.Clone(context.WithValue(r.Context(), verdictKey{}, v))
		r.URL.Path, r.URL.RawPath = target, "" // vanguard unescapes the parts of it itself
		rest.ServeHTTP(v, r)
	})
}

// escapeParts escapes each part of an escaped path as all of them are: %69nputs
// becomes inputs, and a%2Fb stays one part.
func escapeParts(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if unescaped, err := url.PathUnescape(part); err == nil {
			parts[i] = url.PathEscape(unescaped)
		}
	}
	return strings.Join(parts, "/")
}

// verdict is how a request fared on its way to the operation. vanguard reads a
// request as the operation reads it, and gives an operation whose request turns
// out malformed an empty one. What it did is seen from the response alone.
type verdict struct {
	http.ResponseWriter
	accepted bool // the operation has the request, and may answer what it likes
	rejected bool
}

type verdictKey struct{}

func (v *verdict) WriteHeader(status int) {
	if !v.accepted {
		v.rejected = true
		if status == http.StatusInternalServerError {
			status = http.StatusBadRequest
		}
	}
	v.ResponseWriter.WriteHeader(status)
}

// Unwrap lets vanguard flush.
func (v *verdict) Unwrap() http.ResponseWriter { return v.ResponseWriter }

// received returns the calls so far, in the order of their arrival.
func (s *server) received() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.calls...)
}

// answer serves an RPC of the service: what vanguard makes of a REST request.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	response, err := s.respond(r)
	switch {
	case errors.Is(err, errRejected): // and vanguard has said so
	case err != nil:
		// The client reads no more of a response that could not be written.
		_ = connect.NewErrorWriter().Write(w, r, err)
	default:
		w.Header().Set("Content-Type", "application/proto")
		_, _ = w.Write(response)
	}
}

var errRejected = errors.New("the request is malformed")

func (s *server) respond(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	v, ok := r.Context().Value(verdictKey{}).(*verdict)
	if !ok || v.rejected {
		return nil, errRejected
	}
	v.accepted = true

	name := protoreflect.Name(path.Base(r.URL.Path)) // of /clarifai.api.V2/ListInputs
	method := s.definition.service.Methods().ByName(name)
	if method == nil {
		return nil, connect.NewError(connect.CodeUnimplemented, errors.New(string(name)))
	}
	request := dynamicpb.NewMessage(method.Input())
	if err := proto.Unmarshal(body, request); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.calls = append(s.calls, call{string(name), request})
	s.mu.Unlock()

	response, err := s.behave(method, request)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(response)
}

// success returns a response of a method that says so and holds nothing else.
func success(method protoreflect.MethodDescriptor) *dynamicpb.Message {
	const codeSuccess = 10000
	response := dynamicpb.NewMessage(method.Output())
	field := method.Output().Fields().ByName("status")
	if field == nil {
		return response // of a method whose response has no status
	}
	status := response.Mutable(field).Message()
	status.Set(status.Descriptor().Fields().ByName("code"), protoreflect.ValueOfEnum(codeSuccess))
	return response
}
