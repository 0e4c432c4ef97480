// Package wire is what the page and the compute worker say to each other, and
// nothing else: the kinds of message, how each lies in a JavaScript object,
// and the checks that a message passes before either side believes it.
//
// The page sends requests (Load, Generate, Cancel), each with an id of its
// own choice. The worker answers with the same id: Load with Loaded, Generate
// with Digits until all have come, either of them with Failed instead. Ready
// and Dead have no id: they tell that the worker's program runs, and that it
// never will again.
//
// A message is a flat JavaScript object of numbers, strings and typed arrays.
// The arrays' buffers are transferred, not copied, between the two threads.
package wire
