// Package web is the page: the go-app components that a visitor sees, the
// links that keep their state, and the client of the compute worker. It knows
// the worker by its messages alone (package wire), so that the page's program
// carries no network and no server.
//
// Natively the package renders the page that is shown before the program has
// arrived, and its parts without a browser are tested; what needs one lies in
// the files that end in _js.go.
package web
