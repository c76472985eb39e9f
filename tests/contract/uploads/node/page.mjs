// A shop's page: Uppy in a browser, with a server of another origin. The page's own server says what to hand in
// (/order), has the files, and is told what became of it (/told).

import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const order = await (await fetch("/order")).json();

function tell(what) {
  return fetch("/told", { method: "POST", body: JSON.stringify(what), keepalive: true });
}

async function receipt(url) {
  const answer = await fetch(url, { headers: order.headers });
  return (await answer.json()).receipt;
}

async function reads(path) {
  try {
    return (await fetch(new URL(path, order.endpoint), { headers: order.headers })).status;
  } catch {
    return "kept from this page";
  }
}

const uppy = new Uppy({ meta: order.meta, autoProceed: false });
uppy.use(Tus, {
  endpoint: order.endpoint,
  headers: order.headers,
  retryDelays: [0, 50, 100, 200, 400],
  ...order.options,
});
for (const name of order.files) {
  const data = await (await fetch(`/files/${encodeURIComponent(name)}`)).arrayBuffer();
  // The same instant in every life of the page: by name, type, size and instant Uppy knows a file again.
  uppy.addFile({ name, type: "video/mp4", data: new File([data], name, { lastModified: 1_700_000_000_000 }) });
}

const firstLife = sessionStorage.getItem("left") === null;
if (firstLife && order.reload_at) {
  uppy.on("upload-progress", (_file, progress) => {
    if (progress.bytesUploaded < order.reload_at) return;
    sessionStorage.setItem("left", String(progress.bytesUploaded));
    location.reload();
  });
}

if (order.cancel_at) {
  uppy.on("upload-progress", async (file, progress) => {
    if (progress.bytesUploaded < order.cancel_at || !uppy.getFile(file.id)) return;
    const url = uppy.getFile(file.id).tus.uploadUrl;
    uppy.cancelAll();
    let state = "receiving";
    while (state === "receiving") state = (await (await fetch(url, { headers: order.headers })).json()).state;
    await tell({ url, state });
  });
}

const { successful = [], failed = [] } = (await uppy.upload()) ?? {};
if (!order.cancel_at) await tell({
  done: await Promise.all(
    successful.map(async (file) => ({ name: file.name, url: file.uploadURL, receipt: await receipt(file.uploadURL) })),
  ),
  failed: failed.map((file) => ({
    name: file.name,
    status: file.response?.status || null, // 0 where the browser kept the answer from the page
    body: file.response?.body.xhr.responseText ?? "",
  })),
  left: sessionStorage.getItem("left"),
  cases: await reads("/v1/cases"),
});
