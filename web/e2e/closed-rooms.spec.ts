/** Closed rooms: made, known to their members alone, looked after, and lost (ROOM-1, ROOM-5 to ROOM-11, T30). */

import { expect } from "vitest";
import { everythingKept } from "./kept";
import type { Person } from "./people";
import { scenario } from "./scene";

const FREE = { flags: ["--rate-limits", "off"] };

scenario(
  "ROOM-1, ROOM-5, ROOM-6: a closed room is made with a lock, known to nobody else, and read from its beginning by who is added",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("board", true);
    await ada.page.getByRole("img", { name: "Closed room" }).waitFor();
    await ada.page.getByText("Only the people in this room can read it.").first().waitFor();
    expect(await ada.roomInList("board").getAttribute("aria-label")).toBe("board, closed room");
    await ada.says("before you came");
    await ada.seesStored("before you came");
    await grace.page.getByText("Browse all rooms").click();
    await grace.page.getByRole("heading", { level: 2, name: "lobby" }).waitFor();
    expect(await grace.page.getByText("board").count()).toBe(0);

    await ada.opensDetails();
    await ada.details.getByRole("button", { name: "Add people" }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Add people" });
    await dialog.getByRole("searchbox").fill("gr");
    await dialog.getByLabel("Grace").waitFor();
    await ada.page.keyboard.press("ArrowDown");
    await ada.page.keyboard.press("Space");
    await ada.page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await ada.personInList("Grace").waitFor();
    await grace.goesTo("board");
    await grace.sees("before you came");
    await expect.poll(() => grace.lines()).toEqual(["Ada added Grace"]);
  },
);

scenario(
  "S44, ROOM-13: whoever looks after a room says by keyboard what newcomers see, and who is added reads it from then on",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("board", true);
    await ada.says("before you came");
    await ada.seesStored("before you came");
    await ada.opensDetails();
    const choices = ada.details.getByRole("group", { name: "What newcomers see" });
    await choices.getByRole("radio", { name: "Everything that was said before", checked: true }).focus();
    await ada.page.keyboard.press("ArrowDown");
    await choices.getByRole("radio", { name: "Only what is said from when they come", checked: true }).waitFor();
    await expect.poll(() => ada.lines()).toEqual(["Ada lets newcomers read only what is said from when they come"]);
    await ada.details.getByText("Who is added reads it from then on.").waitFor();

    await ada.details.getByRole("button", { name: "Add people" }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Add people" });
    await dialog.getByText("Who is added reads it from then on.").waitFor();
    await dialog.getByLabel("Grace").check();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await grace.goesTo("board");
    await ada.says("after you came");
    await grace.sees("after you came");
    expect(await grace.texts()).toEqual(["after you came"]);
    await grace.page.getByText("You can read what was said here since you came.").waitFor();
    await grace.opensDetails();
    await grace.details.getByText("They see only what is said from when they come.").waitFor();
    // What counts as unread for oneself is one's own to say, and nothing else is.
    expect(await grace.details.getByRole("radio").count()).toBe(3);
    await grace.page.reload();
    await grace.sees("after you came");
    expect(await grace.page.content()).not.toContain("before you came");
  },
);

scenario(
  "ROOM-7, T30: who is removed from a closed room on screen reads it no more, nothing of it stays, and their own words do",
  async (scene) => {
    const [ada, grace, alan] = [await scene.comes("Ada"), await scene.comes("Grace"), await scene.comes("Alan")];
    await ada.makesClosedRoom("board", "Grace", "Alan");
    await ada.says("the secret of the board");
    for (const person of [grace, alan]) {
      await person.goesTo("board");
      await person.sees("the secret of the board");
    }
    await grace.box.pressSequentially("half a thought of my own");
    await grace.letsPass(400);
    await ada.opensDetails();
    await ada.personInList("Grace").getByRole("button", { name: "More about Grace" }).click();
    await ada.page.getByRole("menuitem", { name: "Remove from this room" }).click();

    await grace.page.getByText("You can no longer read this room.").waitFor();
    expect(await grace.page.getByRole("heading", { level: 1 }).textContent()).toBe("board");
    expect(await grace.roomInList("board").count()).toBe(0);
    expect(await grace.page.locator("#box").count()).toBe(0);
    await grace.page.getByText("half a thought of my own").waitFor();
    await ada.says("after Grace");
    await alan.sees("after Grace");
    await expect.poll(() => alan.lines()).toContain("Ada removed Grace");
    expect(await grace.page.evaluate(everythingKept)).not.toContain("secret of the board");
    expect(await heapOf(grace)).not.toMatch(/secret of the board|after Grace/);

    // Also after a reload, and from the list, what she wrote herself is there.
    await grace.page.reload();
    await grace.page.getByText("There is no room at this address").waitFor();
    await grace.page.getByText("half a thought of my own").waitFor();
    expect(await grace.page.content()).not.toContain("secret of the board");
    await grace.page.getByRole("button", { name: "To the lobby" }).click();
    await grace.isIn("lobby");
    await grace.page.getByText("A room you lost").click();
    await grace.page.getByText("half a thought of my own").waitFor();

    // Who is added again is in it at once, and goes on writing.
    await ada.details.getByRole("button", { name: "Add people" }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Add people" });
    await dialog.getByLabel("Grace").check();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await grace.isIn("board");
    expect(await grace.box.inputValue()).toBe("half a thought of my own");
    await grace.box.press("Enter");
    await ada.sees("half a thought of my own");
  },
  FREE,
);

/** Every string that the page holds in memory, after what nobody holds was thrown away. */
async function heapOf(who: Person): Promise<string> {
  const session = await who.context.newCDPSession(who.page);
  const parts: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => parts.push(chunk));
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.takeHeapSnapshot");
  await session.detach();
  const { strings } = JSON.parse(parts.join("")) as { strings: string[] };
  return strings.join("\n");
}

scenario("ROOM-7: who is removed while they are away is told when they come back", async (scene) => {
  const ada = await scene.comes("Ada");
  const line = await scene.line();
  const grace = await scene.comes("Grace", {}, line);
  await ada.makesClosedRoom("board", "Grace");
  await grace.goesTo("board");
  line.cut();
  await ada.opensDetails();
  await ada.personInList("Grace").getByRole("button", { name: "More about Grace" }).click();
  await ada.page.getByRole("menuitem", { name: "Remove from this room" }).click();
  await expect.poll(() => ada.lines()).toContain("Ada removed Grace");
  line.mend();
  await grace.page.getByText("You can no longer read this room.").waitFor({ timeout: 30_000 });
});

scenario(
  "ROOM-8, ROOM-10, ROOM-11: managers say who writes and how often, others are offered nothing of it, and all is said in the box",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("news");
    await grace.joins("news");
    await grace.opensDetails();
    // What counts as unread for oneself is one's own to say, and nothing else is.
    expect(await grace.details.getByRole("radio").count()).toBe(3);
    expect(await grace.details.getByRole("button", { name: /^More about / }).count()).toBe(0);
    expect(await grace.details.getByRole("button", { name: "Archive this room" }).count()).toBe(0);

    await grace.box.fill("written before");
    await ada.opensDetails();
    await ada.details.getByRole("radio", { name: "Only those who look after it" }).click();
    await ada.details.getByText("Saved").waitFor();
    await grace.page.getByText(/^Only those who look after this room write here\. What you wrote/).waitFor();
    expect(await grace.box.inputValue()).toBe("written before");
    await grace.box.press("Enter");
    expect(await grace.row("written before").count()).toBe(0);
    await grace.details.getByText("Only those who look after this room write here.").waitFor();

    await ada.personInList("Grace").getByRole("button", { name: "More about Grace" }).click();
    await ada.page.getByRole("menuitem", { name: "Let them look after this room", exact: true }).click();
    await grace.details.getByRole("radio", { name: "Everyone in it" }).click();
    await grace.box.press("Enter");
    await ada.sees("written before");
    await ada.personInList("Grace").getByText("looks after this room").waitFor();
  },
);

scenario(
  "ROOM-11: in a slow room the next message waits, the shelf counts down in place, and nothing else waits with it",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("slow");
    await grace.joins("slow");
    await ada.opensDetails();
    // One choice right behind another undoes none.
    await ada.details.getByRole("radio", { name: "Only those who look after it" }).click();
    await ada.details.getByRole("radio", { name: "Everyone in it" }).click();
    await ada.details.getByLabel("Between two messages of one person").selectOption({ label: "One message in 5 s" });
    await grace.page.getByText("This room is slow: one message in 5 s.").waitFor();
    const boxAt = async () => (await grace.page.locator(".composer").boundingBox())?.y;
    const before = await boxAt();
    await grace.says("first");
    await grace.shelf.getByText(/^Your next message can go in 0:0[1-5]\.$/).waitFor();
    await grace.says("second");
    expect(await boxAt()).toBe(before);
    await grace.goesTo("lobby");
    await grace.says("meanwhile elsewhere");
    await grace.seesStored("meanwhile elsewhere", 2_000);
    await grace.goesTo("slow");
    expect(await grace.page.getByText("Not sent").count()).toBe(0);
    await grace.seesStored("second");
    await expect.poll(() => ada.texts()).toEqual(["first", "second"]);
  },
);

scenario(
  "ROOM-9: an archived room is read, says so in its box, keeps a draft, and is taken up again",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("done");
    await ada.says("the last word");
    await grace.joins("done");
    await grace.box.fill("not yet said");
    await ada.opensDetails();
    await ada.details.getByRole("button", { name: "Archive this room" }).click();
    await grace.page.getByText(/^This room is archived\..* What you wrote is kept here/).waitFor();
    expect(await grace.box.getAttribute("readonly")).toBe("");
    expect(await grace.page.getByRole("button", { name: "Send" }).count()).toBe(0);
    await grace.sees("the last word");
    await expect.poll(() => ada.box.getAttribute("placeholder")).toMatch(/^This room is archived\./);
    await ada.details.getByRole("button", { name: "Take this room up again" }).click();
    await grace.page.getByRole("button", { name: "Send" }).click();
    await ada.sees("not yet said");
  },
);

scenario("ROOM-8: leaving a closed room is asked once more, and a refusal is said there", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesClosedRoom("board", "Grace");
  await ada.page.getByRole("button", { name: "More about board" }).click();
  await ada.page.getByRole("menuitem", { name: "Leave" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Leave board?" });
  await dialog.getByText("You cannot come back by yourself.").waitFor();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await grace.goesTo("board");
  await grace.page.getByRole("button", { name: "More about board" }).click();
  await grace.page.getByRole("menuitem", { name: "Leave" }).click();
  await grace.page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await grace.isIn("lobby");
  expect(await grace.roomInList("board").count()).toBe(0);
  expect(await grace.page.getByText("You can no longer read this room.").count()).toBe(0);
});
