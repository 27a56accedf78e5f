/** One's own pages: the account, its password and second factor, where one is signed in, how it looks (ACC-2, ACC-5 to ACC-7). */

import { expect } from "vitest";
import { codeOf } from "./authenticator";
import { PASSWORD, type Person } from "./people";
import { type Scene, scenario } from "./scene";

/** Signs in to an account at the door of an open house, as far as its password. */
async function signsIn(scene: Scene, handle: string, password: string): Promise<Person> {
  const person = await scene.visitor();
  await person.presses("Sign in");
  await person.fills({ "Handle or e-mail": handle, Password: password });
  await person.page.keyboard.press("Enter");
  return person;
}

async function opens(person: Person, page: string): Promise<void> {
  await person.page.getByRole("button", { name: "You and your settings" }).click();
  await person.page.getByRole("menuitem", { name: "Preferences" }).click();
  await person.page.getByRole("link", { name: page }).click();
  await person.page.getByRole("heading", { name: page, level: 2 }).waitFor();
}

scenario("ACC-2: who came with a name alone makes an account and stays who they are, on any machine", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.says("said with a name alone");
  await ada.seesStored("said with a name alone");
  const before = await ada.asks<{ you: object }>("boot");
  await opens(ada, "Profile");
  await ada.fills({ Handle: "ada", Password: "ada" });
  await ada.presses("Make an account");
  expect(await ada.refusalOf("Password")).toMatch(/^A password needs at least 8 characters/);
  expect(await ada.field("Handle").inputValue()).toBe("ada");
  await ada.field("Password").fill(PASSWORD);
  await ada.presses("Make an account");
  await ada.page.getByText("You have an account now.").waitFor();
  // The page asks the house anew when it says so.
  await expect.poll(() => ada.page.getByRole("definition").allTextContents()).toEqual(["Ada", "ada", "None"]);
  expect(await ada.page.getByRole("dialog").count()).toBe(0);
  expect((await ada.asks<{ you: object }>("boot")).you).toEqual(before.you);
  const elsewhere = await signsIn(scene, "ada", PASSWORD);
  await elsewhere.isIn("lobby");
  await elsewhere.says("and from elsewhere");
  await ada.page.goBack();
  await ada.page.goBack();
  await ada.isIn("lobby");
  await ada.sees("and from elsewhere");
});

scenario("ACC-6: another password ends every other session; a wrong old one is said beside it", async (scene) => {
  const ada = await scene.owner("Ada");
  const elsewhere = await signsIn(scene, "ada", PASSWORD);
  await elsewhere.isIn("lobby");
  await opens(ada, "Password");
  await ada.fills({ "Password until now": "seven small ships", "New password": "eight calm harbours" });
  await ada.presses("Change it");
  expect(await ada.refusalOf("Password until now")).toBe("That is not your password.");
  expect(await ada.field("New password").inputValue()).toBe("eight calm harbours");
  await ada.field("Password until now").fill(PASSWORD);
  await ada.presses("Change it");
  await ada.page.getByText("Changed. Everywhere else you were signed out.").waitFor();
  await elsewhere.page.getByRole("dialog", { name: "You were signed out. Sign in to continue." }).waitFor();
  await (await signsIn(scene, "ada", "eight calm harbours")).isIn("lobby");
});

scenario(
  "ACC-7: a second factor is begun, confirmed, asked for at the door, and stood in for by a recovery code",
  async (scene) => {
    const ada = await scene.owner("Ada");
    await opens(ada, "Second factor");
    await ada.presses("Begin");
    await ada.field("Password").fill(PASSWORD);
    await ada.page.keyboard.press("Enter");
    const picture = ada.page.getByRole("img", { name: "The secret, to be photographed" });
    await picture.waitFor();
    expect(await picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 0)).toBe(true);
    const secret = (await ada.page.getByRole("definition").textContent()) ?? "";
    await ada.field("Code").fill("000000");
    await ada.page.keyboard.press("Enter");
    expect(await ada.refusalOf("Code")).toBe("That is not what the app shows now.");
    await ada.field("Code").fill(codeOf(secret));
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("heading", { name: "Recovery codes" }).waitFor();
    const codes = await ada.page.locator(".codes li").allTextContents();
    expect(new Set(codes)).toHaveLength(10);
    await ada.presses("I have kept them");
    await ada.page.getByText("10 recovery codes left.").waitFor();

    const elsewhere = await signsIn(scene, "ada", PASSWORD);
    const code = elsewhere.field("Code");
    await expect.poll(() => code.evaluate((field) => field === document.activeElement)).toBe(true);
    await code.fill("000000");
    await elsewhere.page.keyboard.press("Enter");
    expect(await elsewhere.refusalOf("Code")).not.toBe("");
    expect(await elsewhere.field("Password").inputValue()).toBe(PASSWORD);
    await code.fill(codes[3] ?? "");
    await elsewhere.page.keyboard.press("Enter");
    await elsewhere.isIn("lobby");

    await ada.page.reload();
    await ada.page.getByText("9 recovery codes left.").waitFor();
    await ada.presses("Turn it off");
    await ada.field("Password").fill(PASSWORD);
    await ada.presses("Turn it off");
    await ada.page.getByText("It is off.").waitFor();
    await (await signsIn(scene, "ada", PASSWORD)).isIn("lobby");
  },
);

scenario("LINK-5, ACC-7: a reset link that leaves the second factor asks for its code on the page", async (scene) => {
  const ada = await scene.owner("Ada");
  const { secret } = await ada.asks<{ secret: string }>("account/second-factor", { password: PASSWORD });
  const confirm = { code: codeOf(secret) };
  const { codes } = await ada.asks<{ codes: string[] }>("account/second-factor/confirm", confirm);
  const { you } = await ada.asks<{ you: { id: number } }>("boot");
  const { url } = await ada.asks<{ url: string }>(`admin/people/${you.id}/reset-link`, {});
  const elsewhere = await scene.visitor({}, new URL(url).pathname);
  await elsewhere.field("New password").fill("eight calm harbours");
  await elsewhere.presses("Set it and come in");
  const code = elsewhere.field("Code");
  await expect.poll(() => code.evaluate((field) => field === document.activeElement)).toBe(true);
  await code.fill("nonsense");
  await elsewhere.page.keyboard.press("Enter");
  await expect.poll(() => elsewhere.refusalOf("Code")).not.toBe("");
  expect(await elsewhere.field("New password").inputValue()).toBe("eight calm harbours");
  await code.fill(codes[0] ?? "");
  await elsewhere.page.keyboard.press("Enter");
  await elsewhere.isIn("lobby");
});

scenario("ACC-5: where one is signed in is listed, and ended one by one or all at once", async (scene) => {
  const ada = await scene.owner("Ada");
  const [second, third, fourth] = [
    await signsIn(scene, "ada", PASSWORD),
    await signsIn(scene, "ada", PASSWORD),
    await signsIn(scene, "ada", PASSWORD),
  ];
  for (const person of [second, third, fourth]) await person.isIn("lobby");
  await opens(ada, "Devices");
  const rows = ada.page.getByRole("main").getByRole("listitem");
  await expect.poll(() => rows.count()).toBe(4);
  expect(await ada.page.getByText("this one").count()).toBe(1);
  await ada.page
    .getByRole("button", { name: /^Sign out Chrom/ })
    .first()
    .click();
  await expect.poll(() => rows.count()).toBe(3);
  const gone = async () => {
    const out = [second, third, fourth].map((person) => person.page.getByRole("dialog").count());
    return (await Promise.all(out)).reduce((sum, count) => sum + count, 0);
  };
  await expect.poll(gone).toBe(1);
  await ada.presses("Sign out everywhere else");
  await ada.page.getByText("You are signed in nowhere else.").waitFor();
  await expect.poll(gone).toBe(3);
  expect(await ada.page.getByRole("dialog").count()).toBe(0);
});

scenario(
  "theme and text size hold at once, in every tab, and after a reload; each says that it is saved",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const tab = await scene.anotherTab(ada);
    await ada.page.keyboard.press("Control+,");
    await ada.page.getByRole("link", { name: "Reading" }).click();
    const theme = ada.page.getByRole("group", { name: "Theme" });
    await theme.getByRole("radio", { name: "Dark" }).check();
    await theme.getByText("Saved").waitFor();
    await theme.getByText("Saved").waitFor({ state: "detached" });
    await ada.page.getByRole("group", { name: "Text size" }).getByRole("radio", { name: "Very large" }).check();
    const look = (person: Person) =>
      person.page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.backgroundColor, style.fontSize.slice(0, 4)];
      });
    const dark = ["rgb(23, 22, 19)", "19.0"];
    for (const person of [ada, tab]) await expect.poll(() => look(person)).toEqual(dark);
    await ada.page.reload();
    await theme.getByRole("radio", { name: "Dark", checked: true }).waitFor();
    expect(await look(ada)).toEqual(dark);
    await ada.page.getByRole("button", { name: "Back to the rooms" }).click();
    await ada.isIn("lobby");
  },
);
