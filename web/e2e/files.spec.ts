/** Files: attached, shown, read, looked at and had, by two people (T12, T14, T24). */

import { expect } from "vitest";
import { areWhole, attaches, gives, picture, tray } from "./attached";
import { scenario } from "./scene";
import { graveFindings, LOOKS } from "./senses";

scenario(
  "T24: one picture is pasted, three files are dropped, one is too large, one is cancelled, and Enter sends the rest",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const bea = await scene.comes("Bea");
    await gives(ada, "paste", [picture("pasted.png", 600, 400)]);
    // The house is told of a length that it does not take; nobody has to make so many bytes for it.
    await ada.page.evaluate(() => {
      Object.defineProperty(File.prototype, "size", {
        get(this: File) {
          return this.name === "film.mkv" ? 300 * 1024 * 1024 : new Blob([this]).size;
        },
        configurable: true,
      });
    });
    await gives(ada, "drop", [
      picture("dropped.png", 900, 500),
      { name: "film.mkv", mimeType: "video/x-matroska", buffer: Buffer.from("x") },
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("buy milk\n") },
    ]);
    await areWhole(ada, 4);
    expect(await tray(ada).getByRole("alert").textContent()).toContain("Larger than 256 MB");
    await tray(ada).getByRole("button", { name: "Remove dropped.png" }).click();
    await areWhole(ada, 3);
    expect(await bea.page.locator(".files").count()).toBe(0);
    await ada.box.press("Enter");
    await bea.page.getByRole("button", { name: "Show pasted.png larger" }).waitFor();
    const shown = bea.page.locator(".file-picture img");
    expect(await shown.count()).toBe(1);
    expect(await shown.evaluate((img) => [img.getAttribute("width"), img.getAttribute("height")])).toEqual([
      "214",
      "143",
    ]);
    await bea.page.getByText("notes.txt", { exact: true }).waitFor();
    expect(await tray(ada).getByRole("listitem").count()).toBe(1);
    await bea.page.getByRole("button", { name: "Show what notes.txt says" }).click();
    await bea.page.getByText("buy milk").waitFor();
    await ada.page.getByRole("button", { name: "Remove film.mkv" }).click();
    expect(await tray(ada).count()).toBe(0);
  },
);

scenario(
  "T14: attached files are there after a switch, a reload and a crash, and sent ones are gone",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await ada.makesRoom("engineering");
    await attaches(ada, picture("plan.png", 300, 200));
    await areWhole(ada, 1);
    await ada.box.pressSequentially("look");
    await ada.goesTo("lobby");
    expect(await tray(ada).count()).toBe(0);
    await ada.goesTo("engineering");
    await areWhole(ada, 1);
    await ada.page.reload();
    await ada.box.waitFor();
    await areWhole(ada, 1);
    expect(await ada.box.inputValue()).toBe("look");
    const gone = ada.page.waitForEvent("crash");
    const killer = await ada.context.newCDPSession(ada.page);
    void killer.send("Page.crash").catch(() => undefined);
    await gone;
    const again = await scene.anotherTab(ada);
    await again.goesTo("engineering");
    await areWhole(again, 1);
    await again.box.press("Enter");
    await again.page.getByRole("button", { name: "Show plan.png larger" }).waitFor();
    await again.page.reload();
    await again.page.getByRole("button", { name: "Show plan.png larger" }).waitFor();
    expect(await tray(again).count()).toBe(0);
  },
);

scenario("T12: what is read does not move by a pixel while pictures come, below and above", async (scene) => {
  const ada = await scene.comes("Ada");
  const bea = await scene.comes("Bea");
  for (let n = 0; n < 3; n += 1) {
    await attaches(bea, picture(`above-${n}.png`, 800, 600));
    await areWhole(bea, 1);
    await bea.box.fill(`words ${n}`);
    await bea.box.press("Enter");
    await ada.page.getByRole("button", { name: `Show above-${n}.png larger` }).waitFor();
  }
  for (let n = 0; n < 30; n += 1) await bea.says(`line ${n}`);
  await ada.seesStored("line 29");
  // Pictures come late, as over a bad network, to a page that knows none of them.
  let come: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    come = resolve;
  });
  await ada.page.route("**/files/**", async (route) => {
    await late;
    await route.continue();
  });
  await ada.page.reload();
  await ada.sees("line 29");
  const anchor = ada.page.getByText("words 2", { exact: true });
  await anchor.scrollIntoViewIfNeeded();
  const top = () => anchor.evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  await attaches(bea, picture("below.png", 700, 900));
  await areWhole(bea, 1);
  await bea.box.press("Enter");
  await bea.page.getByRole("button", { name: "Show below.png larger" }).waitFor();
  const pictures = () =>
    ada.page.evaluate(() =>
      [...document.querySelectorAll<HTMLImageElement>(".file-picture img")].map((img) => img.naturalWidth > 0),
    );
  expect((await pictures()).length).toBeGreaterThan(0);
  expect((await pictures()).some((here) => here)).toBe(false);
  come();
  await ada.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>(".file-picture img")].every((img) => img.naturalWidth > 0),
  );
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
});

scenario(
  "a picture is looked at by keyboard alone, with the others of the room, and Esc goes back to it",
  async (scene) => {
    const ada = await scene.comes("Ada");
    await attaches(ada, picture("one.png", 1_200, 800), picture("two.png", 400, 700));
    await areWhole(ada, 2);
    await ada.box.press("Enter");
    const two = ada.page.getByRole("button", { name: "Show two.png larger" });
    await two.focus();
    await ada.page.keyboard.press("Enter");
    const box = ada.page.locator("dialog.lightbox");
    await box.waitFor();
    expect(await box.getAttribute("aria-label")).toBe("two.png, picture 2 of 2");
    await ada.page.keyboard.press("ArrowLeft");
    await ada.page.locator('dialog.lightbox[aria-label="one.png, picture 1 of 2"]').waitFor();
    expect(await box.locator("img").evaluate((img: HTMLImageElement) => img.complete || img.width > 0)).toBe(true);
    const [download] = await Promise.all([
      ada.page.waitForEvent("download"),
      box.getByRole("link", { name: "Download one.png" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("one.png");
    await ada.page.keyboard.press("Escape");
    await box.waitFor({ state: "detached" });
    expect(await two.evaluate((button) => button === document.activeElement)).toBe(true);
  },
);

scenario("a file goes on by itself after the line was cut, and after the house was killed", async (scene) => {
  const line = await scene.line();
  const ada = await scene.comes("Ada", {}, line);
  const bea = await scene.comes("Bea");
  const bytes = Buffer.alloc(9_000_000, "0123456789abcdef\n");
  let parts = 0;
  await ada.page.route("**/part?at=*", async (route) => {
    parts += 1;
    if (parts === 2) await scene.house.stop();
    await route.continue();
  });
  await attaches(ada, { name: "large.txt", mimeType: "text/plain", buffer: bytes });
  await ada.page.getByText("Goes on when the house is reached").waitFor();
  await scene.house.start();
  await areWhole(ada, 1);
  await ada.box.press("Enter");
  await bea.page.getByText("large.txt", { exact: true }).waitFor();
  const path = await bea.page.getByRole("link", { name: "Download large.txt" }).getAttribute("href");
  const got = await bea.page.request.get(new URL(path ?? "", scene.house.url).href);
  expect((await got.body()).equals(bytes)).toBe(true);
});

scenario("a page with files, a tray and a picture in front has no serious finding of axe", async (scene) => {
  for (const [place, [how, look]] of LOOKS.entries()) {
    const ada = await scene.comes(`Ada ${place}`, look);
    if (await ada.page.getByRole("link", { name: "lobby" }).isVisible()) await ada.goesTo("lobby");
    await attaches(ada, picture("one.png", 300, 200), {
      name: "notes.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("buy milk"),
    });
    await areWhole(ada, 2);
    await ada.box.press("Enter");
    await ada.page.getByRole("button", { name: "Show what notes.txt says" }).first().click();
    await attaches(ada, { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) });
    await tray(ada).getByRole("alert").waitFor();
    expect(await graveFindings(ada, `a timeline with files ${how}`)).toEqual([]);
    await ada.page.getByRole("button", { name: "Show one.png larger" }).first().click();
    await ada.page.locator("dialog.lightbox").waitFor();
    expect(await graveFindings(ada, `the lightbox ${how}`)).toEqual([]);
    await ada.page.keyboard.press("Escape");
  }
});
