/** The list of rooms: what is unread above, the rest below; rows move only while nobody is about to click them. */

import { type ComponentProps, type KeyboardEvent, type MouseEvent, type ReactNode, useRef, useState } from "react";
import { type Page, pathOf } from "../../platform/location";
import { setPreference, type Theme } from "../../platform/preferences";
import type { RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { usePreference } from "../../react/usePreference";
import { useStore } from "../../react/useStore";
import { mayInHouse } from "../../store/access";
import { anyoneHere } from "../../store/people";
import { anyUnread, roomsInOrder, strandedRooms } from "../../store/selectors";
import { Icon } from "../../ui/Icon";
import { keysText } from "../../ui/keys";
import { Menu } from "../../ui/Menu";
import { Presence } from "../../ui/Presence";
import { countText, strings } from "../../ui/strings";
import { useOverlays } from "../overlays/Overlays";
import { useCards } from "../people/Cards";
import { HouseMenu } from "./HouseMenu";
import "./Rail.css";

type Props = { readonly browsing: boolean; readonly onBrowse: () => void; readonly onEnter: (room: RoomId) => void };

export function Rail({ browsing, onBrowse, onEnter }: Props): ReactNode {
  const ids = useStore((state) => roomsInOrder(state).map((room) => room.state.room.id));
  const unreadNow = useStore((state) =>
    roomsInOrder(state)
      .filter((room) => room.state.unread > 0 && room.state.room.id !== state.current)
      .map((room) => room.state.room.id),
  );
  const direct = useStore((state) => ids.filter((id) => state.rooms.get(id)?.state.room.kind === "direct"));
  const stranded = useStore(strandedRooms);
  const role = useStore((state) => state.you?.role);
  const hasUnread = useStore(anyUnread);
  const { unread, hands } = useSettled(unreadNow);
  const rail = useRef<HTMLElement>(null);

  function onKeyDown(event: KeyboardEvent): void {
    const links = [...(rail.current?.querySelectorAll<HTMLElement>(".rail-row") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    const found =
      to === undefined ? startingWith(event.key, links, at) : links[Math.max(0, Math.min(links.length - 1, to))];
    if (found === undefined) return;
    event.preventDefault();
    found.focus();
  }

  const section = (title: string, rooms: readonly RoomId[]) =>
    rooms.length > 0 && (
      <div className="rail-section">
        <h2>{title}</h2>
        <ul>
          {rooms.map((id) => (
            <li key={id}>
              <RailRow id={id} onEnter={onEnter} />
            </li>
          ))}
        </ul>
      </div>
    );

  return (
    <nav
      ref={rail}
      id="rooms"
      className="rail"
      aria-label={strings.rooms}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      {...hands}
    >
      <HouseMenu />
      <Jump />
      <div className="rail-lists">
        {section(
          strings.unread,
          unread.filter((id) => ids.includes(id)),
        )}
        {section(
          strings.rooms,
          ids.filter((id) => !unread.includes(id) && !direct.includes(id)),
        )}
        {section(
          strings.people,
          direct.filter((id) => !unread.includes(id)),
        )}
        <Stranded ids={stranded} onEnter={onEnter} />
        <div className="rail-browse">
          {hasUnread && <PageRow page="catch_up" label={strings.catchUp} glyph="↑" />}
          <PageRow page="threads" label={strings.threads} glyph="»" />
          <PageRow page="saved" label={strings.savedMessages} glyph="★" />
          {mayInHouse("ListRooms", role) && <BrowseRow browsing={browsing} onBrowse={onBrowse} />}
          {mayInHouse("OpenDirect", role) && (
            <PageRow page="people" label={strings.allPeople} glyph={<Icon name="people" />} />
          )}
        </div>
      </div>
      <RailFoot />
    </nav>
  );
}

/** Looks like a field and opens one: the switcher is a dialog, also for who does not know its keys. */
function Jump(): ReactNode {
  const open = useOverlays();
  return (
    <button type="button" className="rail-jump" aria-haspopup="dialog" onClick={() => open({ type: "switcher" })}>
      {strings.jumpTo}
      <span aria-hidden="true">{keysText("Ctrl+K")}</span>
    </button>
  );
}

function BrowseRow({ browsing, onBrowse }: Pick<Props, "browsing" | "onBrowse">): ReactNode {
  return (
    <a
      href="/rooms"
      className="rail-row"
      data-name={strings.browse}
      aria-current={browsing ? "page" : undefined}
      onClick={(event) => {
        if (isPlainClick(event)) {
          event.preventDefault();
          onBrowse();
        }
      }}
    >
      <span className="rail-glyph" aria-hidden="true">
        +
      </span>
      {strings.browse}
    </a>
  );
}

/** A page that is no room. */
function PageRow({ page, label, glyph }: { page: Page; label: string; glyph: ReactNode }): ReactNode {
  const { showPage } = useActions();
  const shown = useStore((state) => state.screen?.type === page);
  return (
    <a
      href={pathOf({ type: page })}
      className="rail-row"
      data-name={label}
      aria-current={shown ? "page" : undefined}
      onClick={(event) => {
        if (isPlainClick(event)) {
          event.preventDefault();
          showPage(page);
        }
      }}
    >
      <span className="rail-glyph" aria-hidden="true">
        {glyph}
      </span>
      {label}
    </a>
  );
}

/** Rooms that are gone for their reader, with words in them that never went out. */
function Stranded({ ids, onEnter }: { ids: readonly RoomId[]; onEnter: (room: RoomId) => void }): ReactNode {
  const lost = useStore((state) => (state.screen?.type === "lost" ? state.screen.room : null));
  if (ids.length === 0) return null;
  return (
    <div className="rail-section">
      <h2>{strings.unsentText}</h2>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a
              href={`/r/${id}`}
              className="rail-row"
              data-name={strings.noRoom}
              aria-current={lost === id ? "page" : undefined}
              onClick={(event) => {
                if (isPlainClick(event)) {
                  event.preventDefault();
                  onEnter(id);
                }
              }}
            >
              <span className="rail-glyph" aria-hidden="true">
                #
              </span>
              <span className="rail-name">{strings.lostRoomRow}</span>
              <span className="rail-draft">{strings.draft}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The next row, after the one with the focus, whose name begins with a letter. */
function startingWith(key: string, links: readonly HTMLElement[], at: number): HTMLElement | undefined {
  if (key.length !== 1 || key === " ") return undefined;
  const letter = key.toLocaleLowerCase();
  const inTurn = [...links.slice(at + 1), ...links.slice(0, at + 1)];
  return inTurn.find((link) => (link.dataset.name ?? "").toLocaleLowerCase().startsWith(letter));
}

/** The unread section as it may be shown: it changes only while pointer and focus are outside the rail (UX 3.5 C). */
function useSettled(now: readonly RoomId[]): { unread: readonly RoomId[]; hands: HandsOn } {
  const [frozen, setFrozen] = useState<readonly RoomId[] | null>(null);
  const on = useRef({ pointer: false, focus: false });
  function hold(part: "pointer" | "focus", held: boolean): void {
    on.current[part] = held;
    const anyOn = on.current.pointer || on.current.focus;
    setFrozen((before) => (anyOn ? (before ?? now) : null));
  }
  const hands: HandsOn = {
    onPointerEnter: () => hold("pointer", true),
    onPointerLeave: () => hold("pointer", false),
    onFocus: () => hold("focus", true),
    onBlur: (event) => !event.currentTarget.contains(event.relatedTarget) && hold("focus", false),
  };
  return { unread: frozen ?? now, hands };
}

type HandsOn = Pick<ComponentProps<"nav">, "onPointerEnter" | "onPointerLeave" | "onFocus" | "onBlur">;

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

function RailRow({ id, onEnter }: { id: RoomId; onEnter: (room: RoomId) => void }): ReactNode {
  const name = useStore((state) => state.rooms.get(id)?.state.room.name ?? "");
  const kind = useStore((state) => state.rooms.get(id)?.state.room.kind ?? "open");
  const unread = useStore((state) => state.rooms.get(id)?.state.unread ?? 0);
  const mentions = useStore((state) => state.rooms.get(id)?.state.mentions ?? 0);
  const here = useStore((state) => {
    const memory = state.rooms.get(id);
    return kind === "direct" && memory !== undefined && anyoneHere(state, memory);
  });
  const current = useStore((state) => state.current === id);
  const draft = useStore((state) => state.current !== id && (state.drafts.get(id)?.text ?? "").trim() !== "");
  const open = useCards();
  const classes = ["rail-row", current && "current", unread > 0 && "unread"].filter(Boolean).join(" ");
  return (
    <a
      href={`/r/${id}`}
      className={classes}
      data-name={name}
      aria-current={current ? "page" : undefined}
      onContextMenu={(event) => {
        // With Shift the browser's own comes; the key for menus gives no place.
        if (event.shiftKey) return;
        event.preventDefault();
        const point = event.button === 2 ? { point: { x: event.clientX, y: event.clientY } } : {};
        open({ type: "room", room: id, anchor: event.currentTarget, ...point });
      }}
      aria-label={strings.roomLabel(name, kind, here, unread, mentions, draft)}
      onClick={(event) => {
        if (isPlainClick(event)) {
          event.preventDefault();
          onEnter(id);
        }
      }}
    >
      <span className="rail-glyph" aria-hidden="true">
        {kind === "closed" ? <Icon name="lock" /> : kind === "direct" ? <Presence here={here} quiet /> : "#"}
      </span>
      <span className="rail-name">{name}</span>
      {mentions > 0 ? (
        <span className="rail-mentions">{countText(mentions)}</span>
      ) : unread > 0 ? (
        <span className="rail-count">{countText(unread)}</span>
      ) : (
        draft && <span className="rail-draft">{strings.draft}</span>
      )}
    </a>
  );
}

function RailFoot(): ReactNode {
  const name = useStore((state) => state.you?.name ?? "");
  const online = useStore((state) => state.connection.type === "online");
  const away = useStore((state) => state.away);
  const { signOut, goTo, setAway } = useActions();
  const theme = usePreference("theme");
  const pick = (value: Theme, label: string) => ({
    label,
    checked: theme === value,
    onChoose: () => void setPreference("theme", value),
  });
  const items = [
    { label: strings.preferences, onChoose: () => goTo({ type: "me", page: null }) },
    { label: away ? strings.beBack : strings.beAway, onChoose: () => void setAway(!away) },
    pick("system", `${strings.theme}: ${strings.themeSystem}`),
    pick("light", `${strings.theme}: ${strings.themeLight}`),
    pick("dark", `${strings.theme}: ${strings.themeDark}`),
    { label: strings.signOut, onChoose: () => void signOut() },
  ];
  return (
    <div className="rail-foot">
      <Presence here={online && !away} />
      <span className="rail-you">{name}</span>
      <Menu label={strings.yourMenu} items={items}>
        <Icon name="more" />
      </Menu>
    </div>
  );
}
