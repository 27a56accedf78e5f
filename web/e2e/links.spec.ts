/** Links into a house: its first owner, invitations, guests, new passwords (DOOR-3, LINK-1 to LINK-5). */

import { expect } from "vitest";
import { PASSWORD } from "./people";
import { scenario } from "./scene";

const CLOCK = { clock: true };

scenario(
  "DOOR-3: the owner makes the house on one page, and whom they invite is talking after three actions",
  async (scene) => {
    const { ownerLink } = scene.house;
    const ada = await scene.visitor({}, ownerLink);
    await ada.fills({ "Name of the house": "Harbour", "Your name": "Ada Lovelace", Password: PASSWORD });
    expect(await ada.field("Handle").inputValue()).toBe("ada-lovelace");
    await ada.page.keyboard.press("Enter");
    await ada.isIn("lobby");
    await expect.poll(() => ada.page.title()).toBe("lobby — Harbour");
    expect(await ada.box.evaluate((box) => box === document.activeElement)).toBe(true);

    const note = ada.page.getByRole("complementary", { name: "Invite people" });
    const link = new URL(await note.getByLabel("Link").inputValue());
    const grace = await scene.visitor({}, link.pathname);
    await grace.page.getByText("Ada Lovelace invited you.").waitFor();
    await grace.field("Your name").fill("Grace");
    await grace.field("Password").fill(PASSWORD);
    await grace.page.keyboard.press("Enter");
    await grace.isIn("lobby");
    await grace.page.keyboard.type("I am here");
    await grace.page.keyboard.press("Enter");
    await ada.sees("I am here");

    // Neither token is in an address any more, nor in what Back leads to.
    for (const person of [ada, grace]) {
      await person.page.goBack();
      expect(person.page.url()).not.toMatch(/owner|join/);
    }
    await ada.page.goto(scene.house.url);
    await note.getByRole("button", { name: "Make a link" }).waitFor();
    await note.getByRole("button", { name: "Put this away" }).click();
    await ada.page.reload();
    await ada.box.waitFor();
    expect(await note.count()).toBe(0);

    const late = await scene.visitor({}, ownerLink);
    await late.fills({ "Name of the house": "Mine", "Your name": "Mallory", Password: PASSWORD });
    await late.presses("Open the house");
    expect(await late.page.getByRole("alert").textContent()).toBe("This link leads nowhere. Ask for another one.");
    expect(await late.field("Name of the house").inputValue()).toBe("Mine");
    expect(await late.field("Password").inputValue()).toBe(PASSWORD);
  },
);

scenario("ACC-1: what an account is refused for is said beside its field, and what was typed stays", async (scene) => {
  const ada = await scene.owner("Ada");
  const grace = await scene.visitor({}, await ada.invites());
  const typed = { "Your name": "Ada", Handle: "ada", Password: "short" };
  await grace.fills(typed);
  await grace.presses("Join");
  expect(await grace.refusalOf("Password")).toBe(
    "A password needs at least 8 characters. A few words in a row are good.",
  );
  await grace.field("Password").fill(PASSWORD);
  await grace.presses("Join");
  await expect.poll(() => grace.refusalOf("Handle")).toBe("The handle ada is taken.");
  expect(await grace.field("Password").inputValue()).toBe(PASSWORD);
  await grace.field("Handle").fill("grace");
  await grace.presses("Join");
  await expect.poll(() => grace.refusalOf("Your name")).toMatch(/^Ada is taken\./);
  expect(await grace.field("Handle").inputValue()).toBe("grace");
  await grace.presses("Add an e-mail address");
  await grace.fills({ "Your name": "Grace", "E-mail": "nowhere" });
  await grace.presses("Join");
  await expect.poll(() => grace.refusalOf("E-mail")).toBe("That is no e-mail address. Leave it out if you like.");
  await grace.field("E-mail").fill("grace@example.org");
  await grace.presses("Join");
  await grace.isIn("lobby");
});

scenario(
  "LINK-1: a link that was used, taken back, is over or never was says which, and leads to the house",
  async (scene) => {
    const ada = await scene.owner("Ada");
    const [used, taken, old] = [await ada.invites(), await ada.invites(), await ada.invites({ expires_s: 3_600 })];
    const grace = await scene.visitor({}, used);
    const late = await scene.visitor({}, used);
    const sight = await scene.visitor({}, old);
    await grace.fills({ "Your name": "Grace", Password: PASSWORD });
    await grace.presses("Join");
    await grace.isIn("lobby");
    // Two held the same link; for one of them it is over while they type.
    await late.fills({ "Your name": "Alan", Password: PASSWORD });
    await late.presses("Join");
    const said = (person: typeof late) => person.page.getByRole("alert").textContent();
    await expect.poll(() => said(late)).toMatch(/^This invitation was used/);
    expect([await late.field("Your name").inputValue(), await late.field("Handle").inputValue()]).toEqual([
      "Alan",
      "alan",
    ]);

    const { invitations } = await ada.asks<{ invitations: { id: number }[] }>("admin/invitations");
    await ada.asks(`admin/invitations/${invitations[1]?.id}/revoke`, {});
    scene.house.setClock(new Date(Date.now() + 2 * 3_600_000));
    await sight.page.reload();
    await expect.poll(() => said(sight)).toMatch(/over/);
    await sight.page.goto(scene.house.url + taken);
    await expect.poll(() => said(sight)).toMatch(/taken back/);
    await sight.page.goto(`${scene.house.url}/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`);
    await expect.poll(() => said(sight)).toBe("This link leads nowhere. Ask for another one.");
    await sight.presses("To the house");
    await sight.field("Your name").waitFor();
    expect(new URL(sight.page.url()).pathname).toBe("/");
  },
  CLOCK,
);

scenario("LINK-4: by a guest link a name is enough, and one room is all there is", async (scene) => {
  const ada = await scene.owner("Ada");
  await ada.makesRoom("harvest");
  const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
  const guest = await scene.visitor({}, await ada.invites({ role: "guest", rooms: [room] }));
  await guest.page.getByText("Ada invited you. As a guest of one room. You will be in harvest.").waitFor();
  expect(await guest.page.getByRole("textbox").count()).toBe(1);
  await guest.page.keyboard.type("Ada");
  await guest.page.keyboard.press("Enter");
  expect(await guest.refusalOf("Your name")).toMatch(/^Ada is taken\./);
  await guest.comesIn("Robin");
  await guest.isIn("harvest");
  await guest.says("I only came to look");
  await ada.sees("I only came to look");
  expect(await guest.roomInList("lobby").count()).toBe(0);
  await guest.page.reload();
  await guest.isIn("harvest");
});

scenario(
  "LINK-4: a guest who was removed is led back by no name, and the link is taken back at once",
  async (scene) => {
    const ada = await scene.owner("Ada");
    await ada.makesClosedRoom("harvest");
    const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
    const link = await ada.invites({ role: "guest", rooms: [room], uses: 0 });
    const guest = await scene.visitor({}, link);
    await guest.comesIn("Robin");
    await guest.isIn("harvest");
    await ada.opensDetails();
    await ada.personInList("Robin").getByRole("button", { name: "More about Robin" }).click();
    await ada.page.getByRole("menuitem", { name: "Remove from this room" }).click();
    const asked = ada.page.getByRole("dialog", { name: "A link for guests still leads here" });
    await asked.getByText(/^Robin was removed/).waitFor();
    await guest.page.goto(scene.house.url + link);
    const said = (person: typeof guest) => person.page.getByRole("alert").textContent();
    await expect.poll(() => said(guest)).toMatch(/^Somebody was removed from this room in this browser\./);
    await guest.asks("sign-out", {});
    await guest.page.reload();
    await expect.poll(() => said(guest)).toMatch(/^Somebody was removed from this room in this browser\./);

    const other = await scene.visitor({}, link);
    await other.field("Your name").waitFor();
    await asked.getByRole("button", { name: "Take back" }).click();
    await asked.waitFor({ state: "detached" });
    await other.page.reload();
    await expect.poll(() => said(other)).toMatch(/taken back/);
  },
);

scenario(
  "LINK-3: who is inside with a name alone becomes one of the house by an invitation; who has an account goes on in",
  async (scene) => {
    const ada = await scene.owner("Ada");
    await ada.makesRoom("engineering");
    const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
    const grace = await scene.comes("Grace");
    await grace.says("before I had an account");
    await grace.seesStored("before I had an account");
    const { id } = (await grace.asks<{ you: { id: number } }>("boot")).you;
    await grace.page.goto(scene.house.url + (await ada.invites()));
    await grace.page.getByText(/^You are Grace, and what you said stays yours\./).waitFor();
    expect(await grace.field("Your name").count()).toBe(0);
    await grace.fills({ Handle: "grace", Password: PASSWORD });
    await grace.presses("Join");
    await grace.isIn("lobby");
    await expect.poll(() => grace.asks("account")).toMatchObject({ handle: "grace" });
    await grace.sees("before I had an account");
    expect((await grace.asks<{ you: { id: number } }>("boot")).you).toMatchObject({
      id,
      name: "Grace",
      role: "member",
    });

    await grace.page.goto(scene.house.url + (await ada.invites({ rooms: [room] })));
    await grace.page.getByText("You are Grace.", { exact: true }).waitFor();
    expect(await grace.page.getByRole("textbox").count()).toBe(0);
    await grace.presses("Join");
    await grace.roomInList("engineering").waitFor();
    await expect.poll(() => new URL(grace.page.url()).pathname).toMatch(/^\/r\//);
    expect(await grace.page.getByRole("dialog").count()).toBe(0);
  },
);

scenario("LINK-5: by a reset link a new password is chosen, once, and it lets one in", async (scene) => {
  const ada = await scene.owner("Ada");
  const grace = await scene.visitor({}, await ada.invites());
  await grace.fills({ "Your name": "Grace", Password: PASSWORD });
  await grace.presses("Join");
  await grace.isIn("lobby");
  const { you } = await grace.asks<{ you: { id: number } }>("boot");
  const { url } = await ada.asks<{ url: string }>(`admin/people/${you.id}/reset-link`, {});
  const elsewhere = await scene.visitor({}, new URL(url).pathname);
  await elsewhere.field("New password").fill("grace");
  await elsewhere.presses("Set it and come in");
  expect(await elsewhere.refusalOf("New password")).toMatch(/^A password needs at least 8 characters/);
  await elsewhere.field("New password").fill("eight calm harbours");
  await elsewhere.presses("Show New password");
  expect(await elsewhere.field("New password").getAttribute("type")).toBe("text");
  await elsewhere.presses("Set it and come in");
  await elsewhere.isIn("lobby");
  expect(elsewhere.page.url()).not.toContain("reset");
  // Where she was signed in before, she is asked in again, and not by the old password.
  const dialog = grace.page.getByRole("dialog", { name: "You were signed out. Sign in to continue." });
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await grace.fills({ "Handle or e-mail": "grace", Password: PASSWORD });
  await grace.page.keyboard.press("Enter");
  expect(await grace.refusalOf("Password")).toBe("That handle and that password do not go together.");
  expect(await grace.field("Handle or e-mail").inputValue()).toBe("grace");
  await grace.field("Password").fill("eight calm harbours");
  await grace.page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await grace.isIn("lobby");
});
