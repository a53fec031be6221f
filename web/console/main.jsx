/** The console. The address says what is shown, the API what there is, and a cookie that no script reads who is asking. */
import { render } from "preact";
import { App } from "./app.jsx";
import { speak, wantedLocale } from "./i18n.js";
import { applyTheme, preferences } from "./preferences.js";
import { pageOf } from "./pages/index.js";
import { listen, place } from "./router.js";
import { session, start } from "./session.js";

const speakAsWanted = () => speak(wantedLocale(session.get().user?.locale));

applyTheme();
preferences.subscribe(() => {
  applyTheme();
  speakAsWanted();
});
session.subscribe(speakAsWanted);
listen();
start();
pageOf(place.get().path || "overview")
  .page?.load()
  .catch(() => {}); // meanwhile: it is wanted once it is known who is here, and missed then
speakAsWanted().then(() => render(<App />, document.getElementById("console")));
