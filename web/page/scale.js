const REST = 800; // ms without another key until a score chosen with keys counts as chosen

/** A tap chooses at once; arrows and digits ("1" then "0" is 10) once they rest, on Enter and space, or when the scale is left. */
export function keysAsDigits(group, radios, save) {
  let rest, tapped, before;
  const now = () => {
    clearTimeout(rest);
    before = "";
    save();
  };
  const wait = () => {
    clearTimeout(rest);
    rest = setTimeout(now, REST);
  };
  group.addEventListener("click", (event) => (tapped = event.detail > 0)); // arrow keys click as well, but nowhere
  group.addEventListener("change", (event) => event.isTrusted && (tapped ? now() : wait()));
  group.addEventListener("focusout", (event) => group.contains(event.relatedTarget) || (rest && now()));
  group.addEventListener("keydown", ({ key, isTrusted, ctrlKey, altKey, metaKey }) => {
    tapped = false;
    if (!isTrusted || ctrlKey || altKey || metaKey) return;
    if (key == " ") setTimeout(now); // once it is checked
    if (!/^\d$/.test(key)) return;
    const score = before == "1" && key == "0" ? 10 : +key;
    before = key;
    radios[score].checked = true;
    radios[score].focus();
    wait();
  });
}
