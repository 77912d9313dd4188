package contract

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/bufbuild/protocompile"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	// Together with the annotations package, these packages register the Google files
	// that the definition imports.
	_ "google.golang.org/protobuf/types/known/durationpb"
	_ "google.golang.org/protobuf/types/known/structpb"
	_ "google.golang.org/protobuf/types/known/timestamppb"
	_ "google.golang.org/protobuf/types/known/wrapperspb"
)

// The npm package with the official definition.
const (
	packageName    = "clarifai-nodejs-grpc"
	packageVersion = "11.11.0"
)

// errUnavailable reports that the definition is not in the cache and cannot be fetched.
var errUnavailable = errors.New("the official service definition, " + packageName + "@" + packageVersion + ", is not available")

// definition is the compiled form of the official service definition.
type definition struct {
	files   *protoregistry.Files
	service protoreflect.ServiceDescriptor
	streams map[string]bool // the streaming methods; not recorded in service
}

// message returns the descriptor of a message of the API, such as "Input" or
// "status.Status".
func (d *definition) message(name string) (protoreflect.MessageDescriptor, error) {
	found, err := d.files.FindDescriptorByName(protoreflect.FullName("clarifai.api." + name))
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", name, err)
	}
	message, ok := found.(protoreflect.MessageDescriptor)
	if !ok {
		return nil, fmt.Errorf("%s is not a message", name)
	}
	return message, nil
}

// parse decodes JSON to the message with the given name. Unknown fields are an error.
func (d *definition) parse(name, json string) (*dynamicpb.Message, error) {
	descriptor, err := d.message(name)
	if err != nil {
		return nil, err
	}
	message := dynamicpb.NewMessage(descriptor)
	if err := protojson.Unmarshal([]byte(json), message); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return message, nil
}

// loadDefinition fetches the definition once per machine and compiles it once per
// process. Messages from different compilations are never equal, so a process must not
// compile the definition twice.
var loadDefinition = sync.OnceValues(func() (*definition, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("finding the cache directory: %w", err)
	}
	root, err := fetchDefinition(filepath.Join(cache, "clarifai-go-contract"))
	if err != nil {
		return nil, err
	}
	return compileDefinition(root)
})

// fetchDefinition returns the directory under cache with the .proto files of the
// definition. It creates the directory if necessary.
func fetchDefinition(cache string) (string, error) {
	root := filepath.Join(cache, packageName+"-"+packageVersion)
	if _, err := os.Stat(root); err == nil {
		return root, nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("%w: npm, which fetches it, is not installed", errUnavailable)
	}
	dir, err := os.MkdirTemp("", packageName)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	pack := exec.Command(npm, "pack", packageName+"@"+packageVersion)
	pack.Dir = dir
	if output, err := pack.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: npm pack: %w\n%s", errUnavailable, err, output)
	}
	return root, install(filepath.Join(dir, packageName+"-"+packageVersion+".tgz"), root)
}

// install unpacks the .proto files of an npm archive. It creates root atomically, as
// several processes may share it.
func install(archive, root string) error {
	cache := filepath.Dir(root)
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(cache, "unfinished-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)
	if err := unpackProtos(archive, unfinished); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(unfinished, "package"), root); err != nil {
		// If another process was faster, use its files.
		if _, statErr := os.Stat(root); statErr != nil {
			return err
		}
	}
	return nil
}

// unpackProtos unpacks the .proto files of an npm archive into dir, under package/.
func unpackProtos(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	for entries := tar.NewReader(unzipped); ; {
		entry, err := entries.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		if !strings.HasSuffix(entry.Name, ".proto") {
			continue
		}
		if !filepath.IsLocal(entry.Name) {
			return fmt.Errorf("%s: %q is outside the archive", archive, entry.Name)
		}
		text, err := io.ReadAll(entries)
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		path := filepath.Join(dir, filepath.FromSlash(entry.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
}

// compileDefinition compiles the definition under root.
func compileDefinition(root string) (*definition, error) {
	compiler := protocompile.Compiler{Resolver: protocompile.CompositeResolver{
		&protocompile.SourceResolver{ImportPaths: []string{root}},
		protocompile.ResolverFunc(func(path string) (protocompile.SearchResult, error) {
			file, err := protoregistry.GlobalFiles.FindFileByPath(path)
			return protocompile.SearchResult{Desc: file}, err
		}),
	}}
	compiled, err := compiler.Compile(context.Background(), "proto/clarifai/api/service.proto")
	if err != nil {
		return nil, fmt.Errorf("compiling the definition: %w", err)
	}

	d := &definition{files: new(protoregistry.Files), streams: make(map[string]bool)}
	// Use the linked-in versions of Google's files, so that their messages have the
	// same types everywhere.
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		err = d.files.RegisterFile(file)
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	for _, file := range compiled {
		if err := d.add(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Path(), err)
		}
	}
	service, err := d.files.FindDescriptorByName("clarifai.api.V2")
	if err != nil {
		return nil, err
	}
	d.service = service.(protoreflect.ServiceDescriptor)
	return d, nil
}

// add registers a file and its imports. It calls makeServable for the services of each
// file.
func (d *definition) add(file protoreflect.FileDescriptor) error {
	if _, err := d.files.FindFileByPath(file.Path()); err == nil {
		return nil
	}
	imports := file.Imports()
	for i := range imports.Len() {
		if err := d.add(imports.Get(i).FileDescriptor); err != nil {
			return err
		}
	}
	// Encode and decode the file, so that its HTTP rules have the Go type that the
	// router expects.
	bytes, err := proto.Marshal(protodesc.ToFileDescriptorProto(file))
	if err != nil {
		return err
	}
	description := new(descriptorpb.FileDescriptorProto)
	if err := proto.Unmarshal(bytes, description); err != nil {
		return err
	}
	for _, service := range description.GetService() {
		for _, method := range service.GetMethod() {
			if method.GetClientStreaming() || method.GetServerStreaming() {
				d.streams[method.GetName()] = true
			}
		}
		makeServable(service)
	}
	rebuilt, err := protodesc.NewFile(description, d.files)
	if err != nil {
		return err
	}
	return d.files.RegisterFile(rebuilt)
}

// makeServable changes a service so that a REST router can serve it. It makes streaming
// methods unary. If two methods have the same route, only the earlier method keeps it.
// makeServable also drops the GET route of PostPipelines, a mistake in the definition;
// the route belongs to ListPipelines.
func makeServable(service *descriptorpb.ServiceDescriptorProto) {
	claimed := make(map[string]bool)
	for _, method := range service.GetMethod() {
		method.ClientStreaming, method.ServerStreaming = nil, nil

		var kept []*annotations.HttpRule
		all := bindings(method.GetOptions())
		for _, binding := range all {
			r := routeOf(binding)
			if !claimed[r.shape()] && r.verb == routeOf(all[0]).verb {
				claimed[r.shape()] = true
				kept = append(kept, binding)
			}
		}
		if len(kept) == 0 {
			proto.ClearExtension(method.GetOptions(), annotations.E_Http)
			continue
		}
		first := kept[0]
		first.AdditionalBindings = kept[1:]
		proto.SetExtension(method.GetOptions(), annotations.E_Http, first)
	}
}

// bindings returns the HTTP rules of a method as separate rules, the primary one first.
func bindings(options *descriptorpb.MethodOptions) []*annotations.HttpRule {
	rule, ok := proto.GetExtension(options, annotations.E_Http).(*annotations.HttpRule)
	if !ok || rule == nil {
		return nil
	}
	first := proto.CloneOf(rule)
	first.AdditionalBindings = nil
	return append([]*annotations.HttpRule{first}, rule.GetAdditionalBindings()...)
}
