package main

import (
	"bytes"
	"strings"
	"testing"
)

func start(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv("CLARIFAI_PAT", "")
	var out, err bytes.Buffer
	code = run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestPagesConcepts(t *testing.T) {
	const get = "GET https://api.clarifai.com/v2/users/me/apps/sample/concepts"
	for _, test := range []struct{ args, want string }{
		{"", get + "\nID      NAME\npeople  people\ncar     car\n"},
		{"-page 2 -per-page 1", get + "?page=2&per_page=1\nID   NAME\ncar  car\n"},
		{"-id peo", get + "?id=peo\nID      NAME\npeople  people\n"},
		{"-page 9", get + "?page=9\nno results\n"},
	} {
		if code, stdout, _ := start(t, strings.Fields(test.args)...); code != 0 || stdout != test.want {
			t.Errorf("%s: got %d\n%s\nwant\n%s", test.args, code, stdout, test.want)
		}
	}
	if code, stdout, _ := start(t, "-all", "-per-page", "1", "-json"); code != 0 || stdout != "{\"id\":\"people\",\"name\":\"people\"}\n{\"id\":\"car\",\"name\":\"car\"}\n" {
		t.Errorf("got %d\n%s", code, stdout)
	}
}

func TestRefusesBadFlags(t *testing.T) {
	for _, args := range [][]string{{"-per-page", "1001"}, {"-page", "two"}, {"stray"}} {
		if code, stdout, stderr := start(t, args...); code != 2 || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q: got %d, %q and %q", args, code, stdout, stderr)
		}
	}
}
