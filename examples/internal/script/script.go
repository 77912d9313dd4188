// Package script contains the code shared by the example scripts: flags, app
// selection, output and exit codes.
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

// The exit codes of a script. A script ended by a signal exits with 128 plus the
// signal number, as in a shell.
const (
	ExitFailure = 1
	ExitUsage   = 2
	exitSignal  = 128
)

// ErrUsage indicates invalid flags or arguments.
var ErrUsage = errors.New("usage")

// ended is the cause of a context canceled by a signal.
type ended struct{ syscall.Signal }

func (e ended) Error() string { return e.String() }

// Main runs a script. The first SIGINT or SIGTERM cancels its context; a second one
// terminates it immediately.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	signal.Ignore(syscall.SIGPIPE) // otherwise a write to a closed pipe ends the script without a message
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

// Parse parses flags. It returns an error if any arguments remain.
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

// Exit prints the script's error and the notes on one line, and returns the exit code.
// If err is nil or [flag.ErrHelp], Exit prints nothing and returns 0.
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
	case errors.As(err, &file) && errors.Is(file, syscall.EPIPE): // an EPIPE of a connection is not a PathError
		return "standard output was closed by its reader", exitSignal + int(syscall.SIGPIPE)
	}
	text = strings.TrimPrefix(err.Error(), ErrUsage.Error()+": ")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "clarifai: ", ""), "\n", "; ")
	// The SDK rejects invalid flag values before sending a request.
	if errors.Is(err, ErrUsage) || errors.Is(err, clarifai.ErrInvalidArgument) {
		return text, ExitUsage
	}
	return text, ExitFailure
}
