/** The first visit: one field, a name, come in (UX 3.5 A). */

import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { strings } from "../../ui/strings";
import "./SignIn.css";

export function SignIn(): ReactNode {
  const house = useStore((state) => state.house);
  return (
    <main className="first-visit">
      <h1>{house.name}</h1>
      {house.people > 0 && <p className="first-visit-people">{strings.peopleHere(house.people, house.here)}</p>}
      {house.door === "open" ? <NameForm /> : <p>{strings.byInvitation}</p>}
    </main>
  );
}

/** The field and its button; also in the dialog of somebody who was signed out. */
export function NameForm(): ReactNode {
  const { signIn } = useActions();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ readonly message: string; readonly suggestion: string | null } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const [input, error] = [useId(), useId()];

  async function submit(wished: string): Promise<void> {
    setBusy(true);
    const outcome = await signIn(wished);
    setBusy(false);
    if (outcome.ok) return;
    setRefused(outcome);
    field.current?.focus();
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!busy) void submit(name);
  }

  return (
    <form className="name-form" onSubmit={onSubmit} noValidate>
      <div className="field">
        <label htmlFor={input}>{strings.yourName}</label>
        <input
          ref={field}
          id={input}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          // biome-ignore lint/a11y/noAutofocus: the only field of the page, and the page is only this
          autoFocus
          aria-invalid={refused !== null}
          aria-describedby={refused === null ? undefined : error}
        />
        {refused !== null && (
          <p id={error} className="field-error" role="alert">
            {refused.message}{" "}
            {refused.suggestion !== null && (
              <button
                type="button"
                onClick={() => {
                  const suggestion = refused.suggestion ?? "";
                  setName(suggestion);
                  void submit(suggestion);
                }}
              >
                {strings.tryName(refused.suggestion)}
              </button>
            )}
          </p>
        )}
      </div>
      <button type="submit" className="button primary">
        {strings.comeIn}
      </button>
    </form>
  );
}
