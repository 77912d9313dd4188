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

// A behaviour responds to the requests that a server accepts. It must be safe for
// concurrent use. An error is sent with the HTTP status of its connect.Code.
type behaviour func(method protoreflect.MethodDescriptor, request *dynamicpb.Message) (proto.Message, error)

// call is a request that a server accepted.
type call struct {
	method  string // the operation's name, such as "ListInputs"
	request *dynamicpb.Message
}

// server is a local REST server for the API that the definition describes. It responds
// with 404 to paths that are not in the definition, and with 400 to requests with unknown
// fields in the query or the body.
type server struct {
	*httptest.Server
	definition *definition
	behave     behaviour

	mu    sync.Mutex
	calls []call
}

// newServer starts a server. The caller must close it.
func newServer(d *definition, behave behaviour) (*server, error) {
	s := &server{definition: d, behave: behave}
	service := vanguard.NewServiceWithSchema(d.service, http.HandlerFunc(s.answer),
		vanguard.WithTargetProtocols(vanguard.ProtocolConnect),
		vanguard.WithTargetCodecs(vanguard.CodecProto),
		vanguard.WithNoTargetCompression(),
		vanguard.WithTypeResolver(dynamicpb.NewTypes(d.files)))
	rest, err := vanguard.NewTranscoder([]*vanguard.Service{service},
		vanguard.WithCodec(func(types vanguard.TypeResolver) vanguard.Codec {
			return &vanguard.JSONCodec{ // vanguard's default sets DiscardUnknown
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

// strict rejects requests that vanguard wrongly accepts, and responds to malformed
// requests with 400 where vanguard responds with 500.
func strict(rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := escapeParts(r.URL.EscapedPath())
		if strings.Contains(target, "//") || strings.HasSuffix(target, "/") {
			http.Error(w, "a part of the path is empty", http.StatusNotFound)
			return
		}
		// In the definition, a body is always the whole request except for path
		// variables.
		if r.URL.RawQuery != "" && r.ContentLength != 0 {
			http.Error(w, "a request has its fields in the query or in the body, not in both", http.StatusBadRequest)
			return
		}
		v := &verdict{ResponseWriter: w}
		r = r.Clone(context.WithValue(r.Context(), verdictKey{}, v))
		r.URL.Path, r.URL.RawPath = target, "" // vanguard unescapes the elements of the path
		rest.ServeHTTP(v, r)
	})
}

// escapeParts normalizes the escaping of each element of a path: %69nputs becomes
// inputs, and a%2Fb stays one element.
func escapeParts(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if unescaped, err := url.PathUnescape(part); err == nil {
			parts[i] = url.PathEscape(unescaped)
		}
	}
	return strings.Join(parts, "/")
}

// verdict records whether vanguard accepted a request. vanguard decodes a request while
// the operation reads it. If the request is malformed, the operation reads an empty
// request. Only the response shows that the request was malformed.
type verdict struct {
	http.ResponseWriter
	accepted bool // the operation has read the request and may respond with any status
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

// Unwrap returns the underlying writer, so that vanguard can flush it.
func (v *verdict) Unwrap() http.ResponseWriter { return v.ResponseWriter }

// received returns the calls so far, in order of arrival.
func (s *server) received() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]call(nil), s.calls...)
}

// answer serves an RPC, which vanguard made from a REST request.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	response, err := s.respond(r)
	switch {
	case errors.Is(err, errRejected): // vanguard has responded
	case err != nil:
		// Ignore the error: if the response cannot be written, no client is reading it.
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

	name := protoreflect.Name(path.Base(r.URL.Path)) // such as ListInputs in /clarifai.api.V2/ListInputs
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

// success returns a successful response to a call of the method. Only the status is set,
// if the response has one.
func success(method protoreflect.MethodDescriptor) *dynamicpb.Message {
	const codeSuccess = 10000
	response := dynamicpb.NewMessage(method.Output())
	field := method.Output().Fields().ByName("status")
	if field == nil {
		return response // has no status
	}
	status := response.Mutable(field).Message()
	status.Set(status.Descriptor().Fields().ByName("code"), protoreflect.ValueOfEnum(codeSuccess))
	return response
}
