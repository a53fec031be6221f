/**
 * The console's pages, in the order of the menu. Each is shown to those whose role has its `scope`, and loaded when it is opened: `load` gives
 * a module whose default export is the page. `path` is its address below the console, `icon` a drawing of ui/icons.jsx, and the message
 * `nav.PATH` its name. `ofSurvey` pages show one survey, chosen in the menu. `deep` pages have addresses of their own below theirs.
 */
export const PAGES = [
  { path: "overview", scope: "scores:read", icon: "overview", ofSurvey: true, load: () => import("./overview/overview.jsx") },
  { path: "answers", scope: "answers:read", icon: "answers", ofSurvey: true, load: () => import("./answers/answers.jsx") },
  { path: "segments", scope: "scores:read", icon: "segments", ofSurvey: true, load: () => import("./segments/segments.jsx") },
  { path: "journey", scope: "scores:read", icon: "journey", ofSurvey: true, load: () => import("./journey/journey.jsx") },
  { path: "surveys", scope: "surveys", icon: "surveys", deep: true, load: () => import("./surveys/surveys.jsx") },
  { path: "channels", scope: "channels", icon: "channels", deep: true, load: () => import("./channels/channels.jsx") },
  { path: "privacy", scope: "privacy", icon: "privacy", deep: true, load: () => import("./privacy/privacy.jsx") },
  { path: "settings", icon: "settings", load: () => import("./settings/settings.jsx") },
].filter((page) => page.load); // those without are being built

/** The page of an address, and what of the address lies below its own. */
export function pageOf(path) {
  const [first, ...below] = path.split("/");
  const page = PAGES.find((each) => each.path == first);
  return page && (page.deep || !below.length) ? { page, below: below.map(decodeURIComponent) } : {};
}
