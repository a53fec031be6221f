import { t } from "../i18n.js";
import { place } from "../router.js";
import { start } from "../session.js";
import { useStore } from "../store.js";
import { Looks } from "../shell/account.jsx";
import { Logo } from "../shell/logo.jsx";
import { Failure } from "../ui/states.jsx";
import { Forgotten } from "./forgotten.jsx";
import { Reset } from "./reset.jsx";
import { SignIn } from "./sign-in.jsx";

const DOORS = { forgotten: Forgotten, reset: Reset };

/** The doors. Whoever was sent here from a page stays at its address, and is back there once they are in. */
export function SignedOut({ why, problem }) {
  const { path } = useStore(place);
  const Door = Object.hasOwn(DOORS, path) ? DOORS[path] : SignIn;
  return (
    <div class="doors">
      <main id="main">
        <p class="brand">
          <Logo size={36} /> <b>{t("product")}</b>
        </p>
        {problem ? <Failure problem={problem} retry={start} /> : <Door why={why} />}
      </main>
      <footer>
        <Looks />
      </footer>
    </div>
  );
}
