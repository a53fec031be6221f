import { useEffect, useRef } from "preact/hooks";
import { t, useLocale } from "./i18n.js";
import { session } from "./session.js";
import { useStore } from "./store.js";
import { Shell } from "./shell/shell.jsx";
import { SignedOut } from "./sign-in/signed-out.jsx";
import { Questions } from "./ui/dialog.jsx";
import { Toasts } from "./ui/toasts.jsx";

/** Everything: the pages for who is signed in, the doors for who is not. Another language shows it all anew, and no request is made again. */
export function App() {
  const locale = useLocale();
  const { state, user, why, problem } = useStore(session);
  const spoken = useRef(locale);
  useEffect(() => {
    if (state == "starting") document.title = t("product");
  }, [state]);
  useEffect(() => {
    if (spoken.current != locale) document.querySelector(".looks select")?.focus(); // where the language was chosen
    spoken.current = locale;
  }, [locale]);
  return (
    <div key={locale} class="app">
      {state == "starting" && (
        <p class="starting" role="status">
          <span class="spinner" aria-hidden="true" /> {t("state.loading")}
        </p>
      )}
      {state == "out" && <SignedOut why={why} problem={problem} />}
      {state == "in" && <Shell user={user} />}
      <Questions />
      <Toasts />
    </div>
  );
}
