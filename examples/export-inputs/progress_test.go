package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressInLines(t *testing.T) {
	for _, test := range []struct {
		lines lines
		want  string
	}{
		{lines{done: 1500, before: 500, total: 2500}, "1500 of 2500 inputs (60%), 100 per second, 10s left"},
		{lines{done: 1500, before: 500}, "1500 inputs, 100 per second"},
		{lines{done: 500, before: 500, total: 2500}, "500 inputs, 0 per second"},
	} {
		if got := test.lines.text(10 * time.Second); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var w bytes.Buffer
		p := newProgress(&w, false, 0, 100)
		for range 8 {
			time.Sleep(time.Second)
			p.add(10)
		}
		p.end()
		if got, want := w.String(), "export-inputs: 50 of 100 inputs (50%), 10 per second, 5s left\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// The bar is used in terminals but writes the same output anywhere.
func TestProgressBar(t *testing.T) {
	for _, test := range []struct {
		before, total int
		want          string // after 50 inputs have been written
	}{
		{0, 100, " 50% "},
		{40, 140, " 50% "}, // of the remaining inputs
		{0, 0, "50/-"},
		{0, 30, "100% "}, // inputs were added since the start
		{70, 100, "100% "},
	} {
		synctest.Test(t, func(t *testing.T) {
			var w bytes.Buffer
			p := newProgress(&w, true, test.before, test.total)
			for range 2 {
				time.Sleep(time.Second) // the bar is redrawn every 100 ms
				p.add(25)
			}
			p.end()
			if _, last, _ := cutLast(w.String(), "\r"); !strings.Contains(last, test.want) || !strings.HasSuffix(last, "\n") {
				t.Errorf("%+v: got %q", test, &w)
			}
		})
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
