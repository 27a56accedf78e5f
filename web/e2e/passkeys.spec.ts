/** Passkeys, with Chromium's virtual authenticator: made, shown, named, removed; and a dialog that is closed loses nothing (KEY). */

import { expect } from "vitest";
import { Device, named } from "./passkeys";
import { PASSWORD, type Person } from "./people";
import { type Scene, scenario } from "./scene";
import { graveFindings, LOOKS } from "./senses";

async function opens(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "You and your settings" }).click();
  await person.page.getByRole("menuitem", { name: "Preferences" }).click();
  await person.page.getByRole("link", { name: "Passkeys" }).click();
  await person.page.getByRole("heading", { name: "Passkeys", level: 2 }).waitFor();
}

async function signsOut(person: Person): Promise<void> {
  await person.page.goto(home(person));
  await person.box.waitFor();
  await person.page.getByRole("button", { name: "You and your settings" }).click();
  await person.page.getByRole("menuitem", { name: "Sign out" }).click();
  await person.page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
}

function home(person: Person): string {
  return new URL("/", person.page.url()).href;
}

async function owner(scene: Scene): Promise<Person> {
  return (await scene.visitor({}, scene.house.ownerLink, named(scene.house))).becomesOwner("Ada");
}

scenario(
  "KEY-3, KEY-5: a passkey is added by keyboard, signs in without a handle, and is renamed and removed",
  async (scene) => {
    const ada = await owner(scene);
    const device = await Device.of(ada);
    await opens(ada);
    await ada.page.getByRole("button", { name: "Add a passkey" }).focus();
    await ada.page.keyboard.press("Enter");
    await expect.poll(() => ada.field("Name").evaluate((field) => field === document.activeElement)).toBe(true);
    await ada.page.keyboard.type("My phone");
    await ada.field("Password").fill("seven small ships");
    await ada.page.keyboard.press("Enter");
    expect(await ada.refusalOf("Password")).toBe("That is not your password.");
    expect(await ada.field("Name").inputValue()).toBe("My phone");
    await ada.field("Password").fill(PASSWORD);
    await ada.page.keyboard.press("Enter");
    const rows = ada.page.getByRole("main").getByRole("listitem");
    await rows.getByText("My phone").waitFor();
    await rows.getByText(/^not used yet, made /).waitFor();
    expect(await device.count()).toBe(1);

    await signsOut(ada);
    await ada.presses("Sign in");
    await ada.presses("Use a passkey");
    await ada.isIn("lobby");
    await ada.says("without a word typed");
    await ada.seesStored("without a word typed");

    await opens(ada);
    await rows.getByText(/^used /).waitFor();
    await ada.page.getByRole("button", { name: "Rename My phone" }).focus();
    await ada.page.keyboard.press("Enter");
    await ada.field("Name").fill(" ");
    await ada.page.keyboard.press("Enter");
    expect(await ada.refusalOf("Name")).toBe("Type a name for the passkey.");
    await ada.field("Name").fill("Old phone");
    await ada.page.keyboard.press("Enter");
    await rows.getByText("Old phone").waitFor();
    await expect.poll(() => ada.page.evaluate(() => document.activeElement?.textContent)).toBe("Add a passkey");
    await ada.page.getByRole("button", { name: "Remove Old phone" }).focus();
    await ada.page.keyboard.press("Enter");
    await ada.page.keyboard.type(PASSWORD);
    await ada.page.keyboard.press("Enter");
    await ada.page.getByText("You have none yet.").waitFor();
    await signsOut(ada);
    await ada.presses("Sign in");
    await ada.presses("Use a passkey");
    await ada.page.getByText("That passkey opens nothing here.").waitFor();
  },
);

scenario(
  "KEY-4: a dialog that is closed keeps what was typed, and an account is made with a passkey in place of a password",
  async (scene) => {
    const ada = await owner(scene);
    const grace = await scene.visitor({}, await ada.invites(), named(scene.house));
    const device = await Device.of(grace);
    await device.recognises(false);
    await grace.fills({ "Your name": "Grace Hopper", Password: "half a password" });
    await grace.presses("Use a passkey instead of a password");
    await grace.page.getByText("No passkey was made. Nothing else has changed.").waitFor();
    for (const [label, text] of [
      ["Your name", "Grace Hopper"],
      ["Handle", "grace-hopper"],
      ["Password", "half a password"],
    ] as const) {
      expect(await grace.field(label).inputValue()).toBe(text);
    }
    await device.recognises(true);
    // Somebody has that handle: the house says so beside it, and the device forgets what was made for nothing.
    await grace.field("Handle").fill("ada");
    await grace.presses("Use a passkey instead of a password");
    expect(await grace.refusalOf("Handle")).not.toBe("");
    await expect.poll(() => device.count()).toBe(0);
    await grace.field("Handle").fill("grace");
    await grace.presses("Use a passkey instead of a password");
    await grace.isIn("lobby");
    expect(await device.count()).toBe(1);

    // What outlasts the session asks for it again; given up, what was typed stays.
    await grace.page.goto(`${named(scene.house).url}/me/password`);
    await grace.field("New password").fill("eight calm harbours");
    await device.recognises(false);
    await grace.presses("Change it");
    await grace.page.getByText("No passkey was shown. Nothing else has changed.").waitFor();
    expect(await grace.field("New password").inputValue()).toBe("eight calm harbours");
    await device.recognises(true);
    await grace.presses("Change it");
    await grace.page.getByText("Changed. Everywhere else you were signed out.").waitFor();
    await grace.page.goto(`${named(scene.house).url}/me/passkeys`);
    await grace.page
      .getByRole("main")
      .getByRole("listitem")
      .getByText(/^Chrom/)
      .waitFor();

    await signsOut(grace);
    await grace.presses("Sign in");
    await device.recognises(false);
    await grace.fills({ "Handle or e-mail": "grace", Password: "eight calm" });
    await grace.presses("Use a passkey");
    await grace.page.getByText("No passkey was shown. Nothing else has changed.").waitFor();
    expect(await grace.field("Handle or e-mail").inputValue()).toBe("grace");
    expect(await grace.field("Password").inputValue()).toBe("eight calm");
    await device.recognises(true);
    await grace.presses("Use a passkey");
    await grace.isIn("lobby");
  },
);

scenario("KEY-1: at an address by number the page says which one to open", async (scene) => {
  const visitor = await scene.visitor();
  await visitor.presses("Sign in");
  await visitor.presses("Use a passkey");
  await visitor.page.getByText(`Open ${named(scene.house).url} instead.`).waitFor();
});

for (const [how, look] of LOOKS) {
  scenario(
    `T35: axe finds nothing serious ${how}, where passkeys are made, shown, named and removed`,
    async (scene) => {
      const found: string[] = [];
      const lookAt = async (who: Person, where: string) => {
        found.push(...(await graveFindings(who, where)));
        const wide = await who.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) found.push(`${where}: ${wide} px too wide`);
      };
      const way = named(scene.house);
      const ada = await (await scene.visitor(look, scene.house.ownerLink, way)).becomesOwner("Ada");
      const device = await Device.of(ada);
      await ada.page.goto(`${way.url}/me/passkeys`);
      await ada.presses("Add a passkey");
      await ada.fills({ Name: "a name as long as names can be!!", Password: "wrong" });
      await ada.page.keyboard.press("Enter");
      await ada.refusalOf("Password");
      await lookAt(ada, "adding a passkey");
      await ada.field("Password").fill(PASSWORD);
      await ada.page.keyboard.press("Enter");
      await ada.page.getByText("Added").waitFor();
      await lookAt(ada, "a list of passkeys");
      await ada.page.getByRole("button", { name: /^Rename / }).click();
      await lookAt(ada, "naming a passkey");
      await ada.presses("Cancel");
      await ada.page.getByRole("button", { name: /^Remove / }).click();
      await lookAt(ada, "removing a passkey");
      const visitor = await scene.visitor(look, "/", way);
      const strange = await Device.of(visitor);
      await strange.recognises(false);
      await visitor.presses("Sign in");
      await visitor.presses("Use a passkey");
      await visitor.page.getByRole("alert").waitFor();
      await lookAt(visitor, "no passkey was shown");
      expect([found, await device.count()]).toEqual([[], 1]);
    },
  );
}
