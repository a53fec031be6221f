import { useState } from "preact/hooks";
import { t } from "../../i18n.js";
import { Segmented, TextField } from "../../ui/controls.jsx";

/** Whom it is about: by e-mail or by the company's own id. What is typed goes into the request alone. */
export function Who() {
  const [by, choose] = useState("email");
  return (
    <>
      <Segmented label={t("who.by")} options={["email", "customer_id"].map((each) => [each, t(`who.${each}`)])} value={by} onChange={choose} />
      <TextField key={by} label={t(`who.${by}`)} name={by} type={by == "email" ? "email" : "text"} required maxlength={200} autocomplete="off" autocapitalize="none" spellcheck={false} />
    </>
  );
}

/** What such a form asks for, as the API takes it. */
export const identified = ({ email, customer_id }) => (email ? { email: email.trim() } : { customer_id: customer_id.trim() });
