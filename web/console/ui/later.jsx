import { useEffect, useState } from "preact/hooks";
import { Page } from "./page.jsx";
import { Failure, Skeleton } from "./states.jsx";

/** What is loaded when it is opened: `children` shows the default export of the module that `load` gives. */
export function Later({ title, load, children }) {
  const [{ Shown, failed }, show] = useState({});
  useEffect(() => {
    load().then(
      (module) => show({ Shown: module.default }),
      (error) => show({ failed: error }),
    );
  }, []);
  if (failed)
    return (
      <Page title={title}>
        <Failure problem={failed} retry={() => location.reload()} />
      </Page>
    );
  return Shown ? children(Shown) : <Skeleton lines={6} />;
}
