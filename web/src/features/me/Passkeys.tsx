/** One's passkeys: listed, added, named, removed (KEY-5). */

import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { ownAccount } from "../../actions/account";
import { addPasskey, knowsPasskeys, listPasskeys, removePasskey, renamePasskey } from "../../actions/passkeys";
import { nowMs } from "../../platform/clock";
import type { OwnAccount, Passkey } from "../../protocol";
import { Field, Form, type FormState, SendButton, useForm, type Values } from "../../ui/Form";
import { me } from "../../ui/strings/me";
import { passkey as words } from "../../ui/strings/passkey";
import { momentText } from "../../ui/time";
import { Saying, useWord, type Word } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { NoAccount } from "./Profile";
import { ProofField } from "./ProofField";

/** What is being done, and to which. */
type Doing = { readonly what: "rename" | "remove"; readonly id: number } | { readonly what: "add" } | null;

export function Passkeys(): ReactNode {
  const account = useFetched(ownAccount);
  const passkeys = useFetched(listPasskeys);
  const [doing, start] = useState<Doing>(null);
  const [word, say] = useWord();
  const add = useRef<HTMLButtonElement>(null);
  if (account.value === null) return <Waiting of={account} />;
  if (account.value.handle === undefined) return <NoAccount />;
  if (passkeys.value === null) return <Waiting of={passkeys} />;
  const { value: mine } = account;

  function done(said: Word | null): void {
    // What the focus was in is gone; it goes on from the one button that is always there, once that is.
    flushSync(() => {
      start(null);
      say(said);
    });
    add.current?.focus();
    account.again();
    passkeys.again();
  }
  const begin = (next: Doing) => {
    say(null);
    start(next);
  };

  return (
    <>
      <p className="pages-how">{words.how}</p>
      {passkeys.value.length === 0 ? (
        <p className="pages-how">{words.empty}</p>
      ) : (
        <ul className="devices">
          {passkeys.value.map((one) => (
            <li key={one.id}>
              {doing !== null && doing.what !== "add" && doing.id === one.id ? (
                doing.what === "rename" ? (
                  <Rename passkey={one} onDone={done} />
                ) : (
                  <Remove passkey={one} account={mine} onDone={done} />
                )
              ) : (
                <Row passkey={one} onBegin={begin} />
              )}
            </li>
          ))}
        </ul>
      )}
      {doing?.what === "add" ? (
        <Add account={mine} onDone={done} />
      ) : doing !== null ? null : knowsPasskeys() ? (
        <div className="beside">
          <button ref={add} type="button" className="button primary" onClick={() => begin({ what: "add" })}>
            {words.add}
          </button>
          <Saying word={word} />
        </div>
      ) : (
        <p className="field-hint">{words.noBrowser}</p>
      )}
    </>
  );
}

function Row({ passkey, onBegin }: { passkey: Passkey; onBegin: (doing: Doing) => void }): ReactNode {
  const { id, name, site, made_at, used_at } = passkey;
  const used = used_at === undefined ? words.neverUsed : words.used(momentText(used_at, nowMs()));
  return (
    <>
      <div>
        <p className="device">
          {name}
          {site !== location.hostname && <span className="device-this"> {words.elsewhere(site)}</span>}
        </p>
        <p className="field-hint">
          {used}, {words.made(momentText(made_at, nowMs()))}
        </p>
      </div>
      <button
        type="button"
        className="button quiet"
        aria-label={words.renameOf(name)}
        onClick={() => onBegin({ what: "rename", id })}
      >
        {words.rename}
      </button>
      <button
        type="button"
        className="button quiet"
        aria-label={words.removeOf(name)}
        onClick={() => onBegin({ what: "remove", id })}
      >
        {words.remove}
      </button>
    </>
  );
}

type DoneProps = { readonly onDone: (said: Word | null) => void };

function Rename({ passkey, onDone }: DoneProps & { passkey: Passkey }): ReactNode {
  const form = useForm({ name: passkey.name }, async ({ name }) => {
    const outcome = await renamePasskey(passkey.id, name);
    if (outcome.ok) onDone({ ok: true, text: me.saved });
    return outcome;
  });
  return (
    <Form form={form} label={words.renameOf(passkey.name)} className="narrow">
      <Field form={form} name="name" label={words.name} autoFocus />
      <Buttons form={form} words={words.save} onCancel={() => onDone(null)} />
    </Form>
  );
}

type RemoveProps = DoneProps & { readonly passkey: Passkey; readonly account: OwnAccount };

function Remove({ passkey, account, onDone }: RemoveProps): ReactNode {
  const form = useForm({ password: "" }, async ({ password }) => {
    const outcome = await removePasskey(account, password, passkey.id);
    if (outcome.ok) onDone({ ok: true, text: words.removed });
    return outcome;
  });
  return (
    <Form form={form} label={words.removeOf(passkey.name)} className="narrow">
      <p className="device">{passkey.name}</p>
      <ProofField form={form} account={account} />
      <Buttons form={form} words={words.remove} onCancel={() => onDone(null)} />
    </Form>
  );
}

function Add({ account, onDone }: DoneProps & { account: OwnAccount }): ReactNode {
  const form = useForm({ name: "", password: "" }, async ({ name, password }) => {
    const outcome = await addPasskey(account, password, name);
    if (outcome.ok) onDone({ ok: true, text: words.added });
    return outcome;
  });
  return (
    <Form form={form} label={words.addTitle}>
      <Field form={form} name="name" label={words.name} hint={words.nameHint} autoFocus />
      <ProofField form={form} account={account} autoFocus={false} />
      <Buttons form={form} words={words.add} onCancel={() => onDone(null)} />
    </Form>
  );
}

type ButtonsProps<V extends Values> = {
  readonly form: FormState<V>;
  readonly words: string;
  readonly onCancel: () => void;
};

function Buttons<V extends Values>({ form, words: label, onCancel }: ButtonsProps<V>): ReactNode {
  return (
    <div className="beside">
      <SendButton form={form}>{label}</SendButton>
      <button type="button" className="button quiet" onClick={onCancel}>
        {me.cancel}
      </button>
    </div>
  );
}
