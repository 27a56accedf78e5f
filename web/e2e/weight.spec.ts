/** What must be fetched before the first message is on screen (UX 3.11). */

import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { scenario } from "./scene";

scenario(
  "T40: the first message needs at most 120 kB of script and 12 kB of style, packed, in three requests",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.says("the first message");
    await ada.seesStored("the first message");
    const fetched: { url: string; type: string }[] = [];
    ada.page.on("request", (request) => {
      const type = request.resourceType();
      if (["document", "script", "stylesheet", "font"].includes(type)) fetched.push({ url: request.url(), type });
    });
    // As somebody who was never here before: nothing comes from a cache, and nothing is answered with 304.
    const wire = await ada.context.newCDPSession(ada.page);
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    await ada.page.reload();
    await ada.sees("the first message");
    const packed = async (type: string) => {
      let bytes = 0;
      for (const file of fetched.filter((file) => file.type === type)) {
        const response = await ada.page.request.get(file.url);
        bytes += gzipSync(await response.body(), { level: 9 }).length;
      }
      return bytes;
    };
    expect(await packed("script")).toBeGreaterThan(10_000);
    expect(await packed("script")).toBeLessThanOrEqual(120_000);
    expect(await packed("stylesheet")).toBeLessThanOrEqual(12_000);
    // The page, its style, its script; and the 200 bytes that set the theme before the first paint.
    expect(fetched.map(({ type }) => type).sort()).toEqual(["document", "script", "script", "stylesheet"]);
  },
);
