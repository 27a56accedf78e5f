/** The pictures of passkeys: `npm run screenshots`. The house is asked by its name, as passkeys want it. */

import { pictures } from "./gallery";
import { Device, named } from "./passkeys";
import { PASSWORD } from "./people";

pictures("passkeys", ["--house-name", "Harbour"], async ({ house, at, take }) => {
  const way = named(house);
  const ada = await at(way.url + house.ownerLink);
  await ada.becomesOwner("Ada Lovelace");
  await Device.of(ada);
  for (const name of ["Phone", ""]) {
    await ada.page.goto(`${way.url}/me/passkeys`);
    await ada.presses("Add a passkey");
    await ada.fills({ Name: name, Password: PASSWORD });
    if (name === "") await take(ada, "me-passkeys-add");
    await ada.page.keyboard.press("Enter");
    const refused = name === "" && ada.page.getByRole("alert");
    await (refused || ada.page.getByText("Added")).waitFor();
  }
  await take(ada, "me-passkeys-refused");
  await ada.presses("Cancel");
  await take(ada, "me-passkeys");
  await ada.page.getByRole("button", { name: "Rename Phone" }).click();
  await take(ada, "me-passkeys-rename");
  const stranger = await at(way.url);
  const device = await Device.of(stranger);
  await device.recognises(false);
  await stranger.presses("Sign in");
  await stranger.fills({ "Handle or e-mail": "ada-lovelace" });
  await stranger.presses("Use a passkey");
  await stranger.page.getByRole("alert").waitFor();
  await take(stranger, "sign-in-passkey");
  const invited = await at(way.url + (await ada.invites()));
  await invited.fills({ "Your name": "Grace Hopper" });
  await take(invited, "join-passkey");
});
