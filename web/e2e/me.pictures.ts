/** The pictures of one's own pages: `npm run screenshots`. */

import { codeOf } from "./authenticator";
import { pictures } from "./gallery";
import { PASSWORD } from "./people";

pictures("one's own pages", ["--house-name", "Harbour"], async ({ house, phone, at, take }) => {
  const guest = await (await at()).comesIn("Grace Hopper");
  await guest.page.goto(`${house.url}/me/profile`);
  await guest.field("Handle").waitFor();
  await take(guest, "me-no-account");

  const ada = await (await at(house.ownerLink)).becomesOwner("Ada Lovelace");
  if (phone) {
    await ada.page.goto(`${house.url}/me`);
    await ada.page.getByRole("link", { name: "Devices" }).waitFor();
    await take(ada, "me-list");
  }
  const elsewhere = await at();
  await elsewhere.presses("Sign in");
  await elsewhere.fills({ "Handle or e-mail": "ada-lovelace", Password: PASSWORD });
  await elsewhere.presses("Sign in");
  await elsewhere.isIn("lobby");
  for (const page of ["profile", "password", "devices", "reading"]) {
    await ada.page.goto(`${house.url}/me/${page}`);
    await ada.page.locator(".pages-content > *").first().waitFor();
    await take(ada, `me-${page}`);
  }
  await ada.page.goto(`${house.url}/me/second-factor`);
  await ada.presses("Begin");
  await ada.field("Password").fill(PASSWORD);
  await ada.presses("Begin");
  await ada.page.getByRole("img", { name: "The secret, to be photographed" }).waitFor();
  await take(ada, "me-second-factor");
  await ada.field("Code").fill(codeOf((await ada.page.getByRole("definition").textContent()) ?? ""));
  await ada.presses("Turn it on");
  await ada.page.getByRole("heading", { name: "Recovery codes" }).waitFor();
  await take(ada, "me-recovery-codes");
});
