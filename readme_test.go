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

// preamble is what the Go blocks of the README take for granted.
const preamble = `package block

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"testing"
	"time"

	"github.com/clarifai-go/clarifai"
	"github.com/clarifai-go/clarifai/clarifaitest"
	"github.com/jarcoal/httpmock"
)

var (
	_ context.Context
	_ = errors.Is
	_ = fmt.Println
	_ = log.Println
	_ http.Handler
	_ testing.TB
	_ time.Duration
	_ clarifai.Client
	_ clarifaitest.App
	_ httpmock.Responder
)

`

func TestTheGoBlocksOfTheREADMECompileAndPass(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	// A module that depends on this one as an importer's does.
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
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllSubmatch(readme, -1)
	if len(blocks) < 5 {
		t.Fatalf("found %d blocks", len(blocks))
	}
	declarations := regexp.MustCompile(`^(func|type|var) `)
	for i, block := range blocks {
		source := string(block[1])
		switch {
		case strings.HasPrefix(source, "package "):
		case declarations.MatchString(source):
			source = preamble + source
		default:
			source = preamble + "func _(ctx context.Context, client *clarifai.Client) error {\n" + source + "\nreturn nil\n}\n"
		}
		name := fmt.Sprintf("block%d/block.go", i+1)
		if strings.Contains(source, "\nfunc Test") {
			name = fmt.Sprintf("block%d/block_test.go", i+1)
		}
		write(name, source)
	}
	for _, args := range [][]string{
		{"mod", "edit", "-module=example.com/importer", "-require=github.com/clarifai-go/clarifai@v0.2.0", "-replace=github.com/clarifai-go/clarifai=" + root},
		{"vet", "-mod=mod", "./..."},
		{"test", "-mod=mod", "./..."},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = slices.DeleteFunc(append(os.Environ(), "GOWORK=off"), func(variable string) bool {
			return strings.HasPrefix(variable, "CLARIFAI_") // of whoever runs the test
		})
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func TestTheTestsThatTheREADMENamesExist(t *testing.T) {
	readme, err := os.ReadFile("README.md")
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
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`").FindAllSubmatch(readme, -1)
	if len(named) < 20 {
		t.Errorf("the README names %d tests", len(named))
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "\nfunc "+string(name[1])+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
}
