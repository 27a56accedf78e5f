/** Joins the parts of the client: what the server says goes into the store, what a person does goes to the server. */

import { type Client, createClient, type Status } from "../connection/client";
import { isAttentive, isNarrow, isOnline, showInTab } from "../platform/attention";
import { after, every, nowMs } from "../platform/clock";
import { onFrame } from "../platform/frames";
import * as http from "../platform/http";
import {
  askedFor,
  forgetLink,
  goTo,
  herePlace,
  isPage,
  onPlace,
  type Place,
  showPanel,
  showThreadOfAddress,
} from "../platform/location";
import { readLocal, writeLocal } from "../platform/storage";
import type { Boot, Command, Epoch, Reply, RoomId, Seq, ServerFrame, UserId, Welcome } from "../protocol";
import { applyThread } from "../store/facts";
import { findMessage, standsInRoom } from "../store/messages";
import { applyRead, expireTyping, letGo, newRoom, setAside } from "../store/rooms";
import { anyUnread, currentRoom, cursors, meantUnread, roomsInOrder } from "../store/selectors";
import type { BoxId, Mark, Screen, State } from "../store/state";
import {
  addRoom,
  applyFrames,
  changeRoom,
  drawNewLine,
  emptyState,
  fromBoot,
  removeRoom,
  welcome,
} from "../store/store";
import { createSubscribable, type Subscribable } from "../store/subscribable";
import { countText, strings } from "../ui/strings";
import { createDrafts } from "./drafts";
import { createLoading } from "./loading";
import { createMessages } from "./messages";
import { createOutbox } from "./outbox";
import { type Outcome, refused } from "./outcome";
import { createPeople } from "./people";
import { roomActs } from "./rooms";
import { createThreads } from "./threads";
import { createTray } from "./tray";
import type { Actions, Asks } from "./types";

const TYPING_EVERY_MS = 3_000;
/** A connection that was gone longer than this is worth a word when it is back (UX 3.6). */
const SILENT_MS = 3_000;
const BACK_MS = 4_000;
const UNDO_MS = 8_000;
/** What happens within this time is counted together. */
const COUNT_MS = 300;
/** Rooms remembered as visited. */
const VISITED_MAX = 50;
export type App = { readonly store: Subscribable<State>; readonly actions: Actions };

/** Makes the app of a page and starts it. */
export async function createApp(): Promise<App> {
  const store = createSubscribable<State>(emptyState());
  const app = new Running(store);
  const boot = http.embeddedBoot() ?? (await bootByHttp());
  app.begin(boot);
  return { store, actions: app.actions };
}

async function bootByHttp(): Promise<Boot> {
  for (;;) {
    const answer = await http.boot();
    if (answer.ok) return answer.value;
    await new Promise<void>((done) => after(1_000, done));
  }
}

class Running {
  readonly actions: Actions;
  private readonly store: Subscribable<State>;
  private readonly client: Client;
  private readonly outbox;
  private readonly drafts;
  private readonly tray;
  private readonly loading;
  private readonly people;
  private readonly messages;
  private readonly threads;
  private readonly asks: Asks = {
    done: (command) => this.done(command),
    enterBy: (command) => this.enterBy(command),
    flash: (text) => this.store.set((state) => ({ ...state, flash: { text, untilMs: nowMs() + BACK_MS, undo: [] } })),
  };
  private version = "";
  private epoch: Epoch | undefined;
  private frames: ServerFrame[] = [];
  private framePlanned = false;
  private lostAtMs: number | null = null;
  /** While somebody ends their session by their own hand, the house's word for it is not news to be told over the page. */
  private leaving: "no" | "asked" | "ended" = "no";
  private lastTypedMs = new Map<RoomId, number>();
  private readonly counting = new Set<RoomId>();
  private markedRead = new Map<RoomId, Seq>();
  /** Marked unread by hand: looking at it does not make it read again until it is left. */
  private heldUnread: RoomId | null = null;
  /** A result or an address led to a message of this room: looking at it reads nothing before its reader acts there (T20). */
  private visiting: RoomId | null = null;

  constructor(store: Subscribable<State>) {
    this.store = store;
    this.client = createClient({
      hello: () => ({ ...(this.epoch === undefined ? {} : { epoch: this.epoch }), cursors: cursors(store.get()) }),
      onWelcome: (said) => this.onWelcome(said),
      onFrame: (frame) => this.onFrame(frame),
      onStatus: (status) => this.onStatus(status),
      isSignedIn: async () => {
        const answer = await http.boot();
        return !answer.ok || answer.value.you !== undefined;
      },
    });
    this.outbox = createOutbox(store, this.client);
    this.drafts = createDrafts(store);
    this.tray = createTray(store, (text) => this.asks.flash(text));
    this.loading = createLoading(store);
    this.people = createPeople(store, this.asks);
    this.messages = createMessages(store, this.asks);
    this.threads = createThreads(store, this.asks, (room) => this.enterRoom(room, "push"));
    this.actions = this.makeActions();
    store.subscribe(() => this.showInTab());
    onPlace((place) => this.follow(place));
    every(1_000, () => this.forgetOldThings());
  }

  begin(boot: Boot): void {
    this.version = boot.version;
    this.epoch = boot.epoch;
    if (boot.you !== undefined) this.openFor(boot.you.id);
    this.store.set((state) => fromBoot(state, boot));
    this.showInTab();
    if (boot.you === undefined) return;
    this.follow(herePlace());
    this.client.start();
  }

  /** What this browser keeps for a person, before anything is shown or sent in their name. */
  private openFor(you: UserId): void {
    void this.drafts.open(you);
    void this.tray.open(you);
    void this.outbox.open(you);
    this.people.open(you);
  }

  private makeActions(): Actions {
    const { store, client, outbox, drafts, tray, loading } = this;
    return {
      comeIn: (ask) => this.comeIn(ask),
      signOut: () => this.signOut(),
      goTo: (place) => {
        goTo(place, "push");
        this.follow(place);
      },
      enterRoom: (room) => this.enterRoom(room, "push"),
      browse: () => {
        goTo({ type: "browse" }, "push");
        this.showBrowse();
      },
      showPage: (page) => {
        goTo({ type: page }, "push");
        this.show({ type: page });
      },
      showUnread: (room) => {
        this.enterRoom(room, "push");
        this.visiting = room;
        showPanel({ type: "unread" });
      },
      jumpToMoment: (room, atMs) => this.jumpToMoment(room, atMs),
      goToMessage: ({ room, seq }) => {
        this.enterRoom(room, "push", seq);
        this.visiting = room;
        void this.showMessage({ room, seq });
      },
      forgetTarget: () => {
        if (store.get().target !== null) store.set((state) => ({ ...state, target: null }));
      },
      post: (room, text, answers, box = room) => {
        store.set((state) => changeRoom(state, room, (memory) => ({ ...memory, newLineAfter: null })));
        drafts.sent(box, outbox.post(room, text, answers, tray.take(box)));
      },
      retry: (clientId) => outbox.retry(clientId),
      discard: (clientId) => outbox.discard(clientId),
      editPending: (clientId) => {
        const pending = store.get().pending.find((message) => message.clientId === clientId);
        if (pending === undefined) return;
        outbox.discard(clientId);
        // What the box holds already is not lost to it.
        const { room, text, answers } = pending;
        const box: BoxId = answers?.thread === undefined ? room : `${room}/t/${answers.thread}`;
        tray.putBack(box, pending.files ?? []);
        const held = store.get().drafts.get(box)?.text ?? "";
        drafts.set(box, [text, held].filter(Boolean).join("\n"), text.length);
        if (answers?.quote !== undefined) drafts.quote(box, answers.quote);
      },
      loadOlder: (room) => void loading.older(room),
      loadGap: (room, seq) => void loading.gap(room, seq),
      reload: (room) => void loading.newest(room),
      home: () => this.follow({ type: "home" }),
      letGo: (room) => store.set((state) => changeRoom(state, room, letGo)),
      seen: (room, seq) => {
        if (this.heldUnread === room || this.visiting === room) return;
        this.markRead(room, seq);
        this.threads.seenInRoom(room);
      },
      attend: () => {
        this.visiting = null;
      },
      search: async (asked, dropped) => (await import("./searching")).search(asked, dropped),
      keepFound: (found) => store.set((state) => ({ ...state, found })),
      markRead: (room) => this.markReadByHand(room),
      markUnreadFrom: (room, seq) => this.markUnread({ room, seq }),
      markAllRead: () => this.markAllRead(),
      undoRead: (marks) => {
        store.set((state) => ({ ...state, flash: null }));
        for (const mark of marks) this.markUnread(mark);
      },
      clearNewLine: (room) =>
        store.set((state) => changeRoom(state, room, (memory) => ({ ...memory, newLineAfter: null }))),
      attach: (box, files) => tray.attach(box, files),
      detach: (box, key) => tray.cancel(box, key),
      retryFile: (box, key) => tray.retry(box, key),
      setDraft: (box, text, caret) => drafts.set(box, text, caret),
      setQuote: (box, seq) => drafts.quote(box, seq),
      typing: (room) => {
        if (nowMs() - (this.lastTypedMs.get(room) ?? 0) < TYPING_EVERY_MS) return;
        this.lastTypedMs.set(room, nowMs());
        client.say({ t: "typing", room });
      },
      savePosition: (room, position) =>
        store.set((state) => ({ ...state, positions: new Map(state.positions).set(room, position) })),
      ...roomActs(this.asks),
      ...this.people.acts,
      ...this.messages.acts,
      ...this.threads.acts,
      seenThread: (at, seq) => {
        if (this.visiting !== at.room) this.threads.acts.seenThread(at, seq);
      },
      joinRoom: async (room) => {
        const entered = await this.enterBy({ t: "join_room", room });
        return entered.ok ? { ok: true, value: null } : entered;
      },
      leaveRoom: async (room) => {
        const left = await this.done({ t: "leave_room", room });
        if (left.ok) {
          store.set((state) => removeRoom(state, room));
          this.enterRoom(this.firstRoom(), "push");
        }
        return left;
      },
      tryNow: () => client.tryNow(),
      flash: this.asks.flash,
    };
  }

  private async comeIn<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    this.leaving = "asked";
    const answer = await ask();
    const ended = this.leaving === ("ended" as typeof this.leaving);
    this.leaving = "no";
    if (!answer.ok) {
      if (ended) this.onStatus({ type: "signed_out" });
      return answer;
    }
    this.client.stop();
    forgetLink();
    this.begin(await bootByHttp());
    // Whoever comes in is shown in, also where the list of rooms has a screen of its own.
    const { current, screen } = this.store.get();
    const place = herePlace().type;
    if (current === null && screen === null && place !== "me" && place !== "admin")
      this.enterRoom(this.firstRoom(), "push");
    return answer;
  }

  private async signOut(): Promise<void> {
    this.leaving = "asked";
    const answer = await http.signOut();
    const ended = this.leaving === ("ended" as typeof this.leaving);
    // A session that is gone already is as good as ended; any other answer leaves it standing.
    if (!answer.ok && answer.status !== 401 && !ended) {
      this.leaving = "no";
      const flash = { text: strings.stillSignedIn, untilMs: nowMs() + UNDO_MS, undo: [] };
      this.store.set((state) => ({ ...state, flash }));
      return;
    }
    this.client.stop();
    writeLocal("room", null);
    this.people.forget();
    await this.drafts.forget();
    await this.tray.forget();
    window.location.assign("/");
  }

  private enterRoom(room: RoomId | null, how: "push" | "replace", seq: Seq | null = null): void {
    const state = this.store.get();
    if (room === null) {
      this.leave();
      goTo({ type: "home" }, how);
      return;
    }
    const memory = state.rooms.get(room);
    goTo({ type: "room", room, seq }, how);
    if (memory === undefined) {
      this.show({ type: "lost", room, name: null });
      return;
    }
    if (state.current === room) return;
    this.leave();
    writeLocal("room", String(room));
    // The New line is fixed on entering and stays until the room is left (UX 3.7.5).
    const newLineAfter = memory.state.unread > 0 ? memory.state.read : null;
    const visited = [room, ...state.visited.filter((other) => other !== room)].slice(0, VISITED_MAX);
    this.store.set((before) =>
      changeRoom({ ...before, current: room, visited }, room, (found) => ({ ...found, newLineAfter })),
    );
    this.fetchIfNeeded(room);
  }

  /** The lobby, or of a guest the room they were let into. */
  private firstRoom(): RoomId | null {
    return roomsInOrder(this.store.get())[0]?.state.room.id ?? null;
  }

  /** Loads around a message and goes there. */
  private async showMessage(target: Mark): Promise<void> {
    await this.loading.around(target.room, target.seq);
    const { current, rooms } = this.store.get();
    if (current !== target.room) return;
    const message = findMessage(rooms.get(target.room)?.segments ?? [], target.seq);
    const thread = message === null || standsInRoom(message) ? undefined : message.answers?.thread;
    // What stands in a thread alone is shown there.
    if (thread === undefined) this.store.set((state) => ({ ...state, target }));
    else this.threads.acts.openThread({ room: target.room, seq: thread });
  }

  private async jumpToMoment(room: RoomId, atMs: number): Promise<Outcome<null>> {
    const memory = this.store.get().rooms.get(room);
    if (memory === undefined) return refused(strings.noRoomHere);
    const { firstSince } = await import("./moments");
    const found = await firstSince(room, memory, atMs);
    if (!found.ok) return found;
    if (found.value === null) return refused(strings.nothingSince);
    this.enterRoom(room, "push", found.value);
    await this.showMessage({ room, seq: found.value });
    return { ok: true, value: null };
  }

  /** Shows something that is neither a room nor the list of them. */
  private show(screen: Screen): void {
    this.leave();
    this.store.set((state) => ({ ...state, screen }));
  }

  private showBrowse(): void {
    this.leave();
    this.store.set((state) => ({ ...state, browsing: true }));
  }

  private leave(): void {
    this.heldUnread = null;
    this.visiting = null;
    const { current, browsing, screen } = this.store.get();
    if (screen !== null) this.store.set((state) => ({ ...state, screen: null }));
    if (browsing) this.store.set((state) => ({ ...state, browsing: false }));
    if (current !== null) this.store.set((state) => changeRoom({ ...state, current: null }, current, setAside));
  }

  private fetchIfNeeded(room: RoomId): void {
    const memory = this.store.get().rooms.get(room);
    if (memory === undefined) return;
    if (!memory.loaded || memory.failed) void this.loading.newest(room);
  }

  private follow(place: Place): void {
    const { rooms } = this.store.get();
    if (this.store.get().you === null) return;
    if (place.type === "room") {
      this.enterRoom(place.room, "replace", place.seq);
      if (place.seq !== null) {
        this.visiting = place.room;
        void this.showMessage({ room: place.room, seq: place.seq });
      }
      if (this.store.get().current === place.room) showThreadOfAddress();
    } else if (place.type === "search") {
      this.followSearch();
    } else if (place.type === "browse") {
      this.showBrowse();
    } else if (isPage(place) || place.type === "nowhere") {
      this.show({ type: place.type });
    } else if (place.type === "me" || place.type === "admin" || place.type === "link" || isNarrow()) {
      this.leave();
    } else {
      const last = Number(readLocal("room"));
      this.enterRoom(rooms.has(last) ? last : this.firstRoom(), "replace");
    }
  }

  /** Looking for something stands beside a room, or before the list where that has a screen of its own. */
  private followSearch(): void {
    const typed = askedFor();
    goTo({ type: "home" }, "replace");
    this.follow({ type: "home" });
    const found = { typed, best: false, room: null, hits: [], next: null, behind: false, complete: false };
    this.store.set((state) => ({ ...state, found }));
    showPanel({ type: "search", everywhere: true });
  }

  private markRead(room: RoomId, seq: Seq): void {
    const memory = this.store.get().rooms.get(room);
    if (memory === undefined || seq <= memory.state.read || (this.markedRead.get(room) ?? 0) >= seq) return;
    this.markedRead.set(room, seq);
    void this.ask({ t: "mark_read", room, seq }).then((asked) => {
      if (!asked.ok) this.markedRead.delete(room);
    });
  }

  /** The room, and the threads whose replies are counted in it: nothing is left that keeps its count (C19). */
  private markReadByHand(room: RoomId): void {
    if (this.heldUnread === room) this.heldUnread = null;
    const state = this.store.get().rooms.get(room)?.state;
    if (state === undefined) return;
    const counted = state.unread > 0;
    this.markRead(room, state.head);
    if (counted) void this.threads.markRead(room);
  }

  private markUnread({ room, seq }: Mark): void {
    if (room === this.store.get().current) this.heldUnread = room;
    this.markedRead.delete(room);
    void this.ask({ t: "mark_unread", room, seq }).then((asked) => {
      if (!asked.ok || room !== this.store.get().current) return;
      this.store.set((state) => changeRoom(state, room, (memory) => ({ ...memory, newLineAfter: seq - 1 })));
    });
  }

  private markAllRead(): void {
    const unread = [...this.store.get().rooms.values()].filter((room) => room.state.unread > 0);
    if (unread.length === 0) return;
    const undo = unread.map(({ state }) => ({ room: state.room.id, seq: state.read + 1 }));
    for (const { state } of unread) this.markReadByHand(state.room.id);
    this.store.set((state) => ({ ...state, flash: { text: strings.allRead, untilMs: nowMs() + UNDO_MS, undo } }));
  }

  private async ask(command: Command, how: "ask" | "askOnceOnline" = "ask"): Promise<Outcome<Reply>> {
    const asked = await this.client[how](command);
    if ("reply" in asked) {
      const { reply } = asked;
      if (reply.is === "thread") {
        this.store.set((state) => changeRoom(state, reply.state.room, (room) => applyThread(room, reply.state)));
        this.countSoon(reply.state.room);
      }
      if (reply.is === "read") {
        const you = this.store.get().you?.id ?? 0;
        this.store.set((state) => changeRoom(state, reply.room, (room) => applyRead(room, reply, you)));
      }
      return { ok: true, value: reply };
    }
    return refused(asked.refusal?.message ?? strings.unreachable);
  }

  private async done(command: Command): Promise<Outcome<null>> {
    const asked = await this.ask(command, "askOnceOnline");
    return asked.ok ? { ok: true, value: null } : asked;
  }

  private async enterBy(command: Command): Promise<Outcome<RoomId>> {
    const asked = await this.ask(command, "askOnceOnline");
    if (!asked.ok) return asked;
    if (asked.value.is !== "room") return refused(strings.unreachable);
    const { state } = asked.value;
    this.store.set((before) => addRoom(before, newRoom(state)));
    this.enterRoom(state.room.id, "push");
    return { ok: true, value: state.room.id };
  }

  private onWelcome(said: Welcome): void {
    this.applyWaiting();
    const sameEpoch = this.epoch === undefined || this.epoch === said.epoch;
    const { current } = this.store.get();
    this.epoch = said.epoch;
    this.markedRead.clear();
    // Somebody else came in by another tab of this browser while this one was away.
    if (said.you.id !== this.store.get().you?.id) this.openFor(said.you.id);
    this.store.set((state) => welcome({ ...state, aheadMs: said.server_time - nowMs() }, said, sameEpoch));
    if (said.version !== this.version) this.store.set((state) => ({ ...state, newVersion: true }));
    const now = this.store.get();
    if (current !== null && now.current === null && now.screen === null) this.enterRoom(this.firstRoom(), "replace");
    if (current !== null) this.fetchIfNeeded(current);
    this.returnToFound();
    this.people.connected();
  }

  /** A room that was looked for in vain is there now: somebody added its reader. */
  private returnToFound(): void {
    const { screen, rooms } = this.store.get();
    if (screen?.type === "lost" && rooms.has(screen.room)) this.enterRoom(screen.room, "replace");
  }

  private sayBack(): void {
    const lost = this.lostAtMs;
    this.lostAtMs = null;
    if (lost === null || nowMs() - lost < SILENT_MS) return;
    const unread = [...this.store.get().rooms.values()].filter((room) => room.state.unread > 0);
    const count = unread.reduce((sum, room) => sum + room.state.unread, 0);
    this.store.set((state) => ({
      ...state,
      flash: { text: strings.back(count, unread.length), untilMs: nowMs() + BACK_MS, undo: [] },
    }));
  }

  private onFrame(frame: ServerFrame): void {
    this.frames.push(frame);
    if (this.framePlanned) return;
    this.framePlanned = true;
    onFrame(() => this.applyWaiting());
  }

  /** Everything that came since the last frame, as one change. */
  private applyWaiting(): void {
    this.framePlanned = false;
    const frames = this.frames;
    this.frames = [];
    if (frames.length === 0) return;
    const before = this.store.get();
    const [next, wishes] = applyFrames(before, frames, nowMs());
    this.store.set(() => (isAttentive() ? next : drawNewLine(before, next)));
    for (const wish of wishes) {
      if (wish.type === "load_newest") void this.loading.newest(wish.room);
      else if (wish.type === "load_people") this.people.news();
      else if (wish.type === "count") this.countSoon(wish.room);
      else if (wish.type === "load_messages") void this.messages.load(wish.room, wish.seqs);
      else void this.client.ask({ t: "catch_up", room: wish.room, after: wish.after });
    }
    this.returnToFound();
    this.outbox.pump();
  }

  /** Asks for the counts of a room, once for all that happens in it within a moment. */
  private countSoon(room: RoomId): void {
    if (this.counting.has(room)) return;
    this.counting.add(room);
    after(COUNT_MS, () => {
      this.counting.delete(room);
      void this.ask({ t: "count", room });
    });
  }

  private onStatus(status: Status): void {
    if (status.type === "online") {
      this.store.set((state) => ({ ...state, connection: { type: "online" } }));
      this.sayBack();
      this.outbox.pump();
      return;
    }
    const { connection } = this.store.get();
    if (status.type === "signed_out") {
      if (this.leaving !== "no") {
        this.leaving = "ended";
        return;
      }
      this.store.set((state) => ({ ...state, connection: { type: "signed_out" } }));
      return;
    }
    // The page's own first connection is not a loss.
    if (connection.type === "connecting" && status.type === "connecting") return;
    this.lostAtMs ??= nowMs();
    const sinceMs = this.lostAtMs;
    const type = isOnline() ? ("waiting" as const) : ("offline" as const);
    this.store.set((state) => ({ ...state, connection: { type, sinceMs } }));
  }

  private forgetOldThings(): void {
    const now = nowMs();
    this.store.set((state) => {
      let next = state;
      for (const id of state.rooms.keys()) next = changeRoom(next, id, (room) => expireTyping(room, now));
      if (next.flash !== null && next.flash.untilMs <= now) next = { ...next, flash: null };
      return next;
    });
  }

  private showInTab(): void {
    const state = this.store.get();
    const unread = anyUnread(state);
    const meant = meantUnread(state);
    const room = currentRoom(state)?.state.room.name;
    const where = room === undefined ? state.house.name : `${room} — ${state.house.name}`;
    const count = meant > 0 ? `(${countText(meant)}) ` : unread ? "• " : "";
    showInTab(count + where, unread);
  }
}
