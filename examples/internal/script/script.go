// Package script is what the example scripts share: their flags, their ways to
// end, and the app that they run on.
package script

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/clarifai-go/clarifai"
)

// The exit codes of a script.
const (
	ExitFailure     = 1
	ExitUsage       = 2
	ExitInterrupted = 130 // what a shell gives for Ctrl-C
)

// ErrUsage is an error in how a script was called.
var ErrUsage = errors.New("usage")

// Main runs a script until it ends, or Ctrl-C cancels its context. The second
// Ctrl-C ends it at once.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Parse parses the flags, and refuses arguments that are none.
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

// Exit reports an error in one line, and gives the exit code that goes with it.
func Exit(name string, err error, stderr io.Writer) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(stderr, "%s: interrupted\n", name)
		return ExitInterrupted
	}
	text := strings.TrimPrefix(err.Error(), ErrUsage.Error()+": ")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "clarifai: ", ""), "\n", "; ")
	fmt.Fprintf(stderr, "%s: %s\n", name, text)
	// The SDK refuses a value of a flag before it sends anything.
	if errors.Is(err, ErrUsage) || errors.Is(err, clarifai.ErrInvalidArgument) {
		return ExitUsage
	}
	return ExitFailure
}
