/** What a tree becomes in the page. */

import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Tree } from "../protocol";
import { goldenTrees } from "../protocol/goldenTrees";
import { Markup } from "./Markup";

test("S59: of every golden tree nothing is made but what is known to be harmless, and links lead to the web or the post", () => {
  const allowed = new Set(
    "DIV P BLOCKQUOTE UL OL LI HR PRE CODE SECTION TABLE THEAD TBODY TR TH TD STRONG EM S SPAN A BDI BUTTON".split(" "),
  );
  for (const { text, tree } of Object.values(goldenTrees).flat()) {
    if (tree === null) continue;
    const { container, unmount } = render(<Markup tree={tree} />);
    for (const element of container.querySelectorAll("*")) {
      expect(allowed.has(element.tagName), `${element.tagName} of ${text}`).toBe(true);
      for (const { name } of element.attributes) expect(name.startsWith("on") || name === "style", text).toBe(false);
    }
    for (const link of container.querySelectorAll("a")) {
      expect(link.protocol, text).toMatch(/^(https?|mailto):$/);
      expect([link.rel, link.target]).toEqual(["noopener noreferrer nofollow", "_blank"]);
    }
    unmount();
  }
});

test("S59: a tree that leads elsewhere, or has what is not known, is words", () => {
  const tree = [
    {
      paragraph: [{ link: { to: "javascript:alert(1)", of: ["a"] } }, { link: { to: "//x", of: ["b"] } }, { made: 1 }],
    },
    { up: [] },
  ] as unknown as Tree;
  const { container } = render(<Markup tree={tree} />);
  expect(container.innerHTML).toBe('<div class="markup"><p dir="auto"><bdi>a</bdi><bdi>b</bdi></p></div>');
});

test("S56: words that look like another address are followed by where they lead", () => {
  const says = (to: string, words: string) => {
    const { container, unmount } = render(<Markup tree={[{ paragraph: [{ link: { to, of: [words] } }] }]} />);
    const text = container.textContent;
    unmount();
    return text;
  };
  expect(says("https://b.example/c", "https://a.example")).toBe("https://a.example (b.example)");
  expect(says("https://b.example/c", "a.example/login")).toBe("a.example/login (b.example)");
  expect(says("https://a.example@b.example/", "https://a.example@b.example/")).toBe(
    "https://a.example@b.example/ (b.example)",
  );
  expect(says("mailto:eve@b.example", "ada@a.example")).toBe("ada@a.example (eve@b.example)");
  for (const [to, words] of [
    ["https://a.example/b", "https://a.example/b"],
    ["http://www.a.example", "www.a.example"],
    ["https://A.example:443/", "https://A.example:443/"],
    ["https://日本.example/", "https://日本.example/"],
    ["https://a.example", "the notes"],
    ["mailto:ada@a.example", "ada@a.example"],
  ] as const)
    expect(says(to, words)).toBe(words);
});

test("a spoiler is shown by a click or a key, and says nothing before", () => {
  const tree: Tree = [{ paragraph: ["It was ", { spoiler: ["Rosebud"] }, { spoiler: ["a sled"] }] }];
  render(<Markup tree={tree} />);
  const [first, second] = screen.getAllByRole("button", { name: "Show what is hidden" });
  expect(first?.querySelector("[inert]")?.textContent).toBe("Rosebud");
  if (first === undefined || second === undefined) throw new Error("there are two");
  fireEvent.keyDown(first, { key: "a" });
  expect(screen.getAllByRole("button")).toHaveLength(2);
  fireEvent.keyDown(first, { key: "Enter" });
  fireEvent.click(second);
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(document.querySelector("[inert]")).toBeNull();
});
