// Package static holds the hand-written files of the page: scripts, style and
// icons.
package static

import "embed"

// Files are the scripts, the style sheet and the icons.
//
//go:embed *.js *.css *.svg *.png
var Files embed.FS
