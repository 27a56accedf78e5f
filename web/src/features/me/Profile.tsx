/** Who one is in the house; those who came with a name alone make an account here and stay who they are (ACC-2). */

import type { ReactNode } from "react";
import { ownAccount } from "../../actions/account";
import { makeAccount } from "../../actions/entrance";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { Form, useForm } from "../../ui/Form";
import { me } from "../../ui/strings/me";
import { type AccountBody, AccountButtons, AccountFields, NO_ACCOUNT, withAccount } from "../links/AccountFields";
import { Saying, useWord } from "../pages/Saved";
import { useFetched } from "../pages/useFetched";
import { Waiting } from "../pages/Waiting";

export function Profile(): ReactNode {
  const name = useStore((state) => state.you?.name ?? "");
  const stays = useStore((state) => state.you?.role !== "guest" || state.house.door === "open");
  const account = useFetched(ownAccount);
  const [word, say] = useWord();
  const { value } = account;
  return (
    <>
      <dl className="facts">
        <dt>{me.name}</dt>
        <dd>{name}</dd>
        {value?.handle !== undefined && (
          <>
            <dt>{me.handle}</dt>
            <dd>{value.handle}</dd>
            <dt>{me.email}</dt>
            <dd>{value.email ?? me.none}</dd>
          </>
        )}
      </dl>
      <Waiting of={account} />
      {value !== null && value.handle === undefined && (
        <>
          <p className="pages-how">{stays ? me.noAccount : me.guestNoAccount}</p>
          {stays && (
            <MakeAccount
              onMade={() => {
                say({ ok: true, text: me.madeAccount });
                account.again();
              }}
            />
          )}
        </>
      )}
      <Saying word={word} />
    </>
  );
}

function MakeAccount({ onMade }: { onMade: () => void }): ReactNode {
  const { comeIn } = useActions();
  const form = useForm({ ...NO_ACCOUNT }, async (values, by) => {
    const make = ({ name: _, ...account }: AccountBody) => comeIn(() => makeAccount(account));
    const outcome = await withAccount(values, by, make);
    if (outcome.ok) onMade();
    return outcome;
  });
  return (
    <Form form={form} label={me.makeAccount}>
      <AccountFields form={form} withName={false} />
      <AccountButtons form={form}>{me.makeAccount}</AccountButtons>
    </Form>
  );
}

/** Where an account is needed and there is none. */
export function NoAccount(): ReactNode {
  const { goTo } = useActions();
  return (
    <>
      <p className="pages-how">{me.firstMakeAccount}</p>
      <button type="button" className="button quiet" onClick={() => goTo({ type: "me", page: "profile" })}>
        {me.toProfile}
      </button>
    </>
  );
}
