/** The house's name, and who may come in (DOOR-2). */

import type { ReactNode } from "react";
import { setHouse } from "../../actions/admin";
import { useApp } from "../../react/AppContext";
import { Field, Form, SendButton, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";
import { Choice } from "../pages/Choice";
import { SAVED, Saying, useWord } from "../pages/Saved";

export function HousePage(): ReactNode {
  const { store } = useApp();
  const [word, say] = useWord();
  const form = useForm({ name: store.get().house.name }, async ({ name }) => {
    const outcome = await setHouse(store, { name });
    say(outcome.ok ? SAVED : null);
    return outcome;
  });
  return (
    <>
      <Form form={form}>
        <Field form={form} name="name" label={admin.houseName} />
        <div className="beside pages-how">
          <SendButton form={form}>{admin.save}</SendButton>
          <Saying word={word} />
        </div>
      </Form>
      <Choice
        label={admin.door}
        choices={admin.doors}
        read={() => store.get().house.door}
        write={async (door) => {
          const outcome = await setHouse(store, { door });
          return outcome.ok ? null : outcome.message;
        }}
      />
    </>
  );
}
