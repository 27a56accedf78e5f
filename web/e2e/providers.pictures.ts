/** The pictures of coming in by a provider of identities: `npm run screenshots`. */

import { pictures } from "./gallery";
import { PASSWORD } from "./people";
import { signsInThere, TITLE, withProvider } from "./provider";

const FLAGS = ["--house-name", "Harbour"];
withProvider(FLAGS);

pictures("coming in by a provider", FLAGS, async ({ house, at, take }) => {
  const ada = await (await at(house.ownerLink)).becomesOwner("Ada Lovelace");
  const go = { name: `Continue with ${TITLE}` };
  const stranger = await at();
  await stranger.page.getByRole("link", go).waitFor();
  await take(stranger, "provider-door");
  await (await at()).comesIn("Grace");
  await stranger.page.getByRole("link", go).click();
  await signsInThere(stranger, "grace");
  await stranger.presses("Come in");
  await stranger.page.getByRole("alert").waitFor();
  await take(stranger, "provider-finish");
  const other = await at();
  await other.page.getByRole("link", go).click();
  await other.page.getByRole("button", { name: "Cancel" }).click();
  await other.page.getByRole("alert").waitFor();
  await take(other, "provider-declined");
  const invited = await at(await ada.invites());
  await invited.page.getByRole("button", go).waitFor();
  await take(invited, "provider-join");
  await ada.page.goto(`${house.url}/me/connected`);
  await ada.page.getByRole("button", { name: `Connect ${TITLE}` }).click();
  await ada.field("Password").fill(PASSWORD);
  await take(ada, "me-connected");
});
