import { post, remove } from "../../api.js";
import { Problem } from "../../problem.js";
import { address, go } from "../../router.js";
import { whenLeft } from "../../session.js";
import { store } from "../../store.js";

/** Files on their way to their bucket, by their imports' ids: `{done, total}`, or the `problem` there was and how to begin `again`. */
export const sending = store({});
const requests = new Map();
const note = (id, what) => sending.set(({ [id]: _, ...others }) => (what ? { ...others, [id]: what } : others));
const stayHere = (event) => event.preventDefault();
whenLeft(() => {
  [...requests.keys()].forEach(stop);
  sending.set({});
});

/** Begin an import and show its page; its file goes, and is checked then, whatever page of the console is looked at meanwhile. */
export async function begin(path, here, options, file) {
  const { import_id, upload } = await post(path, options);
  const mine = `${path}/${import_id}`;
  note(import_id, { done: 0, total: file.size });
  go(address(`${here}/${import_id}`));
  const failed = await send(import_id, upload, file);
  const isStopped = !requests.delete(import_id);
  if (!requests.size) removeEventListener("beforeunload", stayHere);
  if (isStopped) return;
  if (failed) {
    const again = () => begin(path, here, options, file).catch((problem) => note(import_id, { problem, again }));
    note(import_id, { problem: failed, again });
    return void remove(mine).catch(() => {}); // what was begun in vain is gone in a day anyway
  }
  await post(`${mine}/check`).catch(() => {}); // the import's own page asks for it again
  note(import_id);
}

/** Send a file no further. */
export function stop(id) {
  const request = requests.get(id);
  requests.delete(id);
  request?.abort();
}

/** What is on its way no longer. */
export const forgetSending = (id) => note(id);

/**
 * By XMLHttpRequest, which alone tells how far it is. No credential of ours goes along, nor the file's name: S3 looks at the form's signature.
 * Resolves to the problem there was, if there was one.
 */
function send(id, { url, fields }, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, "file");
  const request = new XMLHttpRequest();
  requests.set(id, request);
  addEventListener("beforeunload", stayHere);
  return new Promise((resolve) => {
    request.upload.onprogress = ({ loaded }) => note(id, { done: Math.min(loaded, file.size), total: file.size });
    request.onload = () => resolve(request.status < 300 ? undefined : new Problem(503));
    request.onerror = request.onabort = () => resolve(new Problem(0));
    request.open("POST", url);
    request.send(form);
  });
}
