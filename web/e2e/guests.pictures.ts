/** The pictures of what guards the door: everyone declined, a guest removed, a link that leads nowhere again, a code: `npm run screenshots`. */

import { codeOf } from "./authenticator";
import { pictures } from "./gallery";
import { PASSWORD } from "./people";

pictures("guests", [], async ({ house, phone, at, take }) => {
  // Rooms are made, and the house is looked after, where there is place for it: of that there is no picture on a phone.
  const ada = await (await at(house.ownerLink, phone ? {} : undefined)).becomesOwner("Ada Lovelace");
  await ada.makesClosedRoom("harvest");
  const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
  const show = async (name: string) => (phone ? undefined : await take(ada, name));
  const link = await ada.invites({ role: "guest", rooms: [room], uses: 0 });
  const guest = await (await at(link)).comesIn("Robin");
  await guest.isIn("harvest");
  await ada.opensDetails();
  await ada.personInList("Robin").getByRole("button", { name: "More about Robin" }).click();
  await ada.page.getByRole("menuitem", { name: "Remove from this room" }).click();
  await ada.page.getByRole("dialog", { name: "A link for guests still leads here" }).waitFor();
  await show("guest-links");
  await guest.page.goto(house.url + link);
  await guest.page.getByRole("alert").waitFor();
  await take(guest, "link-removed");

  await ada.asks("admin/house", { door: "approval" });
  for (const name of ["Mallory", "Mallory II", "Mallory III"]) await ada.asks("knock", { name, note: "Let me in" });
  await ada.page.goto(`${house.url}/admin/knocks`);
  await ada.page.getByText("Mallory III").first().waitFor();
  await show("admin-knocks-many");
  await ada.presses("Decline all");
  await ada.page.getByRole("dialog").waitFor();
  await show("admin-decline-all");

  const { secret } = await ada.asks<{ secret: string }>("account/second-factor", { password: PASSWORD });
  await ada.asks("account/second-factor/confirm", { code: codeOf(secret) });
  const { you } = await ada.asks<{ you: { id: number } }>("boot");
  const { url } = await ada.asks<{ url: string }>(`admin/people/${you.id}/reset-link`, {});
  const elsewhere = await at(new URL(url).pathname);
  await elsewhere.field("New password").fill("eight calm harbours");
  await elsewhere.presses("Set it and come in");
  await elsewhere.field("Code").waitFor();
  await take(elsewhere, "reset-code");
});
