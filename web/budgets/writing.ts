/** Keys, one's own row, what others say, and all of it during a burst. */

import { ARCHIVE, type Stage } from "./stage";
import { type Figures, p95 } from "./table";

/** Between two keys of somebody who types twice as fast as most. */
const KEY_MS = 40;
export const LETTERS = "what the tide brings the tide takes away again and nobody minds ".repeat(4).slice(0, 200);

export async function measureWriting(stage: Stage): Promise<Figures> {
  const { reader, writer } = stage;
  await reader.goesTo(ARCHIVE);
  const keyToPaint = p95((await types(stage, LETTERS.slice(0, 60))).delays);
  await stage.slower(4);
  const keyToPaintSlow = p95((await types(stage, LETTERS.slice(0, 60))).delays);
  await stage.slower(1);

  const own = [];
  for (let at = 0; at < 20; at += 1) own.push(await sends(stage, `mine ${at}`));
  const received = [];
  await writer.goesTo(ARCHIVE);
  for (let at = 0; at < 20; at += 1) {
    const text = `theirs ${at}`;
    const painted = reader.page.evaluate(paintedRow, text);
    await writer.says(text);
    received.push((await painted) - (await reader.page.evaluate((text) => window.eye.heard(text), text)));
  }
  return { keyToPaint, keyToPaintSlow, ownRow: p95(own), receiveToPaint: p95(received), ...(await duringBurst(stage)) };
}

/** Runs in the page: when a row with this text has been painted. */
function paintedRow(text: string): Promise<number> {
  return window.eye.until(() => [...document.querySelectorAll(".row-body")].some((row) => row.textContent === text));
}

/** Milliseconds from Enter to one's own row. */
async function sends({ reader }: Stage, text: string): Promise<number> {
  await reader.box.fill(text);
  const pressed = reader.page.evaluate(
    () =>
      new Promise<number>((done) =>
        addEventListener("keydown", ({ timeStamp }) => done(timeStamp), { once: true, capture: true }),
      ),
  );
  const painted = reader.page.evaluate(paintedRow, text);
  await reader.page.evaluate(() => window.eye.painted());
  await reader.box.press("Enter");
  return (await painted) - (await pressed);
}

/** Types letter by letter; how long after each key its frame was painted, and what stands in the box. */
export async function types(
  { reader }: Pick<Stage, "reader">,
  text: string,
): Promise<{ delays: number[]; value: string }> {
  await reader.box.fill("");
  await reader.box.focus();
  await reader.page.evaluate(() => {
    const delays: number[] = [];
    const box = document.querySelector("#box");
    const listen = (event: Event) => {
      void window.eye.painted().then((at) => delays.push(at - event.timeStamp));
    };
    box?.addEventListener("keydown", listen);
    Object.assign(window, { delays, hush: () => box?.removeEventListener("keydown", listen) });
  });
  for (const letter of text) {
    await reader.page.keyboard.press(letter === " " ? "Space" : letter);
    await new Promise((over) => setTimeout(over, KEY_MS));
  }
  const delays = await reader.page.evaluate(async () => {
    await window.eye.painted();
    const page = window as unknown as { delays: number[]; hush: () => void };
    page.hush();
    return page.delays;
  });
  const value = await reader.box.inputValue();
  await reader.box.fill("");
  return { delays, value };
}

async function duringBurst(stage: Stage): Promise<Figures> {
  const { reader, writer } = stage;
  const room = Number(/\d+/.exec(new URL(reader.page.url()).pathname)?.[0]);
  await reader.page.evaluate(() => window.eye.watch());
  const burst = writer.page.evaluate(pour, { rooms: [room], perSecond: 200, seconds: 5 });
  const { delays, value } = await types(stage, LETTERS);
  await burst;
  const { tasks } = await reader.page.evaluate(() => window.eye.watched());
  return {
    burstTask: Math.max(0, ...tasks),
    burstKey: p95(delays),
    burstLost: LETTERS.length - value.length,
  };
}

type Pouring = { readonly rooms: readonly number[]; readonly perSecond: number; readonly seconds: number };

/** Runs in the writer's page: so many messages a second, evenly, into one room after the other, over a connection of its own. */
export function pour({ rooms, perSecond, seconds }: Pouring): Promise<void> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
    let said = 0;
    socket.onerror = () => failed(new Error("the connection broke"));
    socket.onopen = () => {
      socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
      const began = performance.now();
      const timer = setInterval(() => {
        const due = Math.min(perSecond * seconds, ((performance.now() - began) / 1_000) * perSecond);
        for (; said < due; said += 1) {
          const client_id = crypto.randomUUID();
          const room = rooms[said % rooms.length];
          socket.send(JSON.stringify({ ref: said + 2, t: "post", room, client_id, text: `burst ${said}` }));
        }
        if (said < perSecond * seconds) return;
        clearInterval(timer);
        setTimeout(() => {
          socket.close();
          done();
        }, 200);
      }, 20);
    };
  });
}
