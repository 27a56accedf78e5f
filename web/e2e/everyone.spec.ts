/** The people of the house, what is done about a message, and addresses that lead nowhere (UX 3.5 K, MOD-1, HTTP-7). */

import { expect } from "vitest";
import { scenario } from "./scene";

scenario(
  "HTTP-4: the list of people has its own address, shows who is here, finds by any part of a name, and follows who comes",
  async (scene) => {
    const ada = await scene.comes("Ada Lovelace");
    await scene.comes("Grace Hopper");
    await ada.page.goto(`${scene.house.url}/people`);
    await ada.page.getByRole("heading", { level: 1, name: "People" }).waitFor();
    await ada.personInList("Grace Hopper").waitFor();
    const names = () => ada.page.locator(".everyone-name").allTextContents();
    expect(await names()).toEqual(["Ada Lovelace", "Grace Hopper"]);
    await ada.page.getByText("2 here now").waitFor();
    await ada.personInList("Ada Lovelace").getByText("you").waitFor();
    expect(
      await ada
        .personInList("Ada Lovelace")
        .getByRole("button", { name: /^Message/ })
        .count(),
    ).toBe(0);
    await scene.comes("Alan Turing");
    await expect.poll(names).toEqual(["Ada Lovelace", "Alan Turing", "Grace Hopper"]);
    await ada.page.getByRole("searchbox").fill("hop");
    expect(await names()).toEqual(["Grace Hopper"]);
    await ada.page.getByRole("searchbox").fill("nobody");
    await ada.page.getByText("Nobody is called “nobody”.").waitFor();
    await ada.page.goBack();
    await ada.isIn("lobby");
  },
);

scenario("MOD-1: a message is reported by keyboard, and what is refused is said beside the field", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await grace.says("something unkind");
  await ada.sees("something unkind");
  await ada.row("something unkind").focus();
  await ada.page.keyboard.press("m");
  await expect.poll(() => ada.page.getByRole("menuitem").allTextContents()).toHaveLength(9);
  await ada.page.keyboard.press("End");
  await ada.page.keyboard.press("Enter");
  const dialog = ada.page.getByRole("dialog", { name: "Report this message of Grace" });
  await dialog.getByLabel(/^What is wrong/).fill("x".repeat(20_000));
  await dialog.getByRole("button", { name: "Report" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel(/^What is wrong/).fill("It is unkind.");
  await dialog.getByRole("button", { name: "Report" }).click();
  await dialog.waitFor({ state: "detached" });
  await ada.shelf.getByText("Reported.").waitFor();
  // The focus is where it was: on the message.
  await expect.poll(() => ada.row("something unkind").evaluate((row) => row === document.activeElement)).toBe(true);
  // Of one's own messages there is nothing to report.
  await ada.says("my own");
  await ada.seesStored("my own");
  await ada.row("my own").focus();
  await ada.page.keyboard.press("m");
  await ada.page.getByRole("menuitem", { name: "Delete" }).waitFor();
  expect(await ada.page.getByRole("menuitem").allTextContents()).not.toContain("Report");
});

scenario(
  "HTTP-7: an address that is none says so in the page, and one of no room of one's own says that",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await grace.makesRoom("garden");
    const garden = new URL(grace.page.url()).pathname;
    await ada.page.goto(`${scene.house.url}/no/such/place`);
    await ada.page.getByRole("heading", { level: 1, name: "Nothing here" }).waitFor();
    await ada.page.getByRole("button", { name: "To the lobby" }).click();
    await ada.isIn("lobby");
    await ada.page.goto(`${scene.house.url}/r/999`);
    await ada.page.getByText("There is no room at this address, or it is not for you to read.").waitFor();
    // An open room one is not in is named, and can be joined from there.
    await ada.page.goto(scene.house.url + garden);
    await ada.page.getByText("You are not in garden yet.").waitFor();
    await ada.page.getByRole("button", { name: "Join" }).click();
    await ada.isIn("garden");
  },
);

scenario("HTTP-4: the list of all rooms follows what others make, while somebody looks at it", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.page.getByText("Browse all rooms").click();
  await ada.page.getByRole("heading", { level: 2, name: "lobby" }).waitFor();
  await grace.makesRoom("garden");
  await ada.page.getByRole("heading", { level: 2, name: "garden" }).waitFor({ timeout: 15_000 });
});

scenario("a long topic is read whole by pressing it", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.makesRoom("garden");
  const topic = "What grows, what does not, and why ".repeat(6).trim();
  await ada.page.getByRole("button", { name: "More about garden" }).click();
  await ada.page.getByRole("menuitem", { name: "Rename" }).click();
  await ada.page.getByLabel("Topic").fill(topic);
  await ada.page.getByRole("button", { name: "Save" }).click();
  await ada.page.getByRole("button", { name: /^Topic: What grows/ }).click();
  await ada.details.getByText(topic).waitFor();
});
