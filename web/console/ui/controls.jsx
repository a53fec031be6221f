import { createContext } from "preact";
import { useContext, useEffect, useId, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { Icon } from "./icons.jsx";

/** A button; `kind` is `primary`, `plain`, `quiet` or `danger`. While `isBusy` it says so and cannot be pressed again. */
export function Button({ kind = "plain", icon, isBusy, children, class: more = "", ...rest }) {
  return (
    <button
      type="button"
      class={`button ${kind} ${more}`}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      {...rest}
      onClick={isBusy ? (event) => event.preventDefault() : rest.onClick}
    >
      {isBusy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={18} />}
      {children && <span>{children}</span>}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ kind = "plain", icon, children, ...rest }) {
  return (
    <a class={`button ${kind}`} {...rest}>
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </a>
  );
}

/** A button that is only an icon: its name is said, and shown by the pointer. */
export function IconButton({ icon, label, size = 18, ...rest }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} size={size} />
    </button>
  );
}

/** What the API refused in the form around, in which language, and the form's fields by their pointers: `{errors, language, fields}`. */
export const Refused = createContext({ errors: [], fields: new Map() });
export const isWithin = (pointer, at) => pointer == at || pointer.startsWith(`${at}/`);

/** What the API says. It knows the languages spoken here, but what it said stays as it was when another is chosen. */
export const InTheApisWords = ({ language, children }) => <span lang={language}>{children}</span>;

/**
 * What a field is called, what helps to fill it in, and what is wrong with it, tied to the control that `children` makes of its attributes.
 * `at` is the pointer by which the API speaks of it.
 */
export function Field({ label, hint, wrong: said, at, isQuiet, children }) {
  const id = useId();
  const { errors, language, fields } = useContext(Refused);
  const refused = errors.find(({ pointer }) => at && pointer && isWithin(pointer, at));
  const wrong = said ?? (refused && <InTheApisWords language={language}>{refused.detail}</InTheApisWords>);
  useEffect(() => {
    if (!at) return undefined;
    fields.set(at, { id, label });
    return () => fields.delete(at);
  }, [fields, at, label]);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label for={id} class={isQuiet ? "hidden" : undefined}>
        {label}
      </label>
      {children({ id, "aria-describedby": described, "aria-invalid": wrong ? true : undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <p class="wrong" id={`${id}-wrong`}>
          <Icon name="warning" size={16} /> {wrong}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, wrong, at, isQuiet, ...rest }) {
  return <Field {...{ label, hint, wrong, isQuiet }} at={at ?? (rest.name && `/${rest.name}`)}>{(tied) => <input class="input" {...tied} {...rest} />}</Field>;
}

/** A password that may be looked at while it is typed. */
export function PasswordField({ label, hint, wrong, ...rest }) {
  const [isShown, show] = useState(false);
  return (
    <Field {...{ label, hint, wrong }}>
      {(tied) => (
        <div class="with-button">
          <input
            class="input"
            type={isShown ? "text" : "password"}
            autocapitalize="none"
            spellcheck={false}
            {...tied}
            {...rest}
          />
          <IconButton icon="eye" label={t("password.show")} aria-pressed={isShown} onClick={() => show(!isShown)} />
        </div>
      )}
    </Field>
  );
}

/** A choice among `options`: pairs of value and text, or groups `{label, options}`. */
export function SelectField({ label, hint, wrong, at, isQuiet, options, value, onChange, ...rest }) {
  const shown = ([each, text]) => (
    <option key={each} value={each}>
      {text}
    </option>
  );
  return (
    <Field {...{ label, hint, wrong, at, isQuiet }}>
      {(tied) => (
        <select class="input" {...tied} {...rest} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((each) =>
            each.options ? (
              <optgroup key={each.label} label={each.label}>
                {each.options.map(shown)}
              </optgroup>
            ) : (
              shown(each)
            ),
          )}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({ label, ...rest }) {
  return (
    <label class="checkbox">
      <input type="checkbox" {...rest} />
      <span>{label}</span>
    </label>
  );
}

/** On or off, at once; `children` says in words which it is. */
export function Switch({ label, isOn, isBusy, onChange, children }) {
  return (
    <div class="switch">
      <button type="button" role="switch" aria-checked={isOn} aria-label={label} aria-disabled={isBusy || undefined} onClick={() => isBusy || onChange(!isOn)}>
        <i />
      </button>
      <span>{children}</span>
    </div>
  );
}

/** One of a few, all of which are seen at once: pairs of value and text. */
export function Segmented({ label, options, value, onChange }) {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="hidden">{label}</legend>
      {options.map(([each, text]) => (
        <label key={each}>
          <input type="radio" class="hidden" name={name} value={each} checked={each == value} onChange={() => onChange(each)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
