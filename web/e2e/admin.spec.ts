/** The pages of those who look after the house (ADM, DOOR-2, DOOR-5, LINK-1), by keyboard and by mouse. */

import { expect } from "vitest";
import { PASSWORD, type Person } from "./people";
import { type Scene, scenario } from "./scene";
import { focus } from "./senses";

/** A member with an account. */
async function member(scene: Scene, ada: Person, name: string): Promise<Person> {
  const person = await scene.visitor({}, await ada.invites());
  await person.fills({ "Your name": name, Password: PASSWORD });
  await person.presses("Join");
  await person.isIn("lobby");
  return person;
}

async function opens(ada: Person, page: string): Promise<void> {
  await ada.page.goto(`${new URL(ada.page.url()).origin}/admin/${page}`);
  await ada.page.getByRole("heading", { level: 2 }).waitFor();
}

/** The rows of the table, cell by cell. */
function rows(ada: Person): Promise<string[][]> {
  return ada.page.locator("tbody tr").evaluateAll((found) =>
    found.map((row) =>
      [...row.children]
        .filter((cell) => !cell.classList.contains("table-actions"))
        .map((cell) => {
          const words = cell.cloneNode(true) as HTMLElement;
          words.querySelector(".table-detail")?.remove();
          return words.textContent ?? "";
        }),
    ),
  );
}

scenario(
  "ADM-3: by keyboard alone: to the people, sorted, one suspended and let in again, and the log says so",
  async (scene) => {
    const ada = await scene.owner("Ada");
    const grace = await member(scene, ada, "Grace");
    const press = async (keys: string, then: string) => {
      await ada.page.keyboard.press(keys);
      await expect.poll(() => focus(ada), { message: keys }).toEqual({ what: then, seen: true });
    };
    await ada.page.reload();
    await expect.poll(() => focus(ada)).toEqual({ what: "Message #lobby", seen: true });
    await press("F6", "lobby");
    await press("Shift+Tab", "Jump to…Ctrl+K");
    await press("Shift+Tab", "Harbour, the house");
    await press("Enter", "Invite people");
    await press("ArrowDown", "People");
    await press("ArrowDown", "House settings");
    await press("Enter", "Overview");
    for (const page of ["Log of acts", "House", "Reports", "Rooms", "Invitations", "At the door", "People"]) {
      await press("Shift+Tab", page);
    }
    await press("Enter", "People");
    await ada.page.getByRole("rowheader", { name: "Grace" }).waitFor();
    const names = async () => (await rows(ada)).map(([name]) => name);
    expect(await names()).toEqual(["Ada (you)", "Grace"]);
    await press("Tab", "Name");
    await press("Enter", "Name↑");
    expect(await names()).toEqual(["Ada (you)", "Grace"]);
    await press("Enter", "Name↓");
    expect(await names()).toEqual(["Grace", "Ada (you)"]);
    const sorted = ada.page.getByRole("columnheader", { name: "Name" });
    expect(await sorted.getAttribute("aria-sort")).toBe("descending");
    for (const column of ["Handle", "Role", "Since", "State", "More about Grace"]) await press("Tab", column);
    await press("Enter", "Change the role");
    await press("End", "Suspend");
    await press("Enter", "Why");
    const dialog = ada.page.getByRole("dialog", { name: "Suspend Grace" });
    await dialog.waitFor();
    await ada.page.keyboard.type("Too many sails");
    await press("Enter", "More about Grace");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(async () => (await rows(ada))[0]?.at(-1)).toMatch(/^Suspended, \d\d:\d\d$/);
    const out = grace.page.getByRole("dialog", { name: "You were signed out. Sign in to continue." });
    await out.waitFor();
    await press("Enter", "Change the role");
    await press("End", "Let in again");
    await press("Enter", "Why");
    await press("Enter", "More about Grace");
    await expect.poll(async () => (await rows(ada))[0]?.at(-1)).toBe("");
    // Esc leaves a dialog and changes nothing.
    await press("Enter", "Change the role");
    await press("Enter", "Role");
    await press("Escape", "More about Grace");
    await grace.page.reload();
    await grace.isIn("lobby");

    await opens(ada, "acts");
    await ada.page.getByRole("table").waitFor();
    const [first, second] = await rows(ada);
    expect([first?.slice(0, 4), second?.slice(0, 4)]).toEqual([
      ["Let in again", "Grace", "", "Ada"],
      ["Suspended", "Grace", "Too many sails", "Ada"],
    ]);
  },
);

scenario(
  "ADM-2: a role is given, and what one may do follows; a last owner stays one, and the dialog says so",
  async (scene) => {
    const ada = await scene.owner("Ada");
    const grace = await member(scene, ada, "Grace");
    const more = async (who: string, what: string) => {
      await ada.page.getByRole("button", { name: `More about ${who}` }).click();
      await ada.page.getByRole("menuitem", { name: what }).click();
    };
    await grace.page.getByRole("button", { name: "Harbour, the house" }).click();
    expect(await grace.page.getByRole("menuitem").allTextContents()).toEqual(["Shortcuts", "Preferences", "Sign out"]);
    await grace.page.goto(`${scene.house.url}/admin/people`);
    await grace.page.getByText("These pages are for those who look after the house.").waitFor();

    await opens(ada, "people");
    await more("Grace", "Change the role");
    await ada.page.getByLabel("Role", { exact: true }).selectOption("Administrator");
    await ada.presses("Change it");
    await expect.poll(async () => (await rows(ada)).map((row) => row[2])).toEqual(["Owner", "Administrator"]);
    // Grace's page learns of it by itself.
    await grace.page.getByRole("rowheader", { name: "Grace" }).waitFor();
    // An owner is the owners' to change, and the house itself too.
    expect(await grace.page.getByRole("button", { name: "More about Ada" }).count()).toBe(0);
    expect(await grace.page.getByRole("link", { name: "House", exact: true }).count()).toBe(0);

    await more("Ada", "Change the role");
    await ada.page.getByLabel("Role", { exact: true }).selectOption("Member");
    await ada.presses("Change it");
    const dialog = ada.page.getByRole("dialog", { name: "The role of Ada" });
    await dialog.getByRole("alert").waitFor();
    expect(await dialog.getByLabel("Role", { exact: true }).inputValue()).toBe("member");
    await ada.page.keyboard.press("Escape");

    await more("Grace", "Link for a new password");
    await ada.presses("Make the link");
    const link = new URL(await ada.page.getByRole("dialog").getByLabel("Link").inputValue());
    const elsewhere = await scene.visitor({}, link.pathname);
    await elsewhere.field("New password").fill("eight calm harbours");
    await elsewhere.presses("Set it and come in");
    await elsewhere.isIn("lobby");
    await ada.presses("Done");
    await more("Grace", "Sign out everywhere");
    await ada.page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
    await elsewhere.page.getByRole("dialog", { name: "You were signed out. Sign in to continue." }).waitFor();
  },
);

scenario(
  "LINK-1: an invitation is made with its rooms, shown as a picture, copied, used, and taken back",
  async (scene) => {
    const ada = await scene.owner("Ada");
    await ada.makesRoom("engineering");
    await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await opens(ada, "invitations");
    const invite = async (fields: Readonly<Record<string, string>>, note: string) => {
      await ada.presses("New invitation");
      const dialog = ada.page.getByRole("dialog", { name: "Invite" });
      for (const [label, choice] of Object.entries(fields)) await dialog.getByLabel(label).selectOption(choice);
      await ada.field("For whom it is").fill(note);
      return dialog;
    };
    const dialog = await invite({ "For how many": "Five people", "It holds for": "A day" }, "The yard");
    await dialog.getByRole("checkbox", { name: "engineering" }).check();
    await ada.presses("Make the link");
    const picture = dialog.getByRole("img", { name: "The link, to be photographed" });
    await picture.waitFor();
    expect(await picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0)).toBe(true);
    const url = await dialog.getByLabel("Link").inputValue();
    await ada.presses("Copy");
    await dialog.getByRole("button", { name: "Copied" }).waitFor();
    expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(url);
    await ada.presses("Done");

    const grace = await scene.visitor({}, new URL(url).pathname);
    await grace.page.getByText("Ada invited you. You will be in the lobby and engineering.").waitFor();
    await grace.fills({ "Your name": "Grace", Password: PASSWORD });
    await grace.presses("Join");
    await grace.roomInList("engineering").waitFor();

    // A link for guests is to one room: none was chosen, and the dialog says so and stays.
    const second = await invite({ "They come as": "Guest of one room" }, "Nobody");
    await ada.presses("Make the link");
    await second.getByRole("alert").waitFor();
    expect(await ada.field("For whom it is").inputValue()).toBe("Nobody");
    await ada.presses("Cancel");

    await ada.page.reload();
    await ada.page.getByRole("table").waitFor();
    expect((await rows(ada))[0]?.toSpliced(4, 1)).toEqual([
      "The yard",
      "Member, engineering",
      "Ada",
      "1 of 5",
      "Holds",
    ]);
    await ada.page.getByRole("button", { name: "Take back the invitation The yard" }).click();
    await ada.page.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
    await expect.poll(async () => (await rows(ada))[0]?.at(-1)).toBe("Taken back");
    const late = await scene.visitor({}, new URL(url).pathname);
    await expect.poll(() => late.page.getByRole("alert").textContent()).toMatch(/taken back/);
  },
);

scenario(
  "DOOR-2: name and door of the house change at once; what cannot be changed is put back and said",
  async (scene) => {
    const ada = await scene.owner("Ada");
    await opens(ada, "house");
    await ada.field("Name").fill("");
    await ada.presses("Save");
    expect(await ada.refusalOf("Name")).not.toBe("");
    await ada.field("Name").fill("The yard");
    await ada.presses("Save");
    await ada.page.getByText("Saved").waitFor();
    const door = ada.page.getByRole("group", { name: "Door" });
    await door.getByRole("radio", { name: "By approval" }).check();
    await door.getByText("Saved").waitFor();

    const grace = await scene.visitor();
    await grace.page.getByRole("heading", { level: 1, name: "The yard" }).waitFor();
    await grace.fills({ "Your name": "Grace", "Who are you?": "From the yard" });
    await grace.presses("Ask to come in");
    await opens(ada, "knocks");
    await ada.page.getByRole("rowheader", { name: "Grace" }).waitFor();
    await ada.page.getByRole("button", { name: "Let Grace in" }).click();
    await ada.page.getByText("Grace may come in.").waitFor();
    await grace.isIn("lobby");
    await ada.page.getByText("Nobody waits at the door.").waitFor();

    await opens(ada, "house");
    await scene.house.stop();
    await door.getByRole("radio", { name: "By invitation" }).click();
    await expect
      .poll(() => door.getByRole("alert").textContent())
      .toBe("Could not reach the house. Try again in a moment.");
    expect(await door.getByRole("radio", { name: "By approval" }).isChecked()).toBe(true);
  },
);

scenario(
  "ADM-5: what was reported is read and settled; ADM-4: a room is archived and taken up again",
  async (scene) => {
    const ada = await scene.owner("Ada");
    const grace = await member(scene, ada, "Grace");
    await grace.makesRoom("harvest");
    await ada.page.getByRole("link", { name: "lobby" }).click();
    await ada.says("cheap sails");
    await grace.goesTo("lobby");
    await grace.seesStored("cheap sails");
    await grace.reports("cheap sails", "advertising");
    await opens(ada, "overview");
    const reports = ada.page.getByRole("definition").nth(5);
    await expect.poll(() => reports.textContent()).toBe("1");
    await reports.getByRole("link").click();
    await ada.page.getByRole("table").waitFor();
    expect((await rows(ada))[0]?.slice(0, 5)).toEqual(["cheap sails", "Ada", "lobby", "Grace", "advertising"]);
    await ada.page.getByRole("button", { name: "Settle the report about Ada" }).click();
    await ada.field("Why").fill("It was a joke");
    await ada.page.keyboard.press("Enter");
    await ada.page.getByText("There is nothing to look at.").waitFor();

    await opens(ada, "rooms");
    const state = async () => (await rows(ada)).map((row) => [row[0], row.at(-1)]);
    await expect.poll(state).toEqual([
      ["lobby", "In use"],
      ["harvest", "In use"],
    ]);
    await ada.page.getByRole("button", { name: "Archive harvest" }).click();
    await ada.page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
    await expect.poll(state).toContainEqual(["harvest", "Archived"]);
    await grace.goesTo("harvest");
    await expect.poll(() => grace.lines()).toContain("Ada archived this room");
    await ada.page.getByRole("button", { name: "Take harvest up again" }).click();
    await ada.page.getByRole("dialog").getByRole("button", { name: "Take up again" }).click();
    await expect.poll(state).toContainEqual(["harvest", "In use"]);
  },
);

scenario("DOOR-6: who may not make rooms is not shown the way to, and the owner still is", async (scene) => {
  const ada = await scene.owner("Ada");
  const grace = await member(scene, ada, "Grace");
  const offers = async (person: Person) => {
    await person.page.goto(`${new URL(person.page.url()).origin}/rooms`);
    await person.page.getByRole("button", { name: "Open lobby" }).waitFor();
    return person.page.getByRole("button", { name: "New room" }).count();
  };
  expect(await offers(grace)).toBe(1);
  await ada.asks("admin/house", { rooms_by: "administrators" });
  expect(await offers(grace)).toBe(0);
  expect(await offers(ada)).toBe(1);
});
