/** A chart as a file: its figures as CSV, its drawing as PNG. Names and contents tell of groups and days, never of people. */
import { locale } from "../i18n.js";

export function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A cell; a text that a spreadsheet would take for a formula is kept from it. */
function cell(value, comma) {
  if (value == null) return "";
  if (typeof value == "number") return comma ? String(value).replace(".", ",") : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as spreadsheets of the language open them: with semicolons and decimal commas but for English, and marked as UTF-8. */
export function csvOf(columns, rows) {
  const comma = locale() != "en";
  const lines = [columns, ...rows].map((row) => row.map((each) => cell(each, comma)).join(comma ? ";" : ","));
  return new Blob(["\uFEFF", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
}

const SHOWN = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
  "text-anchor",
  "dominant-baseline",
  "paint-order",
  "visibility",
];
const SCALE = 2;
const EDGE = 24;
const HEAD = 64;

/** The drawing with its style in its own attributes, as it has none where it is drawn anew. */
function alone(svg) {
  const copy = svg.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  [svg, ...svg.querySelectorAll("*")].forEach((each, at) => {
    const style = getComputedStyle(each);
    for (const name of SHOWN) copies[at].setAttribute(name, style.getPropertyValue(name));
    copies[at].removeAttribute("class");
    copies[at].removeAttribute("style");
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return { source: new XMLSerializer().serializeToString(copy), width, height };
}

/** The chart with its title above it, twice as large as on the screen, on the ground it stands on. */
export async function pngOf(svg, title, subtitle) {
  const { source, width, height } = alone(svg);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * EDGE) * SCALE;
  canvas.height = (height + HEAD + 2 * EDGE) * SCALE;
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(svg.closest(".card") ?? document.body);
  pen.scale(SCALE, SCALE);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = style.color;
  pen.font = `600 18px ${style.fontFamily}`;
  pen.fillText(title, EDGE, EDGE + 18, width);
  pen.font = `13px ${style.fontFamily}`;
  pen.fillText(subtitle, EDGE, EDGE + 40, width);
  pen.drawImage(image, EDGE, EDGE + HEAD, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
