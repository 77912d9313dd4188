package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A sealed memory file simulates a file that cannot be truncated.
func TestFailsIfAnIncompleteLineCannotBeRemoved(t *testing.T) {
	fd, err := unix.MemfdCreate("export", unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(fd)
	const content = "{\"id\":\"known\"}\n{\"id\":\"ha"
	if _, err := unix.Write(fd, []byte(content)); err != nil {
		t.Fatal(err)
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
		t.Fatal(err)
	}
	answers(t, `{"id":"i1"}`, "")
	path := fmt.Sprintf("/proc/self/fd/%d", fd)
	if code, stderr := start(t, t.Context(), "-out", path); code != 1 || !strings.Contains(stderr, "truncate "+path) || read(t, path) != content {
		t.Errorf("got %d, %q and %q", code, stderr, read(t, path))
	}
}

// inTerminal runs the script in a terminal of the given width and returns its
// output.
func inTerminal(t *testing.T, width uint16, args ...string) string {
	t.Helper()
	control, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer control.Close()
	number, err := unix.IoctlGetInt(int(control.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(control.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(control.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	cmd, _ := command(t, args...)
	cmd.Stderr = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	shown, _ := io.ReadAll(control) // returns an error when the script has exited
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, shown)
	}
	return string(shown)
}

func TestShowsABarInAWideTerminal(t *testing.T) {
	for width, want := range map[uint16]bool{100: true, 80: true, 79: false, 0: false} {
		path := filepath.Join(t.TempDir(), "out")
		shown := inTerminal(t, width, "-sample", "-out", path, "-per-page", "100")
		end := "export-inputs: 250 inputs are in " + path + ", 250 of them new\r\n"
		if want {
			end = "(250/250, "
		}
		if got := strings.Contains(shown, "██"); got != want || !strings.Contains(shown, end) {
			t.Errorf("width %d: got\n%s", width, shown)
		}
		for line := range strings.SplitSeq(shown, "\r\n") {
			if strings.Contains(line, "██") && strings.Contains(line, "are in") {
				t.Errorf("width %d: what follows the bar is on its line: %q", width, line)
			}
		}
	}
}
