/** Who is in a room: found by name, and where one may, added, removed, and made to look after it. */

import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { Member, RoomId, UserId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInHouse, mayInRoom, type Standing } from "../../store/access";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Presence } from "../../ui/Presence";
import { strings } from "../../ui/strings";
import { useCards } from "../people/Cards";
import { PickDialog } from "../people/PickDialog";
import { found } from "../people/Picks";
import { GuestLinks } from "./GuestLinks";

/** A list longer than this can be searched. */
const SEARCHED_FROM = 8;
/** More than this are not put into the page; the search finds them. */
const SHOWN_MAX = 100;

type Props = { readonly room: RoomId; readonly standing: Standing & { readonly members: number } };

export function Members({ room, standing }: Props): ReactNode {
  const { addMember } = useActions();
  const role = useStore((whole) => whole.you?.role);
  const { members, failed } = useMembers(room);
  const [text, setText] = useState("");
  const [adding, setAdding] = useState(false);
  const [refused, setRefused] = useState("");
  const [removed, setRemoved] = useState<Member | null>(null);
  const isOver = useCallback(() => setRemoved(null), []);
  const here = new Set(members?.map(({ id }) => id));
  const fitting = found(members ?? [], text);

  async function add(people: readonly UserId[]): Promise<{ ok: true } | { ok: false; message: string }> {
    for (const user of people) {
      const added = await addMember(room, user);
      if (!added.ok) return added;
    }
    return { ok: true };
  }

  const readers = standing.room.kind === "closed" ? strings.closedRoomRead : strings.openRoomRead;
  return (
    <section className="detail">
      <div className="detail-title">
        <h3>{strings.people}</h3>
        <span>{(members?.length ?? standing.members).toLocaleString("en")}</span>
        {mayInRoom("AddMember", role, standing) && (
          <button type="button" className="link" onClick={() => setAdding(true)}>
            {strings.addPeople}
          </button>
        )}
      </div>
      {(members?.length ?? 0) > SEARCHED_FROM && (
        <input
          className="search"
          type="search"
          aria-label={strings.searchPeople}
          placeholder={strings.searchPeople}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <ul className="members" aria-label={strings.people}>
        {fitting.slice(0, SHOWN_MAX).map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            standing={standing}
            onRefused={setRefused}
            onRemoved={setRemoved}
          />
        ))}
      </ul>
      {fitting.length > SHOWN_MAX && <p className="detail-none">{strings.morePeople(fitting.length - SHOWN_MAX)}</p>}
      {[failed, refused].map((words) =>
        words === "" ? null : (
          <p key={words} className="field-error" role="alert">
            {words}
          </p>
        ),
      )}
      {removed?.house_role === "guest" && mayInHouse("Invite", role) && (
        <GuestLinks room={room} name={removed.name} onClose={isOver} />
      )}
      {adding && (
        <PickDialog
          title={strings.addPeople}
          means={readers(standing.room.history)}
          button={strings.add}
          fits={({ id }) => !here.has(id)}
          onChoose={add}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  );
}

/** Who is in a room, asked again when somebody comes, goes, or is something else in it. */
function useMembers(room: RoomId): { members: readonly Member[] | null; failed: string } {
  const { listMembers } = useActions();
  const online = useStore((state) => state.rooms.get(room)?.state.online ?? 0);
  const count = useStore((state) => state.rooms.get(room)?.state.members ?? 0);
  const peopleSeq = useStore((state) => state.rooms.get(room)?.peopleSeq ?? 0);
  const [members, setMembers] = useState<readonly Member[] | null>(null);
  const [failed, setFailed] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with every change of who is in it
  useEffect(() => {
    let wanted = true;
    void listMembers(room).then((outcome) => {
      if (!wanted) return;
      setFailed(outcome.ok ? "" : outcome.message);
      if (outcome.ok) setMembers(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [room, online, count, peopleSeq, listMembers]);
  return { members, failed };
}

type RowProps = {
  readonly member: Member;
  readonly standing: Standing;
  readonly onRefused: (words: string) => void;
  readonly onRemoved: (member: Member) => void;
};

function MemberRow({ member, standing, onRefused, onRemoved }: RowProps): ReactNode {
  const { removeMember, setRoomRole } = useActions();
  const you = useStore((whole) => whole.you);
  const open = useCards();
  const { id, name, online } = member;
  const room = standing.room.id;
  const isYou = id === you?.id;
  const isManager = member.role === "manager";
  const act = (ask: () => Promise<{ ok: true } | { ok: false; message: string }>) => () =>
    void ask().then((done) => onRefused(done.ok ? "" : done.message));
  const items: MenuItem[] = [];
  if (mayInRoom("SetRoomRole", you?.role, standing)) {
    const label = isManager ? strings.makeMember : strings.makeManager;
    items.push({ label, onChoose: act(() => setRoomRole(room, id, isManager ? "member" : "manager")) });
  }
  if (!isYou && mayInRoom("RemoveMember", you?.role, standing)) {
    const remove = async () => {
      const done = await removeMember(room, id);
      if (done.ok) onRemoved(member);
      return done;
    };
    items.push({ label: strings.removeFromRoom, onChoose: act(remove) });
  }
  return (
    <li>
      <Presence here={online} />
      <span className="member">
        <button
          type="button"
          className="member-name"
          onClick={(event) => open({ type: "person", who: { id, name }, anchor: event.currentTarget })}
        >
          {name}
        </button>
        <small>
          {[isYou ? strings.you : "", isManager ? strings.looksAfter : ""].filter((part) => part !== "").join(" · ")}
        </small>
      </span>
      {items.length > 0 && (
        <Menu label={strings.actsOn(name)} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
