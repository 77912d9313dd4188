package contract

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// official returns the definition. If it cannot be fetched, the test is skipped; if
// CI=true or CLARIFAI_CONTRACT_REQUIRED=1 is set, it fails.
func official(t *testing.T) *definition {
	t.Helper()
	d, err := loadDefinition()
	required := os.Getenv("CI") == "true" || os.Getenv("CLARIFAI_CONTRACT_REQUIRED") == "1"
	if errors.Is(err, errUnavailable) && !required {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// message returns the descriptor of a message of the API, such as "Input".
func message(t *testing.T, name string) protoreflect.MessageDescriptor {
	t.Helper()
	descriptor, err := official(t).message(name)
	if err != nil {
		t.Fatal(err)
	}
	return descriptor
}

// parse decodes JSON to the message with the given name.
func parse(t *testing.T, name, json string) *dynamicpb.Message {
	t.Helper()
	parsed, err := official(t).parse(name, json)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestDefinitionHasEveryMethod(t *testing.T) {
	if got := official(t).service.Methods().Len(); got != 289 {
		t.Errorf("%d methods, want 289", got)
	}
}

// writeArchive writes an npm archive with the given files, keyed by name, and returns
// its path.
func writeArchive(t *testing.T, files map[string]string) string {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	entries := tar.NewWriter(zipped)
	for name, text := range files {
		if err := entries.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := entries.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(entries.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "archive.tgz")
	if err := os.WriteFile(path, archive.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConcurrentInstall(t *testing.T) {
	archive := writeArchive(t, map[string]string{"package/a/b.proto": "text", "package/c.js": "code"})
	cache := t.TempDir()
	var installs sync.WaitGroup
	for range 8 {
		installs.Go(func() {
			if err := install(archive, filepath.Join(cache, "root")); err != nil {
				t.Error(err)
			}
		})
	}
	installs.Wait()
	var files []string
	err := fs.WalkDir(os.DirFS(cache), ".", func(path string, entry fs.DirEntry, err error) error {
		if !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"root/a/b.proto"}; !slices.Equal(files, want) {
		t.Errorf("the cache has %q, want %q", files, want)
	}
}

func TestInstallWritesOnlyInItsDirectory(t *testing.T) {
	archive := writeArchive(t, map[string]string{"package/../../escaped.proto": "text"})
	cache := t.TempDir()
	if err := install(archive, filepath.Join(cache, "root")); err == nil {
		t.Error("got no error")
	}
	if entries, err := os.ReadDir(cache); err != nil || len(entries) != 0 {
		t.Errorf("the cache has %v (%v), want nothing", entries, err)
	}
}

func TestDefinitionIsUnavailableWithoutNPM(t *testing.T) {
	t.Setenv("PATH", "")
	if _, err := fetchDefinition(t.TempDir()); !errors.Is(err, errUnavailable) {
		t.Errorf("got %v, want %v", err, errUnavailable)
	}
}

func TestParseRejectsUnknownFields(t *testing.T) {
	if got, err := official(t).parse("Input", `{"id":"a","colour":"red"}`); err == nil {
		t.Errorf("got %v, want an error", got)
	}
	if got, err := official(t).parse("Inpt", `{}`); err == nil {
		t.Errorf("got %v, want an error", got)
	}
	if !proto.Equal(parse(t, "Input", `{"id":"a"}`), parse(t, "Input", `{ "id": "a" }`)) {
		t.Error("two decodings of the same input are not equal")
	}
}
