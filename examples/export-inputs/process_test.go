package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain runs the script instead of the tests in a process started by command.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_SCRIPT") == "" {
		os.Exit(m.Run())
	}
	// A file size limit simulates a full disk.
	if limit, err := strconv.ParseUint(os.Getenv("FILE_SIZE_LIMIT"), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			panic(err)
		}
	}
	main()
}

// command returns a command that runs the script in a separate process.
func command(t *testing.T, args ...string) (_ *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), "RUN_SCRIPT=1")
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	return cmd, stderr
}

func TestSurvivesKill(t *testing.T) {
	want := whole(t)
	for _, args := range []string{"-per-page 2", "-per-page 2 -by-page", "-per-page 3 -by-page -prefetch 2"} {
		path := filepath.Join(t.TempDir(), "out")
		for kills := 0; ; kills++ {
			cmd, stderr := command(t, append(strings.Fields(args), "-sample", "-out", path)...)
			grown := size(path) + 1 + rand.Int64N(int64(len(want)/8))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			var err error
			for killed := false; ; {
				select {
				case err = <-ended:
				case <-time.After(time.Duration(rand.IntN(2000)) * time.Microsecond):
					if !killed && size(path) >= grown {
						_ = cmd.Process.Kill()
						killed = true
					}
					continue
				}
				break
			}
			if err == nil {
				t.Logf("%s: killed %d times", args, kills)
				break
			}
			if cmd.ProcessState.Exited() {
				t.Fatalf("%s: %v: %s", args, err, stderr)
			}
		}
		if read(t, path) != want {
			t.Errorf("%s: the file is not the same", args)
		}
	}
}

// size returns the size of a file, or 0 if the file does not exist.
func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// endsBy starts the script, sends it a signal after its first output, and checks
// how it exits.
func endsBy(t *testing.T, s syscall.Signal, code int, word string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "out")
	cmd, stderr := command(t, "-sample", "-out", path, "-per-page", "10", "-rate", "10")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for size(path) == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	file := read(t, path)
	end := fmt.Sprintf("\nexport-inputs: %s; %s has %d inputs; run the same command again to resume\n", word, path, strings.Count(file, "\n"))
	if got := cmd.ProcessState.ExitCode(); got != code || !strings.HasSuffix(stderr.String(), end) || strings.Count(stderr.String(), "\n") != 2 {
		t.Errorf("got %d and %q, want %d and %q", got, stderr, code, end)
	}
	return path
}

func TestResumesAfterASignal(t *testing.T) {
	want := whole(t)
	for _, path := range []string{endsBy(t, syscall.SIGINT, 130, "interrupt"), endsBy(t, syscall.SIGTERM, 143, "terminated")} {
		if file := read(t, path); !strings.HasPrefix(want, file) || !strings.HasSuffix(file, "\n") || file == want {
			t.Errorf("the file has %d bytes, which are not the first lines", len(file))
		}
		if code, stderr := start(t, t.Context(), "-sample", "-out", path); code != 0 || read(t, path) != want {
			t.Errorf("then got %d, %q and another file", code, stderr)
		}
	}
}

func TestFullDiskLeavesCompleteLinesAndReportsTheirNumber(t *testing.T) {
	want := whole(t)
	for _, args := range []string{"", "-by-page -prefetch 1", "-per-page 100", "-per-page 1"} {
		path := filepath.Join(t.TempDir(), "out")
		cmd, stderr := command(t, append(strings.Fields(args), "-sample", "-out", path)...)
		cmd.Env = append(cmd.Env, "FILE_SIZE_LIMIT=16384")
		_ = cmd.Run()
		file := read(t, path)
		lines := strings.Count(file, "\n")
		end := fmt.Sprintf("\nexport-inputs: write %s: file too large; %s has %d inputs; run the same command again to resume\n", path, path, lines)
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.HasSuffix(stderr.String(), end) || strings.Count(stderr.String(), "\n") != 2 {
			t.Errorf("%s: got %d and %q, want %q", args, code, stderr, end)
		}
		if !strings.HasPrefix(want, file) || !strings.HasSuffix(file, "\n") || lines < 40 {
			t.Errorf("%s: the file has %d bytes and %d lines", args, len(file), lines)
		}
		if code, stderr := start(t, t.Context(), append(strings.Fields(args), "-sample", "-out", path)...); code != 0 || read(t, path) != want {
			t.Errorf("%s: then got %d, %q and another file", args, code, stderr)
		}
	}
}

func TestClosedOrFullStandardOutput(t *testing.T) {
	cmd, stderr := command(t, "-sample", "-out", "-", "-per-page", "10")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, 16)); err != nil {
		t.Fatal(err)
	}
	stdout.Close()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 141 || !strings.Contains(stderr.String(), "\nexport-inputs: standard output was closed by its reader; ") || strings.Count(stderr.String(), "\n") != 2 {
		t.Errorf("got %d and %q", code, stderr)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	cmd, stderr = command(t, "-sample", "-out", "-")
	cmd.Stdout = full
	_ = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.HasSuffix(stderr.String(), "\nexport-inputs: write /dev/stdout: no space left on device; 0 inputs have been written\n") {
		t.Errorf("got %d and %q", code, stderr)
	}
}

// Pages being fetched ahead do not delay the exit after a write error.
func TestWriteErrorStopsImmediately(t *testing.T) {
	ahead := make(chan struct{}, 3)
	handle(t, func(w http.ResponseWriter, r *http.Request) {
		switch page := r.URL.Query().Get("page"); page {
		case "1":
			_, _ = io.WriteString(w, `{"status":{"code":10000},"inputs":[{"id":"i0"}]}`)
		case "":
			w.WriteHeader(http.StatusForbidden) // the request for the total
		default:
			ahead <- struct{}{}
			<-r.Context().Done()
		}
	})
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"-out", "-", "-by-page", "-prefetch", "3"}, failing{ahead}, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "short write") {
		t.Errorf("got %d and %q", code, &stderr)
	}
}

// failing is a writer that fails once three pages are being fetched ahead.
type failing struct{ ahead chan struct{} }

func (f failing) Write([]byte) (int, error) {
	for range 3 {
		<-f.ahead
	}
	return 0, io.ErrShortWrite
}
