/** Nothing that axe finds serious on the pages of the door, one's own and the house's, and none too wide (T35). */

import { expect } from "vitest";
import { PASSWORD } from "./people";
import { scenario } from "./scene";
import { graveFindings, LOOKS } from "./senses";

const ADMIN = ["overview", "people", "knocks", "invitations", "rooms", "reports", "house", "acts"];
const ME = ["profile", "password", "passkeys", "second-factor", "connected", "devices", "reading"];
const FREE = { flags: ["--rate-limits", "off", "--door", "approval"] };

for (const [how, look] of LOOKS) {
  scenario(
    `T35: axe finds nothing serious ${how}, at the door, on one's own pages and the house's`,
    async (scene) => {
      const found: string[] = [];
      const look_at = async (who: Awaited<ReturnType<typeof scene.visitor>>, where: string) => {
        found.push(...(await graveFindings(who, where)));
        const wide = await who.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (wide > 0) found.push(`${where}: ${wide} px too wide`);
      };
      const ada = await scene.visitor(look, scene.house.ownerLink);
      await ada.presses("Open the house");
      await ada.page.getByRole("alert").waitFor();
      await look_at(ada, "a new house");
      await ada.becomesOwner("Ada");
      await ada.page.getByRole("button", { name: "Copy", exact: true }).waitFor();
      await look_at(ada, "the first invitation");

      const long = "a name as long as names can be!!";
      const stranger = await scene.visitor(look);
      await look_at(stranger, "the door by approval");
      await stranger.fills({ "Your name": long, "Who are you?": `https://example.org/${"long".repeat(40)}` });
      await stranger.presses("Ask to come in");
      await stranger.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
      await look_at(stranger, "waiting");
      await stranger.presses("Sign in");
      await stranger.fills({ "Handle or e-mail": "ada", Password: "wrong" });
      await stranger.page.keyboard.press("Enter");
      await stranger.page.getByRole("alert").waitFor();
      await look_at(stranger, "a wrong password");

      const grace = await scene.visitor(look, await ada.invites({ note: "long".repeat(30) }));
      await grace.fills({ "Your name": "Grace", Password: PASSWORD });
      await look_at(grace, "an invitation");
      await grace.presses("Join");
      await grace.isIn("lobby");
      await grace.says("long".repeat(60));
      if (look.touch === true) await grace.presses("Send");
      await grace.seesStored("long".repeat(60));
      await ada.reports("long".repeat(60), "too long");

      for (const page of ME) {
        await ada.page.goto(`${scene.house.url}/me/${page}`);
        await ada.page.locator(".pages-content > *").first().waitFor();
        await look_at(ada, `one's own ${page}`);
      }
      for (const page of ADMIN) {
        await ada.page.goto(`${scene.house.url}/admin/${page}`);
        await ada.page.locator("table, .choice, .facts dt:nth-of-type(8)").first().waitFor();
        await look_at(ada, `the house's ${page}`);
      }
      await ada.page.goto(`${scene.house.url}/admin/people`);
      await ada.page.getByRole("button", { name: "More about Grace" }).click();
      await look_at(ada, "the menu of a person");
      await ada.page.getByRole("menuitem", { name: "Suspend" }).click();
      await look_at(ada, "an act");
      await ada.page.keyboard.press("Escape");
      await ada.page.goto(`${scene.house.url}/admin/invitations`);
      await ada.presses("New invitation");
      await ada.page.getByLabel("They come as").selectOption("Guest of one room");
      await look_at(ada, "making an invitation");
      await ada.presses("Make the link");
      await ada.page.getByRole("alert").waitFor();
      await look_at(ada, "an invitation that is refused");
      await ada.page.getByRole("radio", { name: "lobby" }).check();
      await ada.presses("Make the link");
      await ada.page.getByRole("img", { name: "The link, to be photographed" }).waitFor();
      await look_at(ada, "a link that was made");
      expect(found).toEqual([]);
    },
    FREE,
  );
}
