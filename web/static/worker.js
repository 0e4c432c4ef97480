"use strict";

// Starts the compute program in a Web Worker. What the program and the page
// say to each other passes by here untouched; this script adds "progress"
// while the program arrives, and "dead" when it has ended or cannot start.

let dead = false;

function die(text) {
  if (dead) return;
  dead = true;
  postMessage({ kind: "dead", text });
  close();
}

addEventListener("error", (e) => die(`The compute program failed: ${e.message}`));
addEventListener("unhandledrejection", (e) => die(`The compute program failed: ${e.reason}`));

// hold takes a lock for as long as this worker lives. The page asks for it
// too, and so learns of an end that no script can report.
function hold(name) {
  if (!navigator.locks) return;
  return new Promise((held) => {
    navigator.locks.request(name, () => {
      held();
      return new Promise(() => {});
    });
  });
}

async function start({ scripts, program, lock, again }) {
  await hold(lock);
  importScripts(...scripts);
  const go = new Go();
  go.exit = () => {};
  const told = (got) => postMessage({ kind: "progress", got });
  const instance = await inklingDownload(program, told, again, (s) => inklingInstantiate(s, go.importObject));
  await go.run(instance);
  die("The compute program has stopped.");
}

addEventListener("message", ({ data }) => start(data).catch((e) => die(e.message)), { once: true });
