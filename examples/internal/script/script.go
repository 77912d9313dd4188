// Package script is what the example scripts share: their flags, the app that they
// use, their output and how they end.
package script

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/clarifai-go/clarifai"
)

// The exit codes of a script. Ended by a signal, it exits with 128 and the number of
// the signal, as a shell reports it.
const (
	ExitFailure = 1
	ExitUsage   = 2
	exitSignal  = 128
)

// ErrUsage is an error in how a script was called.
var ErrUsage = errors.New("usage")

// ended is why a signal canceled the context of a script.
type ended struct{ syscall.Signal }

func (e ended) Error() string { return e.String() }

// Main runs a script. Ctrl-C and a termination cancel its context; a second one ends
// it at once.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	signal.Ignore(syscall.SIGPIPE) // else a write to a closed pipe ends the script without a word
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals)
		cancel(ended{s.(syscall.Signal)})
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Parse parses flags, after which no arguments may follow.
func Parse(flags *flag.FlagSet, args []string, stderr io.Writer) error {
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stderr)
		flags.Usage()
		return err
	} else if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%w: unexpected argument %q", ErrUsage, flags.Arg(0))
	}
	return nil
}

// Exit reports how a script ended in one line, unless it did so well or showed its
// help, and returns the exit code. The notes are appended to the line.
func Exit(name string, err error, stderr io.Writer, notes ...string) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	text, code := explain(err)
	fmt.Fprintf(stderr, "%s: %s\n", name, strings.Join(append([]string{text}, notes...), "; "))
	return code
}

func explain(err error) (text string, code int) {
	var signal ended
	var file *fs.PathError
	switch {
	case errors.As(err, &signal):
		return signal.Error(), exitSignal + int(signal.Signal)
	case errors.Is(err, context.Canceled):
		return "interrupt", exitSignal + int(syscall.SIGINT)
	case errors.As(err, &file) && errors.Is(file, syscall.EPIPE): // of a connection it is not a PathError
		return "standard output was closed by its reader", exitSignal + int(syscall.SIGPIPE)
	}
	text = strings.TrimPrefix(err.Error(), ErrUsage.Error()+": ")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "clarifai: ", ""), "\n", "; ")
	// The SDK rejects a value of a flag before it sends anything.
	if errors.Is(err, ErrUsage) || errors.Is(err, clarifai.ErrInvalidArgument) {
		return text, ExitUsage
	}
	return text, ExitFailure
}
