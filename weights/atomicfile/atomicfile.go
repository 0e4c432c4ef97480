// Package atomicfile writes files whole or not at all.
package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// File is a file to be.
type File struct {
	Name string // within its folder
	Data []byte
}

// Write puts files into dir, making the folder if need be. Whatever happens, at
// each name is either the file that was there before or the whole new one: all
// of them are written beside their places and flushed to the disk before the
// first is renamed.
func Write(dir string, files ...File) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	beside := make([]string, len(files))
	defer func() {
		if err != nil {
			for _, name := range beside {
				os.Remove(name)
			}
		}
	}()
	for i, f := range files {
		if beside[i], err = writeBeside(dir, f); err != nil {
			return err
		}
	}
	for i, f := range files {
		if err := os.Rename(beside[i], filepath.Join(dir, f.Name)); err != nil {
			return err
		}
	}
	return syncFolder(dir)
}

// writeBeside writes a file under a name of its own, which it returns if there
// is anything of that name to remove.
func writeBeside(dir string, f File) (name string, err error) {
	temp, err := os.CreateTemp(dir, "."+f.Name+".*")
	if err != nil {
		return "", err
	}
	_, err = temp.Write(f.Data)
	// CreateTemp makes files for their owner alone.
	return temp.Name(), errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
}

// syncFolder flushes the renames.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	d.Sync() // fails without harm where folders cannot be flushed, as on Windows
	return d.Close()
}
