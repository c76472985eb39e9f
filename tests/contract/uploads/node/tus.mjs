// One upload by tus-js-client, as the order says; what became of it is told in one line of JSON.
//
// path, metadata, headers, options (of tus-js-client); source: "file", "stream" or "buffer";
// urls: file that remembers addresses of uploads; at, then: after so many bytes "die" or "terminate".

import { createReadStream, readFileSync, writeSync } from "node:fs";
import { PassThrough } from "node:stream";
import { FileUrlStorage, Upload } from "tus-js-client";

const order = JSON.parse(process.argv[2]);
const asked = [];

let told = false;

function tell(outcome, more = {}) {
  told = true;
  writeSync(1, `${JSON.stringify({ outcome, url: upload.url, asked, ...more })}\n`);
}

function source() {
  if (order.source === "buffer") return readFileSync(order.path);
  const file = createReadStream(order.path);
  return order.source === "stream" ? file.pipe(new PassThrough()) : file;
}

async function end() {
  if (order.then === "die") {
    tell("died");
    process.kill(process.pid, "SIGKILL");
  }
  await upload.abort(true);
  tell("terminated");
}

process.on("exit", () => {
  if (!told) tell("stalled"); // the client waits for nothing any more, and has said nothing
});

let ending = false;

const upload = new Upload(source(), {
  retryDelays: [0, 50, 100, 200, 400],
  ...order.options,
  endpoint: order.endpoint,
  headers: order.headers,
  metadata: order.metadata,
  urlStorage: order.urls ? new FileUrlStorage(order.urls) : undefined,
  storeFingerprintForResuming: Boolean(order.urls),
  onAfterResponse: (request, response) => {
    asked.push(`${request.getMethod()} ${response.getStatus()}`);
  },
  onChunkComplete: (_size, accepted) => {
    if (ending || order.at === undefined || accepted < order.at) return;
    ending = true;
    end();
  },
  onSuccess: () => tell("done"),
  onError: (error) =>
    tell("failed", {
      message: error.message,
      status: error.originalResponse?.getStatus() ?? null,
      body: error.originalResponse?.getBody() ?? null,
    }),
});

const earlier = order.urls ? await upload.findPreviousUploads() : [];
if (earlier.length > 0) upload.resumeFromPreviousUpload(earlier[0]);
upload.start();
