/** The three doors, and signing in at each (DOOR-1, DOOR-5, ACC-3). */

import { expect } from "vitest";
import { PASSWORD } from "./people";
import { scenario } from "./scene";

scenario("ACC-3: a wrong password is said beside it and kept; the right one leads into the lobby", async (scene) => {
  const ada = await scene.owner("Ada");
  const visitor = await scene.visitor();
  await visitor.presses("Sign in");
  await visitor.page.keyboard.type("ada");
  await visitor.field("Password").fill("seven small ships");
  await visitor.page.keyboard.press("Enter");
  expect(await visitor.refusalOf("Password")).toBe("That handle and that password do not go together.");
  expect(await visitor.field("Handle or e-mail").inputValue()).toBe("ada");
  expect(await visitor.field("Password").inputValue()).toBe("seven small ships");
  await visitor.presses("Forgot password");
  await visitor.page.getByText("This house sends no mail. Ask who looks after it").waitFor();
  await visitor.field("Password").fill(PASSWORD);
  await visitor.page.keyboard.press("Enter");
  await visitor.isIn("lobby");
  await visitor.says("from another machine");
  await ada.sees("from another machine");
});

scenario(
  "DOOR-1: at a door by invitation one signs in, and a stranger is told what they need",
  async (scene) => {
    await scene.owner("Ada");
    const visitor = await scene.visitor();
    await visitor.page.getByText("You need an invitation from somebody inside.").waitFor();
    expect(await visitor.field("Your name").count()).toBe(0);
    await visitor.fills({ "Handle or e-mail": "ada", Password: PASSWORD });
    await visitor.page.keyboard.press("Enter");
    await visitor.isIn("lobby");
  },
  { flags: ["--door", "invitation"] },
);

scenario(
  "DOOR-5: everyone who waits is declined at once, with a question before it, and who asks then is one who waits",
  async (scene) => {
    const ada = await scene.owner("Ada");
    for (const name of ["Flood one", "Flood two", "Flood three"]) await ada.asks("knock", { name, note: "" });
    await ada.page.goto(`${scene.house.url}/admin/knocks`);
    await ada.page.getByText("Flood three").first().waitFor();
    await ada.presses("Decline all");
    const question = ada.page.getByRole("dialog", { name: "Decline everyone who waits?" });
    await question.getByText(/^Also those who are not shown yet\./).waitFor();
    await question.getByRole("button", { name: "Decline all" }).click();
    await ada.page.getByText("Everyone who waited was declined.").waitFor();
    await ada.page.getByText("Nobody waits at the door.").waitFor();
    await ada.asks("knock", { name: "Grace", note: "" });
    await ada.page.reload();
    await ada.page.getByText("Grace").first().waitFor();
    expect(await ada.page.getByRole("button", { name: "Decline all" }).count()).toBe(0);
  },
  { flags: ["--door", "approval"] },
);

scenario(
  "DOOR-5: who asks to come in waits through a reload, and the page opens when somebody lets them in",
  async (scene) => {
    const ada = await scene.owner("Ada");
    const knocks = async () =>
      (await ada.asks<{ knocks: { id: number; name: string; note: string }[] }>("admin/knocks")).knocks;
    const grace = await scene.visitor();
    await grace.fills({ "Your name": "Ada", "Who are you?": "From the yard" });
    await grace.presses("Ask to come in");
    expect(await grace.refusalOf("Your name")).toMatch(/^Ada is taken\./);
    expect(await grace.field("Who are you?").inputValue()).toBe("From the yard");
    await grace.field("Your name").fill("Grace");
    await grace.presses("Ask to come in");
    await grace.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
    await grace.page.reload();
    await grace.page.getByText("You asked to come in as Grace.").waitFor();
    const [asking] = await knocks();
    expect(asking).toMatchObject({ name: "Grace", note: "From the yard" });
    await ada.asks(`admin/knocks/${asking?.id}/admit`, {});
    await grace.isIn("lobby");
    await grace.says("thank you");
    await ada.sees("thank you");

    const mallory = await scene.visitor();
    await mallory.fills({ "Your name": "Mallory" });
    await mallory.presses("Ask to come in");
    await mallory.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
    await ada.asks(`admin/knocks/${(await knocks())[0]?.id}/decline`, {});
    await expect.poll(() => mallory.page.getByRole("alert").textContent()).toBe("You were not let in this time.");
    await mallory.page.reload();
    await mallory.field("Your name").waitFor();

    // Two ask with one name; the house holds it for neither, so the second is asked for another.
    const first = await scene.visitor();
    const second = await scene.visitor();
    for (const person of [first, second]) {
      await person.fills({ "Your name": "Robin" });
      await person.presses("Ask to come in");
      await person.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
    }
    const [one, two] = await knocks();
    await ada.asks(`admin/knocks/${one?.id}/admit`, {});
    await first.isIn("lobby");
    await ada.asks(`admin/knocks/${two?.id}/admit`, {});
    await second.page.getByText("You may come in, and somebody took that name meanwhile.").waitFor();
    await second.field("Your name").fill("Robin of the yard");
    await second.presses("Come in");
    await second.isIn("lobby");
  },
  { flags: ["--door", "approval"] },
);
