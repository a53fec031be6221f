/** Colours that can be read, whatever the theme's colour is (WCAG 2.2, relative luminance and contrast ratio). Colours are `#rrggbb`. */

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

const luminance = (colour) =>
  channels(colour).reduce((sum, value, at) => {
    const part = value / 255;
    return sum + [0.2126, 0.7152, 0.0722][at] * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);

/** 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** `colour`, as far darkened or lightened as it takes to be read on `ground`. */
export function readable(colour, ground, wanted = 4.5) {
  const end = luminance(ground) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step++) {
    const mixed = `#${channels(colour)
      .map((value) => Math.round(value + ((end - value) * step) / 20).toString(16).padStart(2, "0"))
      .join("")}`;
    if (contrast(mixed, ground) >= wanted) return mixed;
  }
}

/** White or black, whichever reads better on `colour`; white where both do. */
export const textOn = (colour) => (contrast(colour, "#ffffff") >= 4.5 ? "#ffffff" : "#000000");
