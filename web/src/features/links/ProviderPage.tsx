/** Back from a provider of identities: what is still to be said, or why one is not in, in words (OIDC-2 to OIDC-6). */

import { type ReactNode, useEffect, useState } from "react";
import type { Outcome } from "../../actions/outcome";
import { finishIdentity, waitingIdentity } from "../../actions/providers";
import type { WaitingIdentity } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";
import { Knock } from "../sign-in/Knock";
import { Providers } from "../sign-in/Providers";

export function ProviderPage({ page }: { page: string }): ReactNode {
  const house = useStore((state) => state.house.name);
  return (
    <main className="first-visit tall">
      <h1>{house}</h1>
      {page === "finish" ? <Finish /> : <NotIn words={entrance.providerSays[page] ?? entrance.providerFailed} />}
    </main>
  );
}

/** Why one is not in, and the ways on. */
function NotIn({ words }: { words: string }): ReactNode {
  const { goTo } = useActions();
  const inside = useStore((state) => state.you !== null);
  return (
    <>
      <p className="first-visit-people" role="alert">
        {words}
      </p>
      <button type="button" className="button quiet" onClick={() => goTo({ type: "home" })}>
        {inside ? entrance.toTheHouse : entrance.otherWays}
      </button>
      {!inside && <Providers />}
    </>
  );
}

function Finish(): ReactNode {
  const [found, setFound] = useState<Outcome<WaitingIdentity> | null>(null);
  useEffect(() => {
    let here = true;
    void waitingIdentity().then((outcome) => here && setFound(outcome));
    return () => {
      here = false;
    };
  }, []);
  if (found === null) return null;
  if (!found.ok) return <NotIn words={found.message} />;
  const waiting = found.value;
  if (waiting.asks === "code") return <Code title={waiting.provider.title} />;
  if (waiting.asks === "knock") {
    return (
      <>
        <p className="first-visit-how">{entrance.providerKnock(waiting.provider.title)}</p>
        <Knock name={waiting.name} />
      </>
    );
  }
  return <NewAccount waiting={waiting} />;
}

function NewAccount({ waiting }: { waiting: WaitingIdentity }): ReactNode {
  const { comeIn } = useActions();
  const you = useStore((state) => state.you?.name ?? null);
  const form = useForm({ name: waiting.name, handle: waiting.handle }, ({ name, handle }) =>
    comeIn(() => finishIdentity({ handle, ...(you === null ? { name } : {}) })),
  );
  return (
    <>
      <p className="first-visit-people">{entrance.providerKnows(waiting.provider.title)}</p>
      {you !== null && <p className="first-visit-how">{entrance.stay(you)}</p>}
      <Form form={form}>
        {you === null && <Field form={form} name="name" label={strings.yourName} autoComplete="name" autoFocus />}
        <Field
          form={form}
          name="handle"
          label={entrance.handle}
          hint={entrance.handleOnly}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={you !== null}
        />
        <SendButton form={form}>{strings.comeIn}</SendButton>
      </Form>
    </>
  );
}

function Code({ title }: { title: string }): ReactNode {
  const { comeIn } = useActions();
  const form = useForm({ code: "" }, ({ code }) => comeIn(() => finishIdentity({ code })));
  return (
    <>
      <p className="first-visit-people">{entrance.providerCode(title)}</p>
      <Form form={form}>
        <Field
          form={form}
          name="code"
          label={entrance.code}
          hint={entrance.codeHint}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
        <SendButton form={form}>{entrance.signIn}</SendButton>
      </Form>
    </>
  );
}
