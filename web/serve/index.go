package main

import (
	"html/template"
	"io"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"inkling/web"
)

// The page as it is before its program runs. go-app's own page is not used:
// it forbids zooming, names icons on another host, counts compressed bytes
// against plain ones, and installs a service worker that takes the files of
// open pages away.
var index = template.Must(template.New("index").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3eee3">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#14171f">
<meta name="description" content="Handwritten digits, imagined by a neural network in your own browser.">
<title>Inkling</title>
<link rel="icon" type="image/svg+xml" href="{{index .Files "icon.svg"}}">
<link rel="apple-touch-icon" href="{{index .Files "icon-180.png"}}">
<link rel="stylesheet" href="{{index .Files "inkling.css"}}">
<script type="application/json" id="site">{{.Site}}</script>
<script defer src="{{index .Files "wasm_exec.js"}}"></script>
<script defer src="{{index .Files "download.js"}}"></script>
<script defer src="{{index .Files "boot.js"}}"></script>
</head>
<body>
{{.Body}}
<noscript><p>The digits are computed in your browser, which takes JavaScript and WebAssembly. JavaScript is switched off here.</p></noscript>
</body>
</html>
`))

// writeIndex writes the page. The first element of its body is the view as
// the program will render it.
func writeIndex(w io.Writer, site web.Site, files map[string]string) error {
	return index.Execute(w, struct {
		Site  web.Site
		Files map[string]string
		Body  template.HTML
	}{site, files, template.HTML(app.HTMLString(web.NewGenerate(site, nil, nil)))})
}
