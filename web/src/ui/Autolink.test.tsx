/** Which words of a message become links. */

import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { Autolink } from "./Autolink";

function links(text: string): (string | null)[] {
  const { container } = render(<Autolink text={text} />);
  expect(container.textContent).toBe(text);
  return [...container.querySelectorAll("a")].map((link) => link.getAttribute("href"));
}

test("S59: only http and https become links, and markup stays text", () => {
  expect(links("javascript:alert(1) data:text/html,x <b>no</b>")).toEqual([]);
  expect(links('see https://example.org/a?b=c#d, and http://x.org."')).toEqual([
    "https://example.org/a?b=c#d",
    "http://x.org",
  ]);
});

test("the end of a sentence is not part of an address", () => {
  expect(links("(https://example.org/a).")).toEqual(["https://example.org/a"]);
});
