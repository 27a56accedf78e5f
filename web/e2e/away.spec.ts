/** Away although one is there: said by hand, and over with the next thing one does (SIG-4). */

import { expect } from "vitest";
import { scenario } from "./scene";

scenario(
  "SIG-4: /away shows one as away to others and on each own device, until one says something or is back",
  async (scene) => {
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    const tab = await scene.anotherTab(grace);
    await ada.writesTo("Grace");
    const standing = ada.page.locator(".room-header .room-presence");
    await expect.poll(() => standing.textContent()).toBe("here now");
    const own = tab.page.locator(".rail-foot").getByRole("img");
    expect(await own.getAttribute("aria-label")).toBe("here now");

    await grace.says("/away");
    await grace.page.getByText("Others see you as away until you do something.").waitFor();
    await expect.poll(() => standing.textContent()).toBe("away");
    await expect.poll(() => own.getAttribute("aria-label")).toBe("away");
    // Nothing was said by it, and nobody left.
    expect(await tab.lines()).toEqual(await grace.lines());
    expect((await grace.lines()).join()).not.toContain("Grace left");
    expect(await grace.texts()).toEqual([]);
    await tab.page.reload();
    await tab.box.waitFor();
    await expect.poll(() => own.getAttribute("aria-label")).toBe("away");

    await tab.says("here I am");
    await expect.poll(() => standing.textContent()).toBe("here now");
    await expect.poll(() => own.getAttribute("aria-label")).toBe("here now");

    // By the menu beside one's name as well.
    await grace.page.getByRole("button", { name: "You and your settings" }).click();
    await grace.page.getByRole("menuitem", { name: "Be away" }).click();
    await expect.poll(() => standing.textContent()).toBe("away");
    await grace.says("/back");
    await expect.poll(() => standing.textContent()).toBe("here now");
  },
);
