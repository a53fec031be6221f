/** So many bytes a file may have; the form that it is sent with says the same. */
const MOST = 256 * 2 ** 20;
const HEAD = 4096;

export const isJson = (file) => /\.(jsonl?|ndjson)$/i.test(file.name);

/** What is wrong with a file that is seen before it is sent: the end of the name of a message `import.wrong.…`; undefined if nothing is. */
export async function wrongWith(file) {
  if (!file) return "none";
  if (!file.size) return "empty";
  if (file.size > MOST) return "large";
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (head.includes(0) || "PK\x03\x04" == String.fromCharCode(...head.slice(0, 4))) return "binary"; // a workbook of Excel is a ZIP file
  if (isJson(file) && new TextDecoder().decode(head).trim().startsWith("[")) return "list";
}
