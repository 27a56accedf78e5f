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

/** The least of some, since whatever else the machine does makes any of them longer and none shorter. */
function leastMs(text: string): number {
  const times = Array.from({ length: 7 }, () => {
    const began = performance.now();
    Autolink({ text });
    return performance.now() - began;
  });
  return Math.min(...times);
}

test("S60: a text of 16 KiB is looked through in 10 ms whatever it repeats, and one of links in proportion", () => {
  const pieces = [
    "[",
    "(",
    "*a",
    ">",
    "_",
    "`",
    "://",
    "h",
    "http://",
    "https://a(",
    "https://a)",
    "\u202e",
    "「",
    "a.",
    ".",
  ];
  for (const piece of pieces) {
    expect(leastMs(piece.repeat(16_384 / piece.length)), piece).toBeLessThan(10);
    expect(leastMs(`https://a${piece.repeat(16_000 / piece.length)}`), `https://a${piece}`).toBeLessThan(10);
  }
  // Of many links most is what React notes of each element while it is developed with; a text read again for each would be seconds.
  for (const link of ["https://a ", "https://a. ", "(https://a) ", "https://a\n"]) {
    expect(leastMs(link.repeat(16_384 / link.length)), link).toBeLessThan(250);
  }
});
