package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"inkling/train/fit"
)

// logFile is a run's log: one fit.Record a line, as JSON.
type logFile struct{ *os.File }

// openLog opens a run's log. A resumed run continues the file after an
// iteration: lines of later ones, which a killed run wrote after its last
// checkpoint and will write again, are cut off, and so is a line that was never
// finished. A new run wants an empty file or one that is no regular file.
func openLog(path string, resumed bool, iteration int) (*logFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		if resumed {
			err = cutLog(f, iteration)
		} else {
			err = fmt.Errorf("%s is not empty: remove it, or choose another -log", path)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &logFile{f}, nil
}

// cutLog truncates the file after the lines up to an iteration and leaves the
// position there. A file that holds something else is an error and stays.
func cutLog(f *os.File, iteration int) error {
	var end int64
	in := bufio.NewReader(f)
	for last := 0; ; {
		line, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		if err == io.EOF && (len(line) == 0 || end > 0 || line[0] == '{') {
			break
		}
		var record fit.Record
		if json.Unmarshal(line, &record) != nil || record.Iteration <= last {
			return fmt.Errorf("%s is not the log of a run: choose another -log", f.Name())
		}
		if record.Iteration > iteration {
			break
		}
		last = record.Iteration
		end += int64(len(line))
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err := f.Seek(end, io.SeekStart)
	return err
}

func (l *logFile) write(r fit.Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = l.Write(append(line, '\n'))
	return err
}
