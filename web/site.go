package web

// Site tells the page where the files that it loads lie. It stands in the
// page as JSON, in the element with id "site".
type Site struct {
	// Page is the program of the page, Worker that of the compute worker, and
	// Portable the worker's program for browsers without WebAssembly's SIMD.
	Page     File `json:"page"`
	Worker   File `json:"worker"`
	Portable File `json:"portable"`
	// Scripts are what the worker runs, in order: the first starts it and
	// loads the others.
	Scripts []string `json:"scripts"`
	// Models are the released models, that of a bare link first.
	Models []Model `json:"models"`
}

// File is a file of the site.
type File struct {
	URL string `json:"url"` // relative to the page
	// Size is the file's length in bytes and Transfer what travels, mostly
	// less, since files travel compressed. A program that reads a response
	// counts in the former, a visitor in the latter.
	Size     int `json:"size"`
	Transfer int `json:"transfer"`
}

// Model is a released model.
type Model struct {
	Name    string `json:"name"`
	Decoder File   `json:"decoder"`
}

// Names returns the models' names.
func (s Site) Names() []string {
	names := make([]string, len(s.Models))
	for i, m := range s.Models {
		names[i] = m.Name
	}
	return names
}
