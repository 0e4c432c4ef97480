"use strict";

// Brings the page to life: fetches its program and, at the same time, starts
// the compute worker and fetches the weights that it will want, so that they
// are there when the program asks. Until then, and when the program cannot
// run, it speaks to the visitor through the elements that came with the page.
(() => {
  const site = JSON.parse(document.getElementById("site").textContent);
  const element = (id) => document.getElementById(id);

  // Before the program runs, and after it has died, nobody else would keep
  // the form from reloading the page.
  document.addEventListener("submit", (e) => e.preventDefault());

  // ---- Telling the visitor

  // A file counts in progress by what of it has to travel.
  const counts = new Map();
  function count(name, file, got) {
    counts.set(name, { got: (got / file.size) * file.transfer, total: file.transfer });
    report();
  }

  let watcher = (got, total) => {
    element("progress").value = got / total;
    element("bytes").textContent = `${(got / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
  };

  function report() {
    let sum = { got: 0, total: 0 };
    for (const c of counts.values()) sum = { got: sum.got + c.got, total: sum.total + c.total };
    watcher(sum.got, sum.total);
  }

  function fail(text, retry) {
    element("loading").hidden = true;
    element("failure").hidden = false;
    element("reason").textContent = text;
    const again = element("again");
    again.hidden = !retry;
    again.onclick = () => {
      element("failure").hidden = true;
      element("loading").hidden = false;
      retry();
    };
  }

  // ---- The compute worker

  // A module with one SIMD instruction: () → v128, i8x16.splat of 0, dropped.
  const simd = () => WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11,
  ]));

  let starts = 0;

  function startWorker() {
    const again = starts++ > 0;
    const program = simd() ? site.worker : site.portable;
    const w = { said: [], deliver: (m) => w.said.push(m) };
    const die = (text) => w.deliver({ kind: "dead", text });
    count("worker", program, 0);
    const lock = `inkling-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    w.worker = new Worker(site.scripts[0]);
    w.worker.onerror = (e) => {
      e.preventDefault();
      die("The compute program could not be started.");
    };
    w.worker.onmessage = ({ data }) => {
      if (data.kind === "progress") {
        count("worker", program, data.got);
        return;
      }
      if (data.kind === "ready") {
        navigator.locks?.request(lock, () => die("The browser has ended the compute program."));
      }
      w.deliver(data);
    };
    w.worker.postMessage({ scripts: site.scripts.slice(1), program, lock, again });
    return w;
  }

  // ---- Weights

  const fetched = new Map();
  const asked = new Set();

  function fetchWeights(name) {
    const file = site.models.find((m) => m.name === name).decoder;
    const counter = (got) => count(name, file, got);
    counter(0);
    const promise = inklingDownload(file, counter, asked.has(name), async (stream) =>
      new Uint8Array(await new Response(stream).arrayBuffer()));
    asked.add(name); // who asks again has had no use of the first
    promise.catch(() => {});
    return promise;
  }

  // ---- The page's program

  async function startPage(again) {
    try {
      count("page", site.page, 0);
      const go = new Go();
      const counter = (got) => count("page", site.page, got);
      const instance = await inklingDownload(site.page, counter, again, (s) => inklingInstantiate(s, go.importObject));
      const ended = () => fail("The page's program has stopped.", () => location.reload());
      go.run(instance).then(ended, ended);
    } catch (e) {
      fail(e.message, () => startPage(true));
    }
  }

  let early;

  // What the page's program calls.
  window.inkling = {
    // watch calls f(got, total) now and whenever more bytes have come.
    watch(f) {
      watcher = f;
      report();
    },
    // openWorker returns a Worker that delivers what it says, the first time
    // the one that has been under way since the page opened.
    openWorker(deliver) {
      const w = early ?? startWorker();
      early = null;
      w.said.forEach(deliver);
      w.deliver = deliver;
      return w.worker;
    },
    // weights returns a promise of a decoder's weights file.
    weights(name) {
      const promise = fetched.get(name) ?? fetchWeights(name);
      fetched.delete(name);
      return promise;
    },
  };
  // go-app asks the page for settings and has sensible values without them.
  window.goappGetenv = () => "";

  // It also looks into the browser's storage, and where the visitor has
  // blocked that would die of it: there it finds one that forgets.
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].length;
    } catch {
      const kept = new Map();
      Object.defineProperty(window, name, {
        value: {
          get length() { return kept.size; },
          key: (i) => [...kept.keys()][i] ?? null,
          getItem: (k) => kept.get(k) ?? null,
          setItem: (k, v) => { kept.set(k, v); },
          removeItem: (k) => { kept.delete(k); },
          clear: () => kept.clear(),
        },
      });
    }
  }

  if (typeof WebAssembly !== "object") {
    fail("This browser has no WebAssembly, which the digits are computed with. Any Chrome, Edge, Firefox or Safari of the last years has it, unless it was switched off.");
    return;
  }
  if (typeof Go === "undefined" || typeof inklingDownload === "undefined") {
    fail("Part of the page could not be fetched. Is there a network?", () => location.reload());
    return;
  }
  early = startWorker();
  const wanted = new URLSearchParams(location.search).get("model");
  const model = site.models.find((m) => m.name === wanted) ?? site.models[0];
  fetched.set(model.name, fetchWeights(model.name));
  startPage(false);
})();
