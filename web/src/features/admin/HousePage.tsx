/** The house's name, who may come in, and what everybody may do there (DOOR-2, DOOR-6). */

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
      <Choice
        label={admin.roomsBy}
        choices={admin.roomsByWhom}
        read={() => store.get().house.limits.rooms_by}
        write={async (rooms_by) => {
          const outcome = await setHouse(store, { rooms_by });
          return outcome.ok ? null : outcome.message;
        }}
      />
      <Choice
        label={admin.linkCards}
        choices={admin.linkCardsAre}
        read={() => (store.get().house.limits.link_cards ? "on" : "off")}
        write={async (cards) => {
          const outcome = await setHouse(store, { link_cards: cards === "on" });
          return outcome.ok ? null : outcome.message;
        }}
      />
      <Choice
        label={admin.pace}
        choices={admin.paces}
        read={() => String(store.get().house.limits.posts_per_second)}
        write={async (pace) => {
          const outcome = await setHouse(store, { posts_per_second: Number(pace) });
          return outcome.ok ? null : outcome.message;
        }}
      />
    </>
  );
}
