/** Making an invitation, or a link for guests of one room (LINK-1, LINK-4). */

import { type ReactNode, useId, useState } from "react";
import { invite } from "../../actions/admin";
import type { MadeLink, NewInvitation, Role, RoomId } from "../../protocol";
import { useStore } from "../../react/useStore";
import { Dialog } from "../../ui/Dialog";
import { Field, FieldError, Form, type FormState, SelectField, SendButton, useForm } from "../../ui/Form";
import { admin } from "../../ui/strings/admin";
import { invitations } from "../../ui/strings/invitations";
import { MadeLinkView } from "./MadeLinkView";

const DAY_S = 86_400;
const LIVES = [
  ["3600", invitations.hour],
  [String(DAY_S), invitations.day],
  [String(7 * DAY_S), invitations.week],
  [String(30 * DAY_S), invitations.month],
  [String(365 * DAY_S), invitations.year],
] as const;
const USES = [
  ["1", invitations.one],
  ["5", invitations.five],
  ["0", invitations.all],
] as const;
const START = { role: "member", rooms: "", expires_s: String(7 * DAY_S), uses: "1", note: "" };
type InviteForm = FormState<typeof START>;

export function InviteDialog({ onMade, onClose }: { onMade?: () => void; onClose: () => void }): ReactNode {
  const owner = useStore((state) => state.you?.role === "owner");
  const [made, setMade] = useState<MadeLink | null>(null);
  const form = useForm({ ...START }, async (values) => {
    const outcome = await invite(bodyOf(values));
    if (outcome.ok) {
      setMade(outcome.value);
      onMade?.();
    }
    return outcome;
  });
  if (made !== null) {
    return (
      <Dialog title={invitations.title} onClose={onClose}>
        <MadeLinkView made={made} onDone={onClose} />
      </Dialog>
    );
  }
  const { member, guest, administrator } = invitations.roles;
  const roles = [["member", member] as const, ["guest", guest] as const];
  return (
    <Dialog title={invitations.title} onClose={onClose}>
      <Form form={form}>
        <SelectField
          form={form}
          name="role"
          label={invitations.gives}
          choices={owner ? [...roles, ["administrator", administrator]] : roles}
          onType={() => form.set("rooms", "")}
        />
        <Rooms form={form} />
        <SelectField form={form} name="uses" label={invitations.uses} choices={USES} />
        <SelectField form={form} name="expires_s" label={invitations.expires} choices={LIVES} />
        <Field form={form} name="note" label={invitations.note} hint={invitations.noteHint} />
        <div className="buttons">
          <button type="button" className="button quiet" onClick={onClose}>
            {admin.cancel}
          </button>
          <SendButton form={form}>{invitations.make}</SendButton>
        </div>
      </Form>
    </Dialog>
  );
}

function bodyOf({ role, rooms, expires_s, uses, note }: typeof START): NewInvitation {
  const chosen: Role = role === "guest" || role === "administrator" ? role : "member";
  return { role: chosen, rooms: idsOf(rooms), expires_s: Number(expires_s), uses: Number(uses), note };
}

function idsOf(rooms: string): RoomId[] {
  return rooms === "" ? [] : rooms.split(",").map(Number);
}

/** The rooms it leads to: any of one's own for members, exactly one for guests. */
function Rooms({ form }: { form: InviteForm }): ReactNode {
  const guest = form.values.role === "guest";
  const mine = useStore((state) =>
    [...state.rooms.values()]
      .map(({ state: { room } }) => room)
      .filter(({ kind }) => kind === "open" || kind === "closed" || (guest && kind === "lobby")),
  );
  const [group, error] = [useId(), useId()];
  const chosen = idsOf(form.values.rooms);
  if (mine.length === 0) return null;
  function choose(room: RoomId, on: boolean): void {
    const others = guest ? [] : chosen.filter((id) => id !== room);
    form.set("rooms", (on ? [...others, room] : others).join(","));
  }
  return (
    <fieldset className="boxes" aria-describedby={error}>
      <legend>{guest ? invitations.oneRoom : invitations.rooms}</legend>
      <div>
        {mine.map(({ id, name }) => (
          <label key={id}>
            <input
              type={guest ? "radio" : "checkbox"}
              name={group}
              checked={chosen.includes(id)}
              onChange={(event) => choose(id, event.target.checked)}
            />
            {name}
          </label>
        ))}
      </div>
      <FieldError id={error} form={form} name="rooms" />
    </fieldset>
  );
}
