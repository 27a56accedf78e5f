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
    const fetched: { path: string; type: string; body: Promise<Buffer> }[] = [];
    ada.page.on("response", (response) => {
      const [path, type] = [new URL(response.url()).pathname, response.request().resourceType()];
      if (["document", "script", "stylesheet", "font"].includes(type))
        fetched.push({ path, type, body: response.body() });
    });
    await ada.page.reload();
    await ada.sees("the first message");
    const packed = async (type: string) => {
      const bodies = await Promise.all(fetched.filter((file) => file.type === type).map((file) => file.body));
      return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
    };
    expect(await packed("script")).toBeGreaterThan(10_000);
    expect(await packed("script")).toBeLessThanOrEqual(120_000);
    expect(await packed("stylesheet")).toBeLessThanOrEqual(12_000);
    // The page, its style, its script; and the 200 bytes that set the theme before the first paint.
    expect(fetched.map(({ type }) => type).sort()).toEqual(["document", "script", "script", "stylesheet"]);
  },
);
