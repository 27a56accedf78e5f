/** Codes from an app: begun with the password, confirmed by a code, and ten recovery codes shown once (ACC-7). */

import { type ReactNode, useState } from "react";
import {
  beginSecondFactor,
  confirmSecondFactor,
  ownAccount,
  removeSecondFactor,
  renewRecoveryCodes,
} from "../../actions/account";
import type { Outcome } from "../../actions/outcome";
import { proof } from "../../actions/passkeys";
import type { Again, NewSecondFactor, OwnAccount } from "../../protocol";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { Qr } from "../../ui/Qr";
import { entrance } from "../../ui/strings/entrance";
import { me } from "../../ui/strings/me";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { Codes } from "./Codes";
import { NoAccount } from "./Profile";
import { ProofField } from "./ProofField";

/** Where somebody is on the way. */
type Step =
  | { readonly at: "rest" }
  | { readonly at: "begin" | "renew" | "remove" }
  | { readonly at: "confirm"; readonly made: NewSecondFactor }
  | { readonly at: "codes"; readonly codes: readonly string[] };

export function SecondFactor(): ReactNode {
  const account = useFetched(ownAccount);
  const [step, go] = useState<Step>({ at: "rest" });
  if (account.value === null) return <Waiting of={account} />;
  if (account.value.handle === undefined) return <NoAccount />;
  const rest = () => {
    go({ at: "rest" });
    account.again();
  };
  const showCodes = (codes: readonly string[]) => {
    go({ at: "codes", codes });
    account.again();
  };
  switch (step.at) {
    case "rest":
      return <Rest account={account.value} onStep={(at) => go({ at })} />;
    case "confirm":
      return <Confirm made={step.made} onCodes={showCodes} onCancel={rest} />;
    case "codes":
      return <Codes codes={step.codes} onKept={rest} />;
    case "begin":
      return (
        <ProveAgain
          account={account.value}
          button={me.factorBegin}
          onSend={beginSecondFactor}
          onDone={(made) => go({ at: "confirm", made })}
          onCancel={rest}
        />
      );
    case "renew":
      return (
        <ProveAgain
          account={account.value}
          button={me.factorRenew}
          onSend={renewRecoveryCodes}
          onDone={({ codes }) => showCodes(codes)}
          onCancel={rest}
        />
      );
    case "remove":
      return (
        <ProveAgain
          account={account.value}
          button={me.factorRemove}
          onSend={removeSecondFactor}
          onDone={rest}
          onCancel={rest}
        />
      );
  }
}

type RestProps = { readonly account: OwnAccount; readonly onStep: (at: "begin" | "renew" | "remove") => void };

function Rest({ account, onStep }: RestProps): ReactNode {
  if (!account.second_factor) {
    return (
      <>
        <p className="pages-how">{me.factorOff}</p>
        <button type="button" className="button primary" onClick={() => onStep("begin")}>
          {me.factorBegin}
        </button>
      </>
    );
  }
  return (
    <>
      <p>{me.factorOn}</p>
      <p className="pages-how">{me.codesLeft(account.recovery_codes)}</p>
      <div className="beside">
        <button type="button" className="button quiet" onClick={() => onStep("renew")}>
          {me.factorRenew}
        </button>
        <button type="button" className="button danger" onClick={() => onStep("remove")}>
          {me.factorRemove}
        </button>
      </div>
    </>
  );
}

type AgainProps<T> = {
  readonly account: OwnAccount;
  readonly button: string;
  readonly onSend: (again: Again) => Promise<Outcome<T>>;
  readonly onDone: (value: T) => void;
  readonly onCancel: () => void;
};

/** The password or a passkey again, for what could lock its owner out (ACC-8). */
function ProveAgain<T>({ account, button, onSend, onDone, onCancel }: AgainProps<T>): ReactNode {
  const form = useForm({ password: "" }, async ({ password }) => {
    const again = await proof(account, password);
    if (!again.ok) return again;
    const outcome = await onSend(again.value);
    if (outcome.ok) onDone(outcome.value);
    return outcome;
  });
  return (
    <Form form={form}>
      <ProofField form={form} account={account} />
      <div className="beside">
        <SendButton form={form}>{button}</SendButton>
        <button type="button" className="button quiet" onClick={onCancel}>
          {me.cancel}
        </button>
      </div>
    </Form>
  );
}

type ConfirmProps = {
  readonly made: NewSecondFactor;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onCancel: () => void;
};

function Confirm({ made, onCodes, onCancel }: ConfirmProps): ReactNode {
  const form = useForm({ code: "" }, async ({ code }) => {
    const outcome = await confirmSecondFactor(code);
    if (outcome.ok) onCodes(outcome.value.codes);
    return outcome;
  });
  return (
    <Form form={form}>
      <p>{me.factorScan}</p>
      <Qr svg={made.qr} label={me.factorQr} />
      <dl className="facts">
        <dt>{me.factorSecret}</dt>
        <dd className="secret">{made.secret.replace(/(.{4})(?=.)/g, "$1 ")}</dd>
      </dl>
      <Field
        form={form}
        name="code"
        label={me.factorCode}
        hint={entrance.sixDigits}
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
      />
      <div className="beside">
        <SendButton form={form}>{me.factorConfirm}</SendButton>
        <button type="button" className="button quiet" onClick={onCancel}>
          {me.cancel}
        </button>
      </div>
    </Form>
  );
}
