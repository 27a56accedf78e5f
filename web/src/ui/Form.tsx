/** Forms: what is refused is said beside its field, the focus goes there, and what was typed stays. */

import {
  type ComponentProps,
  type FormEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { strings } from "./strings";

export type Values = Readonly<Record<string, string>>;

/** Why a form was refused. A field that the form does not have is the form's own affair. */
export type Refusal = {
  readonly ok: false;
  readonly message: string;
  readonly field: string | null;
  readonly suggestion: string | null;
};

export type FormState<V extends Values = Values> = {
  readonly values: V;
  readonly busy: boolean;
  readonly refusal: Refusal | null;
  readonly element: RefObject<HTMLFormElement | null>;
  set(name: keyof V & string, value: string): void;
  /** Sends what was typed, with these values in place of it; `by` says in which of several ways. */
  send(changed?: Values, by?: string): void;
};

/** The values of a form, and how they are sent. What `onSend` does with a success is its own affair. */
export function useForm<V extends Values>(
  initial: V,
  onSend: (values: V, by?: string) => Promise<{ readonly ok: true } | Refusal>,
): FormState<V> {
  const [values, setValues] = useState(initial);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusal?.field == null) return;
    const field = element.current?.elements.namedItem(refusal.field);
    if (field instanceof HTMLElement) field.focus();
  }, [refusal]);

  async function send(changed?: Values, by?: string): Promise<void> {
    if (busy) return;
    const sent = { ...values, ...changed };
    setValues(sent);
    setBusy(true);
    const outcome = await onSend(sent, by);
    setBusy(false);
    setRefusal(outcome.ok ? null : outcome);
  }

  return {
    values,
    busy,
    refusal,
    element,
    set: (name, value) => setValues((before) => ({ ...before, [name]: value })),
    send: (changed, by) => void send(changed, by),
  };
}

type FormProps<V extends Values> = {
  readonly form: FormState<V>;
  readonly className?: string;
  readonly label?: string;
  readonly children: ReactNode;
};

export function Form<V extends Values>({ form, className, label, children }: FormProps<V>): ReactNode {
  const { refusal, values } = form;
  const homeless = refusal !== null && (refusal.field === null || !(refusal.field in values));
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    form.send();
  }
  return (
    <form ref={form.element} className={className} aria-label={label} onSubmit={onSubmit} noValidate>
      {homeless && (
        <p className="field-error form-error" role="alert">
          {refusal.message}
        </p>
      )}
      {children}
    </form>
  );
}

type FieldProps<V extends Values> = {
  readonly form: FormState<V>;
  readonly name: keyof V & string;
  readonly label: string;
  readonly hint?: string;
  readonly onType?: (value: string) => void;
  /** What stands at the end of the field, over it. */
  readonly children?: ReactNode;
} & Pick<
  ComponentProps<"input">,
  "type" | "autoComplete" | "autoFocus" | "inputMode" | "maxLength" | "spellCheck" | "autoCapitalize"
>;

/** One line to type in, with its label, a hint, and what is wrong with it. */
export function Field<V extends Values>(props: FieldProps<V>): ReactNode {
  const { form, name, label, hint, onType, children, ...input } = props;
  const [id, error, help] = [useId(), useId(), useId()];
  // A question without words, as that for a code, is no mistake: the field is shown with its hint.
  const refused = form.refusal?.field === name && form.refusal.message !== "" ? form.refusal : null;
  // What is wrong says what would be right: the hint gives way to it.
  const described = refused !== null ? error : hint !== undefined ? help : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-line">
        <input
          {...input}
          id={id}
          name={name}
          value={form.values[name] ?? ""}
          onChange={(event) => {
            form.set(name, event.target.value);
            onType?.(event.target.value);
          }}
          aria-invalid={refused !== null}
          aria-describedby={described}
        />
        {children}
      </div>
      <FieldError id={error} form={form} name={name} />
      {hint !== undefined && refused === null && (
        <p id={help} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

type SelectProps<V extends Values> = Pick<FieldProps<V>, "form" | "name" | "label" | "onType"> & {
  /** What is sent, and how it is called. */
  readonly choices: readonly (readonly [value: string, label: string])[];
};

/** One of several. */
export function SelectField<V extends Values>({ form, name, label, choices, onType }: SelectProps<V>): ReactNode {
  const [id, error] = [useId(), useId()];
  const refused = form.refusal?.field === name;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        name={name}
        value={form.values[name] ?? ""}
        onChange={(event) => {
          form.set(name, event.target.value);
          onType?.(event.target.value);
        }}
        aria-invalid={refused}
        aria-describedby={refused ? error : undefined}
      >
        {choices.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <FieldError id={error} form={form} name={name} />
    </div>
  );
}

/** What is wrong with a field, and what would do instead. */
export function FieldError<V extends Values>({
  id,
  form,
  name,
}: {
  id: string;
  form: FormState<V>;
  name: keyof V & string;
}): ReactNode {
  if (form.refusal?.field !== name) return null;
  const { message, suggestion } = form.refusal;
  return (
    <p id={id} className="field-error" role="alert">
      {message}{" "}
      {suggestion !== null && (
        <button type="button" onClick={() => form.send({ [name]: suggestion })}>
          {strings.tryName(suggestion)}
        </button>
      )}
    </p>
  );
}

type PasswordProps<V extends Values> = Omit<FieldProps<V>, "type" | "children">;

/** A password, which can be shown: typed once and looked at rather than typed twice blindly. */
export function PasswordField<V extends Values>(props: PasswordProps<V>): ReactNode {
  const [shown, show] = useState(false);
  return (
    <Field {...props} type={shown ? "text" : "password"} spellCheck={false} autoCapitalize="none">
      <button type="button" className="field-show" aria-pressed={shown} onClick={() => show(!shown)}>
        {strings.show}
        <span className="hidden"> {props.label}</span>
      </button>
    </Field>
  );
}

/** The button that sends; what is under way is not sent twice. */
export function SendButton<V extends Values>({
  form,
  children,
}: {
  form: FormState<V>;
  children: ReactNode;
}): ReactNode {
  return (
    <button type="submit" className="button primary" aria-disabled={form.busy}>
      {children}
    </button>
  );
}
