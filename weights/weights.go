// Package weights holds the released models, embedded: a folder each, which
// safetensors.ReadModel reads. README.md describes them. The browser's programs
// do not import it, since they would carry every model.
package weights

import (
	"embed"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed */*.safetensors
var files embed.FS

// Released returns all the models' files, as NAME/decoder.safetensors and so on.
func Released() fs.FS { return files }

// Names returns the names of the models, sorted.
func Names() []string {
	decoders, err := fs.Glob(files, "*/decoder.safetensors")
	if err != nil {
		panic(err) // the pattern is at fault, not the files
	}
	for i, name := range decoders {
		decoders[i] = path.Dir(name)
	}
	return decoders
}

// Open returns the folder of the model of that name.
func Open(name string) (fs.FS, error) {
	if names := Names(); !slices.Contains(names, name) {
		return nil, errors.New("no released model is called " + strconv.Quote(name) + ", there are: " + strings.Join(names, ", "))
	}
	return fs.Sub(files, name)
}
