import { store } from "./store.js";

/** What alone is kept in the browser: how somebody likes the console to look. Nothing of it says who they are or what they saw. */
const KEPT = "recomenda.console";
export const THEMES = ["auto", "light", "dark"];

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {}; // storage is switched off, or holds what we did not write
  }
}

export const preferences = store(kept());

export function prefer(changes) {
  preferences.set((now) => ({ ...now, ...changes }));
  try {
    localStorage.setItem(KEPT, JSON.stringify(preferences.get()));
  } catch {
    // it lasts as long as the page then
  }
}

/** Light, dark, or as the system has it. */
export function applyTheme() {
  const { theme } = preferences.get();
  if (theme == "light" || theme == "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
