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

test("a bracket that an address opened is its own, and one around it is not", () => {
  const page = "https://en.wikipedia.org/wiki/Parlour_(room)";
  expect(links(`${page} (${page}) [${page}].`)).toEqual([page, page, page]);
});

test("closing marks of other scripts are left out, and the scheme may be written large", () => {
  expect(links("「https://example.org/a」。 “https://example.org/b”, «HTTPS://example.org/c»")).toEqual([
    "https://example.org/a",
    "https://example.org/b",
    "HTTPS://example.org/c",
  ]);
});

test("an address that turns the order of reading is text on its own, and every other is set apart", () => {
  const turned = "https://example.org/\u202egpj.exe";
  expect(links(`${turned} https://example.org/a`)).toEqual(["https://example.org/a"]);
  const { container } = render(<Autolink text={`${turned} https://example.org/a`} />);
  expect([...container.querySelectorAll("bdi")].map((part) => part.textContent)).toEqual([
    turned,
    "https://example.org/a",
  ]);
});
