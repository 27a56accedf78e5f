/** The pictures of the door and of links into the house: `npm run screenshots`. */

import { pictures } from "./gallery";
import { PASSWORD } from "./people";

pictures("the door", ["--door", "approval"], async ({ house, at, take }) => {
  const ada = await at(house.ownerLink);
  await ada.fills({ "Name of the house": "Harbour", "Your name": "Ada Lovelace", Password: "ships" });
  await ada.presses("Open the house");
  await ada.page.getByRole("alert").waitFor();
  await take(ada, "new-house");
  await ada.becomesOwner("Ada Lovelace");
  await ada.page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  await take(ada, "first-invitation");

  const stranger = await at();
  await stranger.fills({ "Your name": "Grace Hopper", "Who are you?": "From the yard" });
  await take(stranger, "knock");
  await stranger.presses("Ask to come in");
  await stranger.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();
  await take(stranger, "waiting");

  const back = await at();
  await back.presses("Sign in");
  await back.fills({ "Handle or e-mail": "ada-lovelace", Password: PASSWORD.slice(1) });
  await back.presses("Sign in");
  await back.page.getByRole("alert").waitFor();
  await back.presses("Forgot password");
  await take(back, "sign-in");

  await ada.page.goto(`${house.url}/rooms`);
  await ada.presses("New room");
  await ada.page.getByLabel("Name").fill("engineering");
  await ada.presses("Make room");
  await ada.isIn("engineering");
  const room = Number(new URL(ada.page.url()).pathname.split("/").at(-1));
  const invited = await at(await ada.invites({ rooms: [room] }));
  await invited.fills({ "Your name": "Grace Hopper" });
  await take(invited, "join");
  const guest = await at(await ada.invites({ role: "guest", rooms: [room] }));
  await guest.field("Your name").waitFor();
  await take(guest, "join-guest");
  const lost = await at("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await lost.page.getByRole("alert").waitFor();
  await take(lost, "join-over");
  const reset = await at("/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await reset.field("New password").waitFor();
  await take(reset, "reset");
});
