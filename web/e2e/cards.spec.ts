/** Link cards: what is behind a link, for two people; not for who does not want to see it, and for nobody when its writer says so. */

import { afterAll, beforeAll, expect } from "vitest";
import type { Person } from "./people";
import { drift, firstInView, stands } from "./pixels";
import { scenario } from "./scene";
import { graveFindings } from "./senses";
import { Site } from "./site";

const site = await Site.start();
const flags = ["--rate-limits", "off", "--link-cards", "on", "--card-hosts", site.at];
beforeAll(() => site.release());
afterAll(() => site.close());

const card = (person: Person, name: string | RegExp) => person.page.getByRole("link", { name });

scenario(
  "LINK-1: a link has a card for both, no browser asks the site, and who does not want to see cards sees none",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const bea = await scene.comes("Bea");
    const asked: string[] = [];
    for (const person of [ada, bea])
      person.page.on("request", (request) => {
        if (request.url().includes(site.at)) asked.push(request.url());
      });
    await ada.says(`look at ${site.link("/tea")}`);
    for (const person of [ada, bea]) {
      const link = card(person, /^Tea in the harbour.*Harbour News · 127\.0\.0\.1$/);
      await link.waitFor();
      expect(await link.getAttribute("href")).toBe(site.link("/tea"));
      expect(await link.getAttribute("rel")).toContain("noopener");
      const box = await link.boundingBox();
      expect(box?.height).toBe(84);
      await person.page.waitForFunction(
        () => (document.querySelector<HTMLImageElement>(".link-card img")?.naturalWidth ?? 0) > 0,
      );
    }
    expect(asked).toEqual([]);
    expect(site.asked).toEqual(["/tea", "/tea.png"]);
    expect(await graveFindings(bea, "a timeline with link cards")).toEqual([]);
    await bea.page.evaluate(() => localStorage.setItem("cards", "hidden"));
    await bea.page.reload();
    await bea.page.locator(".row-body", { hasText: "look at" }).waitFor();
    expect(await bea.page.locator(".link-card").count()).toBe(0);
    await ada.page.reload();
    await card(ada, /^Tea in the harbour/).waitFor();
  },
  { flags },
);

scenario(
  "LINK-2: who wrote a message takes its card away for both, nobody else can, and an address in brackets has none",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const bea = await scene.comes("Bea");
    await ada.says(`first ${site.link("/one")}`);
    for (const person of [ada, bea]) await card(person, /^The page \/one/).waitFor();
    await card(bea, /^The page \/one/).hover();
    expect(await bea.page.getByRole("button", { name: "Remove link cards" }).count()).toBe(0);
    await card(ada, /^The page \/one/).hover();
    await ada.page.getByRole("button", { name: "Remove link cards" }).click();
    for (const person of [ada, bea]) await card(person, /^The page \/one/).waitFor({ state: "detached" });
    await ada.says(`second <${site.link("/unwanted")}>`);
    await ada.says(`third ${site.link("/two")}`);
    await card(bea, /^The page \/two/).waitFor();
    expect(site.asked).not.toContain("/unwanted");
    expect(await bea.page.locator(".link-card").count()).toBe(1);
  },
  { flags },
);

scenario(
  "T12: what is read does not move by a pixel while link cards come above it and below",
  async (scene) => {
    const ada = await scene.comes("Ada", { width: 1_000, height: 500 });
    const bea = await scene.comes("Bea");
    site.hold();
    for (let n = 0; n < 3; n += 1) await bea.says(`above ${n} ${site.link(`/above-${n}`)}`);
    await bea.says("the anchor");
    for (let n = 0; n < 20; n += 1) await bea.says(`line ${n}`);
    await bea.says(`below ${site.link("/below")}`);
    await ada.page.locator(".row-body", { hasText: /^below/ }).waitFor();
    const anchor = ada.page.getByText("the anchor", { exact: true });
    // What is above it is out of view: the first row in view is the one that must stay.
    await anchor.evaluate((row) => row.scrollIntoView({ block: "start" }));
    await stands(ada.page);
    const mark = await firstInView(ada.page);
    const strayed = ada.page.evaluate(async ({ key, top }) => {
      const { port1, port2 } = new MessageChannel();
      const painted = () =>
        new Promise<void>((next) => {
          port1.onmessage = () => next();
          requestAnimationFrame(() => port2.postMessage(null));
        });
      let most = 0;
      const row = document.querySelector(`[data-id="${CSS.escape(key)}"]`);
      for (let after = 0; after < 8; after += document.querySelectorAll(".link-card").length < 3 ? 0 : 1) {
        await painted();
        most = Math.max(most, Math.abs((row?.getBoundingClientRect().top ?? Number.POSITIVE_INFINITY) - top));
      }
      return most;
    }, mark);
    site.release();
    expect(await strayed).toBeLessThanOrEqual(1);
    await card(bea, /^The page \/below/).waitFor();
    await card(ada, /^The page \/above-0/).waitFor({ state: "attached" });
    expect(await drift(ada.page, mark)).toBeLessThanOrEqual(1);
  },
  { flags },
);
