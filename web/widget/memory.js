/**
 * What this browser remembers of a survey: `{quiet, answered, displays, coin, answer}`.
 * `quiet` is until when (ms) it does not ask of itself, `answered` that this is because somebody answered, `coin` the visitor's lot (0–100).
 * Where storage is refused, full or broken, it remembers as long as the page lives.
 */
export function memoryOf(survey, forgetful) {
  const key = `recomenda:${survey}`;
  let known = {};

  const get = () => {
    if (!forgetful)
      try {
        const kept = JSON.parse(localStorage.getItem(key));
        known = kept && typeof kept == "object" ? kept : {};
      } catch {
        // what is known stays
      }
    return known;
  };

  const set = (change) => {
    known = { ...get(), ...change };
    try {
      forgetful || localStorage.setItem(key, JSON.stringify(known));
    } catch {
      forgetful = true;
    }
  };

  return { key, get, set };
}
