package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	dir := t.TempDir()
	if err := serve(t.Context(), "localhost:0", dir); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("an empty folder gives error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}

	taken, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := serve(t.Context(), taken.Addr().String(), dir); err == nil || !strings.Contains(err.Error(), "already served") {
		t.Errorf("a port that is taken gives error %v", err)
	}
	if err := serve(t.Context(), "localhost:http:x", dir); err == nil || !strings.Contains(err.Error(), "-addr") {
		t.Errorf("an address that is none gives error %v", err)
	}

	// A server that is asked to stop does so without complaint.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := serve(ctx, "localhost:0", dir); err != nil {
		t.Errorf("stopping gives error %v", err)
	}
}

func TestShown(t *testing.T) {
	port := &net.TCPAddr{IP: net.IPv4zero, Port: 8000}
	for asked, want := range map[string]string{
		"localhost:8000": "localhost:8000",
		"localhost:0":    "localhost:8000",
		":8000":          "localhost:8000",
		"[::1]:8000":     "[::1]:8000",
	} {
		if got := shown(asked, port); got != want {
			t.Errorf("%s is shown as %s, want %s", asked, got, want)
		}
	}
}
