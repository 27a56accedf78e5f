/** The pictures of the pages of those who look after the house: `npm run screenshots`. */

import { pictures } from "./gallery";
import { PASSWORD } from "./people";

pictures("the house", [], async ({ house, phone, at, take }) => {
  const ada = await (await at(house.ownerLink)).becomesOwner("Ada Lovelace");
  const people: number[] = [];
  for (const name of ["Grace Hopper", "Alan Turing", "Radia Perlman"]) {
    const person = await at(await ada.invites({ note: `${name}, from the yard` }));
    await person.fills({ "Your name": name, Password: PASSWORD });
    await person.presses("Join");
    await person.isIn("lobby");
    people.push((await person.asks<{ you: { id: number } }>("boot")).you.id);
  }
  const robin = await (await at("/", {})).comesIn("Robin");
  await robin.says("Buy cheap sails at sails.example!");
  await robin.seesStored("Buy cheap sails at sails.example!");
  const mallory = (await robin.asks<{ you: { id: number } }>("boot")).you.id;
  await ada.reports("Buy cheap sails at sails.example!", "Advertising");
  await ada.invites({ role: "guest", rooms: [1], uses: 0, note: "Open day" });
  await ada.invites({ note: "The printer" });
  await ada.asks(`admin/people/${people[1]}/role`, { role: "administrator" });
  await ada.asks(`admin/people/${mallory}/suspend`, { note: "Advertising again" });
  await ada.asks("admin/house", { door: "approval" });
  const stranger = await at();
  await stranger.fills({
    "Your name": "Katherine",
    "Who are you?": "Grace sent me. I keep the charts of the eastern harbours.",
  });
  await stranger.presses("Ask to come in");
  await stranger.page.getByRole("heading", { name: "Waiting to be let in" }).waitFor();

  await ada.page.goto(house.url);
  if (phone) await ada.page.getByRole("link", { name: "lobby" }).waitFor();
  await ada.page.getByRole("button", { name: /the house$/ }).click();
  await take(ada, "house-menu");
  await ada.page.getByRole("menuitem", { name: "Invite people" }).click();
  await ada.page.getByRole("dialog").waitFor();
  await take(ada, "invite");
  await ada.presses("Make the link");
  await ada.page.getByRole("img").last().waitFor();
  await take(ada, "invite-made");
  if (phone) {
    await ada.page.goto(`${house.url}/admin`);
    await ada.page.getByRole("link", { name: "Overview" }).waitFor();
    await take(ada, "admin-list");
  }
  for (const page of ["overview", "people", "knocks", "invitations", "rooms", "reports", "house", "acts"]) {
    await ada.page.goto(`${house.url}/admin/${page}`);
    await ada.page.locator("table, .choice, .facts dt:nth-of-type(8)").first().waitFor();
    await take(ada, `admin-${page}`);
  }
  await ada.page.goto(`${house.url}/admin/people`);
  await ada.page.getByRole("button", { name: "More about Grace Hopper" }).click();
  await take(ada, "admin-person-menu");
  await ada.page.getByRole("menuitem", { name: "Suspend" }).click();
  await take(ada, "admin-suspend");
});
