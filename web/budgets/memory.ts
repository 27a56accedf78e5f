/** What the page holds after many rooms and many switches. */

import { ROOMS, type Stage } from "./stage";
import { switchTo } from "./switching";
import type { Figures } from "./table";

const WALK = ROOMS.slice(0, 20);

export async function measureMemory(stage: Stage): Promise<Figures> {
  await stage.reader.page.reload();
  await stage.reader.roomInList("room-01").waitFor();
  for (const room of ROOMS) await switchTo(stage, room);
  const visited = await held(stage);
  const elements = await stage.reader.page.evaluate(() => document.querySelectorAll("*").length);
  await walk(stage, 100);
  const half = await held(stage);
  await walk(stage, 100);
  const end = await held(stage);
  return {
    heapRooms: visited.megabytes,
    heapSwitches: end.megabytes,
    heapGrowth: end.megabytes - half.megabytes,
    elements,
    detached: end.nodes - half.nodes,
  };
}

async function walk(stage: Stage, switches: number): Promise<void> {
  for (let at = 0; at < switches; at += 1) await switchTo(stage, WALK[at % WALK.length] ?? "room-01");
}

/** After everything that nobody holds was thrown away. */
async function held({ wire }: Stage): Promise<{ megabytes: number; nodes: number }> {
  await wire.send("HeapProfiler.enable");
  for (let round = 0; round < 3; round += 1) await wire.send("HeapProfiler.collectGarbage");
  await wire.send("Performance.enable");
  const { metrics } = await wire.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { megabytes: of("JSHeapUsedSize") / 1e6, nodes: of("Nodes") };
}
