/** An invitation: who made it and what it gives, and what it asks of a stranger, of a guest, and of those inside (LINK-2 to LINK-4). */

import { type ReactNode, useEffect, useState } from "react";
import { ownAccount } from "../../actions/account";
import { join, lookAtInvitation } from "../../actions/entrance";
import type { Outcome } from "../../actions/outcome";
import type { ShownInvitation } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { strings } from "../../ui/strings";
import { entrance } from "../../ui/strings/entrance";
import { AccountButtons, AccountFields, NO_ACCOUNT, withAccount } from "./AccountFields";

/** What the link gives, and whether whoever opened it has an account already. */
type Found = { readonly invitation: ShownInvitation; readonly hasAccount: boolean };

export function JoinPage({ token }: { token: string }): ReactNode {
  const you = useStore((state) => state.you);
  const house = useStore((state) => state.house.name);
  const [found, setFound] = useState<Outcome<Found> | null>(null);
  const [tried, tryAgain] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when somebody tries again
  useEffect(() => {
    let here = true;
    void look(token, you !== null).then((outcome) => here && setFound(outcome));
    return () => {
      here = false;
    };
  }, [token, you, tried]);

  return (
    <main className="first-visit tall">
      <h1>{house}</h1>
      {found === null ? null : found.ok ? (
        <Invited token={token} {...found.value} />
      ) : (
        <NotInvited message={found.message} passing={found.code === null} onAgain={() => tryAgain(tried + 1)} />
      )}
    </main>
  );
}

async function look(token: string, inside: boolean): Promise<Outcome<Found>> {
  const invitation = await lookAtInvitation(token);
  if (!invitation.ok) return invitation;
  if (!inside) return { ok: true, value: { invitation: invitation.value, hasAccount: false } };
  const account = await ownAccount();
  if (!account.ok) return account;
  return { ok: true, value: { invitation: invitation.value, hasAccount: account.value.handle !== undefined } };
}

type NotProps = { readonly message: string; readonly passing: boolean; readonly onAgain: () => void };

function NotInvited({ message, passing, onAgain }: NotProps): ReactNode {
  const { goTo } = useActions();
  return (
    <>
      <p className="first-visit-people" role="alert">
        {message}
      </p>
      {passing ? (
        <button type="button" className="button primary" onClick={onAgain}>
          {strings.tryAgain}
        </button>
      ) : (
        <button type="button" className="button quiet" onClick={() => goTo({ type: "home" })}>
          {entrance.toTheHouse}
        </button>
      )}
    </>
  );
}

function Invited({ token, invitation, hasAccount }: Found & { token: string }): ReactNode {
  const { comeIn } = useActions();
  const you = useStore((state) => state.you?.name ?? null);
  const guest = invitation.role === "guest";
  const asksName = you === null;
  const asksAccount = !guest && !hasAccount;
  const form = useForm({ ...NO_ACCOUNT }, (values, by) => {
    const name = asksName ? { name: values.name } : {};
    if (!asksAccount) return comeIn(() => join({ token, ...name }));
    return withAccount(values, by, ({ name: _, ...account }) => comeIn(() => join({ token, ...name, ...account })));
  });
  return (
    <>
      <p className="first-visit-people">{gives(invitation)}</p>
      {you !== null && <p className="first-visit-how">{asksAccount ? entrance.stay(you) : entrance.youAre(you)}</p>}
      <Form form={form}>
        {asksAccount ? (
          <>
            <AccountFields form={form} withName={asksName} focusFirst />
            <AccountButtons form={form}>{entrance.join}</AccountButtons>
          </>
        ) : (
          <>
            {asksName && <Field form={form} name="name" label={strings.yourName} autoComplete="nickname" autoFocus />}
            <SendButton form={form}>{guest && asksName ? strings.comeIn : entrance.join}</SendButton>
          </>
        )}
      </Form>
    </>
  );
}

/** "Grace invited you. You will be in the lobby and engineering." */
function gives({ by, role, rooms }: ShownInvitation): string {
  const words = [entrance.invited(by)];
  if (role === "guest") words.push(entrance.invitedAs.guest);
  else if (role === "administrator") words.push(entrance.invitedAs.administrator);
  if (rooms.length > 0) words.push(role === "guest" ? entrance.rooms(rooms) : entrance.roomsAndLobby(rooms));
  return words.join(" ");
}
