// Files handed in by Uppy at once, as the order says; what became of each is told in one line of JSON.
//
// endpoint, headers, meta (for every file); files: path and name of each; options (of @uppy/tus).

import { readFileSync, writeSync } from "node:fs";
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const order = JSON.parse(process.argv[2]);
const uppy = new Uppy({ meta: order.meta });

uppy.use(Tus, {
  endpoint: order.endpoint,
  headers: order.headers,
  retryDelays: [0, 50, 100, 200, 400],
  ...order.options,
});
for (const { path, name } of order.files) {
  const data = readFileSync(path); // the tus client of Node takes no Blob
  uppy.addFile({ name, type: "video/mp4", data, size: data.length });
}

const { successful, failed } = await uppy.upload();
const told = {
  done: successful.map((file) => ({ name: file.name, url: file.uploadURL })),
  failed: failed.map((file) => ({ name: file.name, error: file.error, status: file.response?.status ?? null })),
};
writeSync(1, `${JSON.stringify(told)}\n`);
process.exit(0); // and not once its connections have rested for their time
