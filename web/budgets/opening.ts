/** What a first visit fetches, and when its first message is painted. */

import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import type { Stage } from "./stage";
import type { Figures } from "./table";

const NEEDED = ["document", "script", "stylesheet", "font"];
/** 1.6 Mbit/s each way, 150 ms to an answer. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 200_000 };
const FREE = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

export async function measureOpening(stage: Stage): Promise<Figures> {
  const { reader, wire } = stage;
  await reader.goesTo("room-01");
  await reader.page.locator("[data-seq]").first().waitFor();
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  const fetched: { url: string; type: string }[] = [];
  let open = true;
  reader.page.on("request", (request) => {
    if (open && NEEDED.includes(request.resourceType()))
      fetched.push({ url: request.url(), type: request.resourceType() });
  });
  const firstCold = await reload(reader.page);
  open = false;
  const bodies = await Promise.all(
    fetched.map(async ({ url, type }) => ({ type, body: await (await reader.page.request.get(url)).body() })),
  );
  const packed = (type: string, pack: (body: Buffer) => Buffer) =>
    bodies.filter((one) => one.type === type).reduce((sum, { body }) => sum + pack(body).length, 0);
  const gzip = (body: Buffer) => gzipSync(body, { level: 9 });

  await wire.send("Network.emulateNetworkConditions", SLOW_4G);
  await stage.slower(4);
  const firstSlow = await reload(reader.page);
  await stage.slower(1);
  await wire.send("Network.emulateNetworkConditions", FREE);
  await wire.send("Network.setCacheDisabled", { cacheDisabled: false });
  await reload(reader.page);
  const firstAgain = await reload(reader.page);
  return {
    scriptGzip: packed("script", gzip),
    scriptBrotli: packed("script", (body) => brotliCompressSync(body)),
    styleGzip: packed("stylesheet", gzip),
    fonts: fetched.filter(({ type }) => type === "font").length,
    requests: fetched.length,
    lazyBefore: fetched.filter(({ url }) => /emoji|highlight|admin|search/i.test(new URL(url).pathname)).length,
    firstCold,
    firstSlow,
    firstAgain,
  };
}

async function reload(page: Page): Promise<number> {
  await page.reload({ waitUntil: "commit" });
  return page.evaluate(() => window.eye.firstMessage);
}
