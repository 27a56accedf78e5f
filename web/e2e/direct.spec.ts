/** Direct rooms: begun from a person, the same for the same people, shown as people (DIR-1 to DIR-4, UX 3.5 E). */

import { expect } from "vitest";
import { scenario } from "./scene";

scenario(
  "DIR-1: a word to somebody begins a direct room that both find again, with their presence and no lines about adding",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada Lovelace"), await scene.comes("Grace Hopper")];
    await ada.writesTo("Grace Hopper");
    const path = new URL(ada.page.url()).pathname;
    await ada.page.getByText("Only you and Grace Hopper can read this.").waitFor();
    await ada.page.locator(".room-header").getByText("here now").waitFor();
    await expect.poll(() => ada.page.title()).toBe("Grace Hopper — Parlour");
    expect(await ada.box.getAttribute("aria-label")).toBe("Message Grace Hopper");
    await ada.says("between us");
    await ada.seesStored("between us");
    expect(await ada.lines()).toEqual([]);

    // It is unread, counted in the title, and named with who is there.
    await grace.page.mouse.move(700, 300);
    const row = grace.roomInList("Ada Lovelace");
    await expect.poll(() => row.getAttribute("aria-label")).toBe("Ada Lovelace, here now, 1 unread");
    await expect.poll(() => grace.page.title()).toBe("(1) lobby — Parlour");
    await grace.goesTo("Ada Lovelace");
    await grace.sees("between us");
    expect(await grace.lines()).toEqual([]);
    // Rows of the list move only while no pointer is over them.
    await grace.page.mouse.move(700, 300);
    const section = grace.page.locator(".rail-section", { hasText: "People" });
    await section.getByText("Ada Lovelace").waitFor();

    await grace.goesTo("lobby");
    await grace.writesTo("Ada Lovelace");
    expect(new URL(grace.page.url()).pathname).toBe(path);
    await grace.sees("between us");
    await grace.page.getByRole("button", { name: "More about Ada Lovelace" }).click();
    const offered = await grace.page.getByRole("menuitem").allTextContents();
    expect(offered).toEqual(["Mark read", "Room details", "Pinned messages", "Why is this unread?", "Jump to a date"]);
    await grace.page.keyboard.press("Escape");

    // A direct room follows who is there.
    await ada.page.close();
    await expect.poll(() => row.getAttribute("aria-label"), { timeout: 60_000 }).toBe("Ada Lovelace, away");
    await grace.page.locator(".room-header").getByText("away").waitFor();
    expect(await grace.lines()).toEqual([]);
  },
);

scenario(
  "DIR-1: a talk of several is begun with a search and the space bar, and is called by first names",
  async (scene) => {
    const ada = await scene.comes("Ada Lovelace");
    const [grace, alan] = [await scene.comes("Grace Hopper"), await scene.comes("Alan Turing")];
    await scene.comes("Alan Kay");
    const begins = async (...people: string[]) => {
      await ada.page.getByText("All people").click();
      await ada.page.getByRole("button", { name: "Message several" }).click();
      const dialog = ada.page.getByRole("dialog", { name: "Who should be in it?" });
      for (const person of people) {
        await dialog.getByRole("searchbox").fill(person.split(" ")[1] ?? person);
        await ada.page.keyboard.press("ArrowDown");
        await ada.page.keyboard.press("Space");
      }
      await dialog.getByRole("button", { name: "Start" }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await begins("Grace Hopper", "Alan Turing");
    await ada.isIn("Alan, Grace");
    await ada.page.getByText("Only you, Alan Turing and Grace Hopper can read this.").waitFor();
    await ada.says("the three of us");
    await grace.goesTo("Ada, Alan");
    await grace.sees("the three of us");
    await alan.goesTo("Ada, Grace");
    await alan.sees("the three of us");
    // Two who share a first name are called by their whole names.
    await begins("Alan Turing", "Alan Kay");
    await ada.isIn("Alan Kay, Alan Turing");
  },
);

scenario(
  "DIR-4: a card beside a name blocks and unblocks; what the blocked say is folded away everywhere and after a reload",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.says("hello there");
    await ada.sees("hello there");
    await ada.row("hello there").getByRole("button", { name: "Grace", exact: true }).click();
    const card = ada.page.getByRole("dialog", { name: "About Grace" });
    await card.getByText("here now").waitFor();
    await card.getByRole("button", { name: "Block" }).click();
    await card.getByText("You block them").waitFor();
    await ada.page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
    const fold = ada.page.getByText("Message from somebody you blocked.");
    await fold.waitFor();
    expect(await ada.row("hello there").count()).toBe(0);
    await grace.says("are you there?");
    await expect.poll(() => fold.count()).toBe(2);
    // Nothing of it is read out either.
    await ada.letsPass(800);
    expect(await ada.log.allTextContents()).toEqual(["Grace: hello there"]);
    await ada.page.getByRole("button", { name: "Show" }).last().click();
    await ada.sees("are you there?");
    await ada.page.reload();
    await expect.poll(() => fold.count()).toBe(2);
    expect(await ada.texts()).toEqual(Array(2).fill("Message from somebody you blocked. Show"));

    // The blocked are told nothing, and cannot begin a talk: as if there were nobody.
    await grace.page.getByText("All people").click();
    await grace.page.getByRole("button", { name: "Message Ada", exact: true }).click();
    await grace.page.getByRole("alert").waitFor();

    await ada.page.getByText("All people").click();
    await ada.personInList("Grace").getByRole("button", { name: "Grace", exact: true }).click();
    await ada.page.getByRole("button", { name: "Unblock" }).click();
    await ada.page.getByRole("button", { name: "Block", exact: true }).waitFor();
    await ada.page.keyboard.press("Escape");
    await ada.goesTo("lobby");
    await ada.sees("are you there?");
  },
);

scenario("DIR-4: in a direct room with somebody one blocks, the box says so", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.writesTo("Grace");
  await ada.says("hello");
  await grace.goesTo("Ada");
  await grace.opensDetails();
  await grace.personInList("Ada").getByRole("button", { name: "Ada", exact: true }).click();
  await grace.page.getByRole("button", { name: "Block" }).click();
  await expect.poll(() => grace.box.getAttribute("placeholder")).toBe("You block Ada. Unblock them to write to them.");
  await grace.page.getByRole("button", { name: "Unblock" }).click();
  await expect.poll(() => grace.box.getAttribute("placeholder")).toBe("Write to Ada");
});
