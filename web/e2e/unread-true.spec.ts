/** Unread is true, and the same on every device, whatever happens (T18, UNR-1, UNR-2). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";

const ROOM = 2;
const STEPS = 20;
const ACTS = 10;

/** Numbers below a bound that are the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Command = { readonly t: string } & Readonly<Record<string, unknown>>;

/** Sends commands in order over a connection of one's own; what is refused is refused. */
function sends(who: Person, commands: readonly Command[]): Promise<void> {
  return who.page.evaluate(
    (commands) =>
      new Promise<void>((done) => {
        const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
        socket.onopen = () => {
          socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
          commands.forEach((command, at) => {
            const id = command.t === "post" ? { client_id: crypto.randomUUID() } : {};
            socket.send(JSON.stringify({ ref: at + 2, ...command, ...id }));
          });
        };
        socket.onmessage = (event: MessageEvent<string>) => {
          const { ref } = JSON.parse(event.data) as { ref?: number };
          if (ref !== commands.length + 1) return;
          socket.close();
          done();
        };
      }),
    commands as Command[],
  );
}

/** What somebody else does in the room. `head` is the last seq there. */
function act(next: (below: number) => number, head: number, own: readonly number[]): Command {
  const mine = own[next(Math.max(1, own.length))] ?? head;
  const any = 1 + next(Math.max(1, head));
  const post = { t: "post", room: ROOM, text: next(3) === 0 ? `@Ada word ${head}` : `word ${head}` };
  switch (next(9)) {
    case 0:
      return { t: "delete", room: ROOM, seq: mine };
    case 1:
      return { t: "edit", room: ROOM, seq: mine, text: next(2) === 0 ? "@Ada other words" : "other words" };
    case 2:
      return { t: "react", room: ROOM, seq: any, emoji: "👏" };
    case 3:
    case 4:
      return { ...post, answers: { thread: any, ...(next(3) === 0 ? { also_in_room: true } : {}) } };
    default:
      return post;
  }
}

/** What the reader does on a third device. */
function readersAct(next: (below: number) => number, head: number): Command {
  const seq = 1 + next(Math.max(1, head));
  const post = { t: "post", room: ROOM, text: `mine ${head}` };
  const levels = ["all", "mentions", "nothing", "all"];
  switch (next(9)) {
    case 0:
      return { t: "mark_read", room: ROOM, seq };
    case 1:
      return { t: "mark_unread", room: ROOM, seq };
    case 2:
      return { t: "follow", room: ROOM, thread: seq };
    case 3:
      return { t: "unfollow", room: ROOM, thread: seq };
    case 4:
      return { t: "set_notify", room: ROOM, level: levels[next(levels.length)] };
    case 5:
      return { t: "mark_read", room: ROOM, seq, thread: 1 + next(Math.max(1, head)) };
    case 6:
      return { ...post, answers: { thread: seq } };
    default:
      return post;
  }
}

/** The count beside a room in the list, and how much of it are mentions. */
async function listed(who: Person): Promise<string> {
  const label = (await who.roomInList("news").getAttribute("aria-label")) ?? "";
  return `${/(\S+) unread/.exec(label)?.[1] ?? 0} unread, ${/(\d+) mention/.exec(label)?.[1] ?? 0} mentions`;
}

type Listed = { readonly seq: number; readonly mentions?: readonly { readonly of: unknown }[] };

for (const seed of [1, 2, 3]) {
  scenario(
    `T18: after 200 acts of two people by seed ${seed} two devices and the house agree on every count, and each has its messages`,
    async (scene) => {
      const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
      await ada.makesRoom("news");
      await grace.joins("news");
      await ada.goesTo("lobby");
      const second = await scene.anotherTab(ada);
      await second.goesTo("lobby");
      const you = (await ada.asks<{ you: { id: number } }>("boot")).you.id;
      const next = numbers(seed);
      for (let step = 0; step < STEPS; step += 1) {
        const page = await ada.asks<{ head: number; events: { seq: number; kind: string; by: { id: number } }[] }>(
          `rooms/${ROOM}/history?limit=200`,
        );
        const own = page.events.filter(({ kind, by }) => kind === "message" && by.id !== you).map(({ seq }) => seq);
        const others = Array.from({ length: ACTS - 3 }, () => act(next, page.head, own));
        const readers = Array.from({ length: 3 }, () => readersAct(next, page.head));
        await Promise.all([sends(grace, others), sends(ada, readers)]);
        const { events } = await ada.asks<{ events: Listed[] }>(`rooms/${ROOM}/unread`);
        const calling = events.filter(({ mentions = [] }) =>
          mentions.some(({ of }) => of !== null && typeof of === "object" && "person" in of && of.person === you),
        );
        const truth = `${events.length} unread, ${calling.length} mentions`;
        for (const device of [ada, second])
          await expect.poll(() => listed(device), { message: `seed ${seed}, step ${step}` }).toBe(truth);
      }
    },
    { flags: ["--rate-limits", "off"] },
  );
}
