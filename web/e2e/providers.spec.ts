/** Coming in by a provider of identities, through the provider's own page, and what is said when it fails (OIDC). */

import { expect } from "vitest";
import { PASSWORD } from "./people";
import { signsInThere, TITLE, withProvider } from "./provider";
import { scenario } from "./scene";
import { graveFindings } from "./senses";

const OPEN = ["--rate-limits", "off"];
const SHUT = ["--rate-limits", "off", "--door", "invitation"];
const ASKED = ["--rate-limits", "off", "--door", "approval"];
withProvider(OPEN);
withProvider(SHUT);
withProvider(ASKED);

const CONTINUE = { name: `Continue with ${TITLE}` };

scenario(
  "OIDC-1, OIDC-5: the button leads there and back into the lobby, the next time too, and a taken name is asked for anew",
  async (scene) => {
    const ada = await scene.visitor();
    await ada.page.getByRole("link", CONTINUE).focus();
    await ada.page.keyboard.press("Enter");
    await signsInThere(ada, "ada");
    await ada.isIn("lobby");
    await ada.says("by another way");
    await ada.seesStored("by another way");

    const again = await scene.visitor();
    await again.page.getByRole("link", CONTINUE).click();
    await signsInThere(again, "ada");
    await again.sees("by another way");

    const grace = await scene.comes("Grace");
    const other = await scene.visitor();
    await other.page.getByRole("link", CONTINUE).click();
    await signsInThere(other, "grace");
    await other.page.getByText(`${TITLE} knows you, and this house does not yet.`).waitFor();
    expect([await other.field("Your name").inputValue(), await other.field("Handle").inputValue()]).toEqual([
      "Grace",
      "grace",
    ]);
    expect(await graveFindings(other, "what is missing")).toEqual([]);
    await other.presses("Come in");
    expect(await other.refusalOf("Handle")).toContain("taken");
    await other.fills({ Handle: "grace-two" });
    await other.presses("Come in");
    await other.page.getByRole("alert").getByText("Grace is taken").waitFor();
    expect(await other.refusalOf("Your name")).toContain("taken");
    await other.fills({ "Your name": "Grace Two" });
    await other.presses("Come in");
    await other.isIn("lobby");
    await other.says("the second Grace");
    await grace.sees("the second Grace");
  },
  { flags: OPEN },
);

scenario(
  "OIDC-2, OIDC-5: who says no there, or needs an invitation, is told so with the ways on; and an invitation leads in",
  async (scene) => {
    const olga = await scene.owner("Olga");
    const ada = await scene.visitor();
    await ada.page.getByRole("link", CONTINUE).click();
    await ada.page.getByRole("button", { name: "Cancel" }).click();
    await ada.page.getByRole("alert").getByText("You were not signed in there.").waitFor();
    expect(await graveFindings(ada, "declined")).toEqual([]);
    await ada.page.getByRole("link", CONTINUE).click();
    await signsInThere(ada, "ada");
    await ada.page.getByRole("alert").getByText("You need an invitation").waitFor();
    await ada.presses("Other ways to come in");
    await ada.page.getByText("You need an invitation from somebody inside.").waitFor();

    await ada.page.goto(scene.house.url + (await olga.invites()));
    await ada.page.getByRole("button", CONTINUE).click();
    await signsInThereAgain(ada);
    await ada.isIn("lobby");
    await ada.says("invited");
    await olga.goesTo("lobby");
    await olga.sees("invited");
  },
  { flags: SHUT },
);

scenario(
  "OIDC-6, OIDC-7: an account is connected by its password, comes in so, and is disconnected, all by keyboard",
  async (scene) => {
    const olga = await scene.owner("Olga");
    await olga.page.goto(`${scene.house.url}/me/connected`);
    await olga.page.getByText("Not connected").waitFor();
    await olga.page.getByRole("button", { name: `Connect ${TITLE}` }).focus();
    await olga.page.keyboard.press("Enter");
    await olga.page.keyboard.type("wrong horse");
    await olga.page.keyboard.press("Enter");
    expect(await olga.refusalOf("Password")).toContain("not your password");
    expect(await graveFindings(olga, "connecting")).toEqual([]);
    await olga.page.keyboard.type(PASSWORD);
    await olga.page.keyboard.press("Enter");
    await signsInThere(olga, "olga-there");
    await olga.page.getByText(/^Connected .+/).waitFor();

    const elsewhere = await scene.visitor();
    await elsewhere.page.getByRole("link", CONTINUE).click();
    await signsInThere(elsewhere, "olga-there");
    await elsewhere.isIn("lobby");
    await elsewhere.page.goto(`${scene.house.url}/me/profile`);
    await elsewhere.page.getByText("olga", { exact: true }).waitFor();

    await olga.page.getByRole("button", { name: `Disconnect ${TITLE}` }).focus();
    await olga.page.keyboard.press("Enter");
    await olga.page.keyboard.type(PASSWORD);
    await olga.page.keyboard.press("Enter");
    await olga.page.getByText("Not connected").waitFor();
  },
  { flags: SHUT },
);

scenario(
  "OIDC-5, DOOR-5: at a door by approval a newcomer asks to be let in under the name they have there",
  async (scene) => {
    const olga = await scene.owner("Olga");
    const ada = await scene.visitor();
    await ada.page.getByRole("link", CONTINUE).click();
    await signsInThere(ada, "ada");
    await ada.page.getByText(`Once you are inside, continue with ${TITLE}`).waitFor();
    expect(await ada.field("Your name").inputValue()).toBe("Ada");
    await ada.presses("Ask to come in");
    await ada.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
    await olga.asks("admin/knocks/1/admit", {});
    await ada.isIn("lobby");
  },
  { flags: ASKED },
);

/** The provider knows the browser already and asks nothing; where it asks, it is answered. */
async function signsInThereAgain(person: Parameters<typeof signsInThere>[0]): Promise<void> {
  const there = person.page.getByLabel("Who are you?");
  const here = person.page.locator("#box");
  await there.or(here).first().waitFor();
  if (await there.isVisible()) await signsInThere(person, "ada");
}
