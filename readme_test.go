package clarifai_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// preamble declares the imports and variables that the Go blocks of the documentation
// use.
const preamble = `package block

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

var (
	_ context.Context
	_ tls.Config
	_ x509.CertPool
	_ json.RawMessage
	_ = errors.Is
	_ = fmt.Println
	_ = log.Println
	_ http.Handler
	_ httptrace.ClientTrace
	_ url.URL
	_ os.File
	_ = slices.Sort[[]int]
	_ atomic.Bool
	_ testing.TB
	_ time.Duration
	_ clarifai.Client
	_ clarifaitest.App
	_ httpmock.Responder
)

`

func TestTheGoBlocksOfTheDocumentationCompileAndPass(t *testing.T) {
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	// The blocks are compiled in a module that depends on this one, like an importer's.
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(content))
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	goBlock := regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	declarations := regexp.MustCompile(`^(//.*\n)*(func|type|var) `)
	for _, page := range append(pages, "README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		blocks := goBlock.FindAllSubmatch(text, -1)
		if len(blocks) < 5 && page == "README.md" {
			t.Fatalf("found %d blocks in %s", len(blocks), page)
		}
		for i, block := range blocks {
			source := string(block[1])
			switch {
			case strings.HasPrefix(source, "package "):
			case declarations.MatchString(source):
				source = preamble + source
			default:
				source = preamble + "func _(ctx context.Context, client *clarifai.Client) error {\n" + source + "\nreturn nil\n}\n"
			}
			file := "block.go"
			if strings.Contains(source, "\nfunc Test") {
				file = "block_test.go"
			}
			write(fmt.Sprintf("%s/block%d/%s", strings.TrimSuffix(filepath.Base(page), ".md"), i+1, file), source)
		}
	}
	for _, args := range [][]string{
		{"mod", "edit", "-module=example.com/importer", "-require=github.com/clarifai-go/clarifai@v0.2.0", "-replace=github.com/clarifai-go/clarifai=" + root},
		{"vet", "-mod=mod", "./..."},
		{"test", "-mod=mod", "./..."},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = slices.DeleteFunc(append(os.Environ(), "GOWORK=off"), func(variable string) bool {
			return strings.HasPrefix(variable, "CLARIFAI_") // set by whoever runs the test
		})
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func TestTestsNamedInPromisesExist(t *testing.T) {
	promises, err := os.ReadFile("docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, pattern := range []string{"*_test.go", "internal/contract/*_test.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(source)
		}
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllSubmatch(promises, -1)
	if len(named) < 20 {
		t.Errorf("docs/promises.md names %d tests", len(named))
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "\nfunc "+string(name[1])+"(") {
			t.Errorf("docs/promises.md names %s, which does not exist", name[1])
		}
	}
}
