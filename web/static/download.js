"use strict";

// inklingDownload fetches a file of the site and resolves to what use makes of
// its stream of bytes. It tells count how many have come so far, in the file's
// own bytes: what travels is compressed, and Content-Length would count that.
// A file that ends early is an error, as is any answer but a success. With
// again set, caches are passed by: one of them may hold what failed before.
async function inklingDownload(file, count, again, use) {
  const name = file.url.split("/").pop().replace(/\.[0-9a-f]{12}\./, ".");
  let response;
  try {
    response = await fetch(file.url, again ? { cache: "reload" } : {});
  } catch {
    throw new Error(`${name} could not be fetched. Is there a network?`);
  }
  if (!response.ok) throw new Error(`${name} could not be fetched: the server answers ${response.status}.`);
  const reader = response.body.getReader();
  let got = 0;
  let fault; // kept aside, because who reads the stream is told little of it
  const counted = new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => {
        throw (fault = new Error(`${name} broke off after ${got} of ${file.size} bytes.`));
      });
      if (!done) {
        got += value.byteLength;
        count(got);
        controller.enqueue(value);
      } else if (got === file.size) {
        controller.close();
      } else {
        throw (fault = new Error(`${name} has ${got} bytes and should have ${file.size}.`));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  try {
    return await use(counted);
  } catch (e) {
    throw fault ?? new Error(`${name} can't be used: ${e.message}`);
  }
}

// inklingInstantiate compiles a program while it arrives.
async function inklingInstantiate(stream, imports) {
  // Whatever the server calls it: the browser insists on this name.
  const response = new Response(stream, { headers: { "Content-Type": "application/wasm" } });
  if (!WebAssembly.instantiateStreaming) {
    return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
  }
  return (await WebAssembly.instantiateStreaming(response, imports)).instance;
}
