// Package scripttest contains code shared by the tests of the example scripts.
package scripttest

import (
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// CheckREADME runs a script's commands, as listed in the README of the examples, against
// the sample app and checks their output. A line "…" matches any number of lines.
func CheckREADME(t *testing.T, name string, run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?m)^    \$ go run \./examples/`+name+`( .*)?\n((?:    .*\n)*)`).FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 {
		t.Fatalf("the README shows no command of %s", name)
	}
	t.Chdir(t.TempDir())
	for _, block := range blocks {
		args := strings.Fields(strings.ReplaceAll(block[1], "'", ""))
		var output bytes.Buffer
		run(t.Context(), append(args, "-sample"), &output, &output)
		want := regexp.QuoteMeta(regexp.MustCompile(`(?m)^    `).ReplaceAllString(block[2], ""))
		want = strings.ReplaceAll(want, "…\n", "(.*\n)*")
		if !regexp.MustCompile(`^` + want + `$`).MatchString(output.String()) {
			t.Errorf("go run ./examples/%s%s: got\n%swant\n%s", name, block[1], &output, block[2])
		}
	}
}
