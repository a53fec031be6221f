import { readable, textOn } from "./contrast.js";

const LIGHT = { ground: "#ffffff", soft: "#f1f3f6", line: "#dfe3e8", text: "#1a1d21", muted: "#565c65" };
const DARK = { ground: "#1c1f25", soft: "#2a2e36", line: "#3a3f49", text: "#f3f4f6", muted: "#b4bac4" };

const colours = (ground, colour, scheme) => {
  const all = { ...ground, fill: colour, "on-fill": textOn(colour), ink: readable(colour, ground.soft) };
  return `:host{color-scheme:${scheme}!important;${Object.entries(all).map(([name, value]) => `--${name}:${value}!important`).join(";")}}`;
};

/** The style sheet of a theme: `{colour, dark}`. Constructed, so it needs no `style-src` of the host page. */
export function styleOf({ colour, dark }) {
  const light = colours(LIGHT, colour, "light");
  const night = colours(DARK, colour, "dark");
  const sheet = new CSSStyleSheet();
  // STYLE is ask.css: the build puts it here, minified
  sheet.replaceSync(STYLE + (dark == "always" ? night : dark == "never" ? light : `${light}@media(prefers-color-scheme:dark){${night}}`));
  return sheet;
}
