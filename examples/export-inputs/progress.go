package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress displays the progress of an export.
type progress interface {
	add(inputs int)
	end()
}

// newProgress returns a bar if asBar is true, and otherwise lines. The total is 0 if
// it is unknown.
func newProgress(w io.Writer, asBar bool, before, total int) progress {
	if before > 0 {
		fmt.Fprintf(w, "%s: resuming after %d inputs\n", name, before)
	}
	if asBar {
		return newBar(w, total-before)
	}
	return &lines{w: w, done: before, before: before, total: total, start: time.Now(), shown: time.Now()}
}

// fitsBar reports whether w is a terminal wide enough for the bar. In a narrow
// terminal the bar would wrap.
func fitsBar(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	return err == nil && width >= 80
}

// bar displays a progress bar. The bar does not count inputs that were exported before
// the command was started.
type bar struct {
	w    io.Writer
	left int // remaining inputs; 0 or less if unknown
	done int
	bar  *progressbar.ProgressBar
}

func newBar(w io.Writer, left int) *bar {
	length := int64(left)
	if left <= 0 {
		length = -1 // a spinner
	}
	return &bar{w: w, left: left, bar: progressbar.NewOptions64(length,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(name),
		progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("inputs"),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetRenderBlankState(true),
		progressbar.OptionSetSpinnerChangeInterval(0), // otherwise a goroutine keeps drawing after the end
	)}
}

// Errors writing to the terminal do not stop the export.
func (b *bar) add(inputs int) {
	if b.done += inputs; b.left > 0 && b.done > b.left { // inputs were added since the start
		b.left = b.done
		b.bar.ChangeMax(b.left)
	}
	_ = b.bar.Add(inputs)
}

func (b *bar) end() {
	_ = b.bar.Exit()
	fmt.Fprintln(b.w)
}

// lines prints a line every few seconds.
type lines struct {
	w                   io.Writer
	done, before, total int
	start, shown        time.Time
}

const betweenLines = 5 * time.Second

func (l *lines) add(inputs int) {
	l.done += inputs
	now := time.Now()
	if now.Sub(l.shown) < betweenLines {
		return
	}
	l.shown = now
	fmt.Fprintf(l.w, "%s: %s\n", name, l.text(now.Sub(l.start)))
}

func (l *lines) text(elapsed time.Duration) string {
	rate := float64(l.done-l.before) / elapsed.Seconds()
	if l.total < l.done || rate == 0 {
		return fmt.Sprintf("%d inputs, %.0f per second", l.done, rate)
	}
	left := time.Duration(float64(l.total-l.done) / rate * float64(time.Second))
	return fmt.Sprintf("%d of %d inputs (%d%%), %.0f per second, %v left", l.done, l.total, 100*l.done/l.total, rate, left.Round(time.Second))
}

func (l *lines) end() {}
