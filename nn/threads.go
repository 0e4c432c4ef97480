package nn

import (
	"sync"
	"sync/atomic"
)

// threads runs numbered tasks on a fixed number of goroutines, which wait
// between runs. Tasks are taken in order by whoever is free; what they compute
// must not depend on who that is.
type threads struct {
	n    int
	task func(thread, i int)
	last int64
	next atomic.Int64
	wake chan int
	done sync.WaitGroup
}

func newThreads(n int) *threads {
	t := &threads{n: max(n, 1), wake: make(chan int)}
	for i := 1; i < t.n; i++ {
		go func() {
			for thread := range t.wake {
				t.work(thread)
				t.done.Done()
			}
		}()
	}
	return t
}

// run calls task for 0 ≤ i < tasks and returns when all are done. task must be
// a function that exists already: a new closure would be allocated.
func (t *threads) run(tasks int, task func(thread, i int)) {
	t.task, t.last = task, int64(tasks)
	t.next.Store(0)
	helpers := min(t.n, tasks) - 1
	t.done.Add(max(helpers, 0))
	for i := 1; i <= helpers; i++ {
		t.wake <- i
	}
	t.work(0)
	t.done.Wait()
}

func (t *threads) work(thread int) {
	for {
		i := t.next.Add(1) - 1
		if i >= t.last {
			return
		}
		t.task(thread, int(i))
	}
}

// close ends the goroutines.
func (t *threads) close() { close(t.wake) }
