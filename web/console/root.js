/** The path that everything lies under: `/`, but for a deployment that is reached through one of its own. */
export const ROOT = document.getElementById("console").dataset.root;
export const CONSOLE = `${ROOT}console`;
