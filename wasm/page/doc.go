// Command page is the program of the page's user interface. It joins the
// components of package web to the browser and to the compute worker.
package main
