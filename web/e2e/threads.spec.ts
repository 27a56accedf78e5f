/** Threads, mentions, what counts as unread, pins and what one keeps (T25, T26, T20). */

import { expect } from "vitest";
import type { Person } from "./people";
import { scenario } from "./scene";
import { graveFindings, LOOKS } from "./senses";

function thread(who: Person) {
  return who.page.getByRole("complementary", { name: "Thread" });
}

function threadBox(who: Person) {
  return who.page.getByRole("textbox", { name: "Reply in the thread" });
}

async function opensThread(who: Person, text: string): Promise<void> {
  await who.row(text).first().focus();
  await who.page.keyboard.press("r");
  await threadBox(who).waitFor();
}

async function replies(who: Person, text: string): Promise<void> {
  await threadBox(who).fill(text);
  await threadBox(who).press("Enter");
  await thread(who).getByText(text).waitFor();
}

/** What the list says of a room. */
function label(who: Person, room: string): Promise<string | null> {
  return who.roomInList(room).getAttribute("aria-label");
}

scenario(
  "T25: a thread has its stub for all, counts for who follows it and for nobody else, and can be left",
  async (scene) => {
    const [ada, grace, alan] = [await scene.comes("Ada"), await scene.comes("Grace"), await scene.comes("Alan")];
    await ada.says("shall we ship?");
    for (const who of [grace, alan]) await who.seesStored("shall we ship?");
    // What is looked at for less than a moment is not read.
    await expect.poll(() => label(alan, "lobby")).toBe("lobby");
    await ada.makesRoom("engineering");
    await alan.makesRoom("design");
    await opensThread(grace, "shall we ship?");
    for (const text of ["yes", "I think so", "tomorrow", "at nine"]) await replies(grace, text);
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 4 unread");
    expect(await label(alan, "lobby")).toBe("lobby");
    await ada.goesTo("lobby");
    await alan.goesTo("lobby");
    for (const who of [ada, alan, grace]) {
      const stub = who.row("shall we ship?").first().locator(".thread-stub");
      await expect.poll(() => stub.textContent()).toContain("4 replies");
      expect(await stub.textContent()).toContain("Grace: at nine");
    }
    const stub = ada.row("shall we ship?").first().locator(".thread-stub");
    expect(await stub.getAttribute("class")).toContain("unread");
    expect(await alan.row("shall we ship?").first().locator(".thread-stub").getAttribute("class")).not.toContain(
      "unread",
    );
    // Replies stand in the thread alone.
    expect(await alan.texts()).toEqual(["shall we ship?"]);

    await stub.click();
    await thread(ada).getByText("at nine").waitFor();
    await expect.poll(() => label(ada, "lobby")).toBe("lobby");
    await thread(ada).getByRole("button", { name: "Following" }).click();
    await thread(ada).getByRole("button", { name: "Follow", exact: true }).waitFor();
    await ada.page.getByRole("button", { name: "Close the thread" }).click();
    await ada.goesTo("engineering");
    await replies(grace, "nobody hears this");
    await ada.letsPass(700);
    expect(await label(ada, "lobby")).toBe("lobby");

    await thread(grace).getByRole("checkbox", { name: "Also post to the room" }).check();
    await replies(grace, "and this stands in both");
    await alan.seesStored("and this stands in both");
    expect(await alan.texts()).toEqual(["shall we ship?", "and this stands in both"]);
  },
);

scenario(
  "T25: threads one follows are listed with what is new in them, and a draft in one waits there",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("a question");
    await grace.seesStored("a question");
    await opensThread(grace, "a question");
    await replies(grace, "an answer");
    await threadBox(grace).pressSequentially("half an ans");
    await grace.letsPass(400);
    await grace.page.reload();
    await grace.box.waitFor();
    await opensThread(grace, "a question");
    expect(await threadBox(grace).inputValue()).toBe("half an ans");

    await ada.page.getByRole("link", { name: "Threads" }).click();
    const item = ada.page.getByRole("button").filter({ hasText: "a question" });
    await expect.poll(() => item.textContent()).toContain("1 reply");
    // Who asked, where and when stand above what they asked, also on a page that has shown no other list of messages.
    const [about, words] = [
      await item.locator(".item-about").boundingBox(),
      await item.locator(".item-words").boundingBox(),
    ];
    expect((about?.y ?? 0) + (about?.height ?? 0)).toBeLessThanOrEqual(words?.y ?? 0);
    await item.click();
    await thread(ada).getByText("an answer").waitFor();
  },
);

scenario(
  "T25: a thread has an address, which a copied link of a reply gives, which a reload keeps, and which Back leaves",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await ada.says("a question");
    await grace.seesStored("a question");
    await opensThread(grace, "a question");
    await replies(grace, "an answer");
    const stub = ada.row("a question").first().locator(".thread-stub");
    await stub.click();
    const answer = thread(ada).getByRole("article").filter({ hasText: "an answer" });
    await answer.waitFor();
    const path = () => new URL(ada.page.url()).pathname;
    const address = path();
    expect(address).toMatch(/^\/r\/1\/t\/\d+$/);
    await answer.focus();
    await ada.page.keyboard.press("m");
    await ada.page.getByRole("menuitem", { name: "Copy link" }).click();
    const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(copied).pathname).toBe(address);

    await ada.page.reload();
    await answer.waitFor();
    // The room that is clicked is the one on screen: nothing is left by that.
    await ada.roomInList("lobby").click();
    expect(path()).toBe(address);
    await ada.page.goBack();
    await thread(ada).waitFor({ state: "detached" });
    expect(path()).toBe("/r/1");
    await ada.page.goForward();
    await answer.waitFor();
    expect(path()).toBe(address);
    await ada.page.getByRole("button", { name: "Close the thread" }).click();
    await thread(ada).waitFor({ state: "detached" });
    expect(path()).toBe("/r/1");

    // Somebody who is given the address finds the room with the thread beside it, and the room behind it.
    await grace.page.goto(copied);
    await thread(grace).getByText("an answer").waitFor();
    await grace.isIn("lobby");
    await grace.page.goBack();
    await thread(grace).waitFor({ state: "detached" });
    await grace.isIn("lobby");
  },
);

scenario(
  "T26: a mention is drawn as one, counts apart, and a muted room lets through what its level lets through",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("hello");
    await ada.makesRoom("engineering");
    await grace.says("for everybody");
    await grace.says("for @Ada alone");
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 2 unread, 1 mention");
    await expect.poll(() => ada.page.title()).toBe("(1) engineering — Parlour");
    await ada.goesTo("lobby");
    const called = ada.row("for @Ada alone");
    await called.locator(".mention.you", { hasText: "@Ada" }).waitFor();
    expect(await called.locator(".row.called").count()).toBe(1);
    expect(await grace.row("for @Ada alone").locator(".mention:not(.you)", { hasText: "@Ada" }).count()).toBe(1);
    await expect.poll(() => label(ada, "lobby")).toBe("lobby");

    await ada.opensDetails();
    await ada.details.getByRole("radio", { name: "What mentions you" }).check();
    await ada.goesTo("engineering");
    await grace.says("not counted");
    await grace.says("@Ada once more");
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 1 unread, 1 mention");
    await ada.goesTo("lobby");
    await expect.poll(() => label(ada, "lobby")).toBe("lobby");
    await ada.details.getByRole("radio", { name: "Nothing" }).check();
    await ada.goesTo("engineering");
    await grace.says("@Ada in vain");
    await ada.letsPass(700);
    expect(await label(ada, "lobby")).toBe("lobby");
  },
);

scenario(
  "T20: Catch up shows what is unread without reading it, and the list of a room says why it is counted",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("engineering");
    for (const text of ["one", "two", "three", "four", "@Ada five"]) await grace.says(text);
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 5 unread, 1 mention");
    await ada.page.getByRole("link", { name: "Catch up" }).click();
    const group = ada.page.getByRole("region", { name: "lobby" });
    await expect.poll(() => group.locator(".item-words").allInnerTexts()).toEqual(["@Ada five", "one", "two", "three"]);
    await ada.letsPass(1_000);
    expect(await label(ada, "lobby")).toBe("lobby, 5 unread, 1 mention");
    await ada.page.keyboard.press("j");
    await group.focus();
    await ada.page.keyboard.press("e");
    await ada.page.getByText("You are up to date.").waitFor();
    expect(await label(ada, "lobby")).toBe("lobby");
  },
);

scenario("T28: Ctrl+Alt+Shift with arrows goes through the rooms that hold something for the reader", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  for (const room of ["alpha", "beta", "gamma"]) {
    await ada.makesRoom(room);
    await grace.joins(room);
  }
  await ada.goesTo("lobby");
  await grace.says("@Ada in gamma");
  await grace.goesTo("alpha");
  await grace.says("for nobody");
  await expect.poll(() => label(ada, "gamma")).toBe("gamma, 1 unread, 1 mention");
  await expect.poll(() => label(ada, "alpha")).toBe("alpha, 1 unread");
  await ada.box.focus();
  await ada.page.keyboard.press("Control+Alt+Shift+ArrowDown");
  await ada.isIn("gamma");
  await expect.poll(() => label(ada, "gamma")).toBe("gamma");
  expect(await label(ada, "alpha")).toBe("alpha, 1 unread");
});

scenario(
  "T20: a message that is gone to from Catch up is looked at and not read before its reader acts there",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.makesRoom("engineering");
    for (const text of ["one", "two"]) await grace.says(text);
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 2 unread");
    await ada.page.getByRole("link", { name: "Catch up" }).click();
    await ada.page.getByRole("region", { name: "lobby" }).getByText("two").click();
    await ada.isIn("lobby");
    await ada.page.mouse.move(700, 20);
    await ada.letsPass(1_500);
    expect(await label(ada, "lobby")).toBe("lobby, 2 unread");
    await ada.row("two").click();
    await expect.poll(() => label(ada, "lobby")).toBe("lobby");
  },
);

scenario(
  "T18: a count opens exactly the messages that make it, in the room and in threads, and reads none of them",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    await ada.says("a question");
    await grace.seesStored("a question");
    await ada.makesRoom("engineering");
    await grace.says("said aloud");
    await opensThread(grace, "a question");
    await replies(grace, "answered aside");
    await expect.poll(() => label(ada, "lobby")).toBe("lobby, 2 unread");
    await ada.roomInList("lobby").click({ button: "right" });
    await ada.page.getByRole("menuitem", { name: "Why is this unread?" }).click();
    const list = ada.page.getByRole("list", { name: "Why is this unread?" });
    await expect.poll(() => list.locator(".item-words").allTextContents()).toEqual(["said aloud", "answered aside"]);
    await ada.letsPass(1_500);
    expect(await label(ada, "lobby")).toBe("lobby, 2 unread");
    await list.getByText("answered aside").click();
    await thread(ada).getByText("answered aside", { exact: true }).waitFor();
  },
);

scenario("T26: a room is muted from the list, where the other button opens its menu", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesRoom("engineering");
  await ada.roomInList("lobby").click({ button: "right" });
  await ada.page.getByRole("menuitemradio", { name: "Everything counts", checked: true }).waitFor();
  await ada.page.getByRole("menuitemradio", { name: "Nothing counts" }).click();
  await grace.says("unheard");
  await ada.letsPass(700);
  expect(await label(ada, "lobby")).toBe("lobby");
  await ada.roomInList("lobby").click({ button: "right" });
  await ada.page.getByRole("menuitemradio", { name: "Everything counts" }).click();
  await expect.poll(() => label(ada, "lobby")).toBe("lobby, 1 unread");
});

scenario("T20: what was pinned stands in the room's list for all, and what was saved in one's own", async (scene) => {
  const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
  await ada.makesRoom("engineering");
  await ada.says("the plan");
  await grace.says("/join engineering");
  await grace.isIn("engineering");
  await ada.row("the plan").focus();
  await ada.page.keyboard.press("p");
  await grace.page.getByText("Ada pinned a message").waitFor();
  await grace.page.keyboard.press("Control+k");
  await grace.page.getByRole("combobox").pressSequentially(">pinned");
  await grace.page.keyboard.press("Enter");
  const pins = grace.page.getByRole("complementary", { name: "Pinned messages" });
  await pins.getByText("the plan").waitFor();
  await grace.row("the plan").focus();
  await grace.page.keyboard.press("s");
  await grace.page.getByRole("link", { name: "Saved messages" }).click();
  await grace.page.getByRole("list", { name: "Saved messages" }).getByText("the plan").click();
  await grace.isIn("engineering");
  await ada.page.getByRole("link", { name: "Saved messages" }).click();
  await ada.page.getByText("You have saved nothing yet.").waitFor();
});

for (const [how, look] of LOOKS) {
  scenario(
    `T35: axe finds nothing serious ${how} in a thread, an edit, reactions and one's own lists`,
    async (scene) => {
      const ada = await scene.comes("Ada", look);
      const grace = await scene.comes("Grace");
      await ada.says("a question");
      await grace.seesStored("a question");
      await grace.says("@Ada, hello");
      await opensThread(grace, "a question");
      await replies(grace, "an answer");
      await ada.seesStored("@Ada, hello");
      const found: string[] = [];
      await ada.row("a question").focus();
      await ada.page.keyboard.press("e");
      await ada.page.getByRole("textbox", { name: "Edit the message" }).waitFor();
      found.push(...(await graveFindings(ada, "an edit")));
      await ada.page.keyboard.press("Escape");
      await ada.row("a question").focus();
      await ada.page.keyboard.press("+");
      await ada.page.getByRole("searchbox", { name: "Search emoji" }).fill("tada");
      await ada.page.keyboard.press("Enter");
      await ada.row("a question").locator(".reaction").waitFor();
      found.push(...(await graveFindings(ada, "a reaction and a stub")));
      await ada.row("a question").locator(".thread-stub").click();
      await thread(ada).getByText("an answer").waitFor();
      found.push(...(await graveFindings(ada, "a thread")));
      for (const page of ["catch-up", "threads", "saved"]) {
        await ada.page.goto(`${scene.house.url}/${page}`);
        await ada.page.getByRole("heading", { level: 1 }).waitFor();
        found.push(...(await graveFindings(ada, page)));
      }
      expect(found).toEqual([]);
    },
  );
}
