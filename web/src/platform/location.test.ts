/** Addresses of the page, written and read. */

import { expect, test } from "vitest";
import { parsePlace, pathOf, type Somewhere } from "./location";

test("an address is read back as it was written, and an unknown one is nowhere", () => {
  const paths = [
    "/",
    "/rooms",
    "/people",
    "/catch-up",
    "/threads",
    "/saved",
    "/r/7",
    "/r/7/m/1234",
    "/r/7/t/1234",
    "/me",
    "/me/devices",
    "/admin",
    "/admin/people",
  ];
  for (const path of [...paths, "/owner/Ab-_1", "/join/Ab-_1", "/reset/Ab-_1", "/oidc/finish"])
    expect(pathOf(parsePlace(path) as Somewhere)).toBe(path);
  for (const path of [
    "/r/",
    "/r/x",
    "/r/1/m/",
    "/r/1/t/",
    "/r/1/x/2",
    "/r/99999999999999999",
    "/../etc",
    "/people/7",
    "/join/",
    "/oidc/",
    "/oidc/a/b",
    "/me/a/b",
  ])
    expect(parsePlace(path)).toEqual({ type: "nowhere" });
});
