/** The providers of identities that lead to one's account: connected and disconnected with one's password or a passkey said again (OIDC-6, OIDC-7). */

import { type ReactNode, useState } from "react";
import { ownAccount } from "../../actions/account";
import { proof } from "../../actions/passkeys";
import { connect, disconnect } from "../../actions/providers";
import { nowMs } from "../../platform/clock";
import type { OwnAccount, Provider } from "../../protocol";
import { useStore } from "../../react/useStore";
import { Form, SendButton, useForm } from "../../ui/Form";
import { me } from "../../ui/strings/me";
import { momentText } from "../../ui/time";
import { Saying, useWord } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";
import { NoAccount } from "./Profile";
import { ProofField } from "./ProofField";

export function Connected(): ReactNode {
  const providers = useStore((state) => state.providers);
  const account = useFetched(ownAccount);
  const [open, setOpen] = useState<string | null>(null);
  const [word, say] = useWord();
  if (account.value === null) return <Waiting of={account} />;
  if (providers.length === 0) return <p className="pages-how">{me.noProviders}</p>;
  if (account.value.handle === undefined) return <NoAccount />;
  const since = new Map(account.value.connected?.map(({ name, at }) => [name, at]));

  function gone(): void {
    setOpen(null);
    say({ ok: true, text: me.disconnected });
    account.again();
  }

  return (
    <>
      <p className="pages-how">{me.connectedHow}</p>
      <ul className="devices">
        {providers.map((provider) => (
          <li key={provider.name} className={open === provider.name ? "opened" : undefined}>
            <Row
              provider={provider}
              account={account.value as OwnAccount}
              since={since.get(provider.name) ?? null}
              open={open === provider.name}
              onOpen={(wanted) => setOpen(wanted ? provider.name : null)}
              onGone={gone}
            />
          </li>
        ))}
      </ul>
      <Saying word={word} />
    </>
  );
}

type Props = {
  readonly provider: Provider;
  readonly account: OwnAccount;
  /** Since when it is connected; null when it is not. */
  readonly since: number | null;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onGone: () => void;
};

function Row({ provider, account, since, open, onOpen, onGone }: Props): ReactNode {
  const { name, title } = provider;
  const form = useForm({ password: "" }, async ({ password }) => {
    const again = await proof(account, password);
    if (!again.ok) return again;
    const outcome = await (since === null ? connect(name, again.value) : disconnect(name, again.value));
    form.set("password", "");
    if (outcome.ok && since !== null) onGone();
    return outcome;
  });
  const [act, label] = since === null ? [me.connect, me.connectTo(title)] : [me.disconnect, me.disconnectFrom(title)];
  return (
    <>
      <div>
        <p className="device">{title}</p>
        <p className="field-hint">{since === null ? me.notConnected : me.connectedSince(momentText(since, nowMs()))}</p>
      </div>
      {open ? (
        <Form form={form} label={label}>
          <ProofField form={form} account={account} />
          <div className="beside">
            <SendButton form={form}>{act}</SendButton>
            <button type="button" className="button quiet" onClick={() => onOpen(false)}>
              {me.cancel}
            </button>
          </div>
        </Form>
      ) : (
        <button type="button" className="button quiet" aria-label={label} onClick={() => onOpen(true)}>
          {act}
        </button>
      )}
    </>
  );
}
