/** Addresses of the page, written and read. */

import { expect, test } from "vitest";
import { parsePlace, pathOf } from "./location";

test("an address is read back as it was written, an unknown one is nowhere, and a door of the house is home", () => {
  for (const path of ["/", "/rooms", "/people", "/r/7", "/r/7/m/1234"])
    expect(pathOf(parsePlace(path) as Parameters<typeof pathOf>[0])).toBe(path);
  for (const path of ["/r/", "/r/x", "/r/1/m/", "/r/99999999999999999", "/../etc", "/people/7", "/joining"])
    expect(parsePlace(path)).toEqual({ type: "nowhere" });
  for (const path of ["/join/token", "/owner/token", "/reset/token", "/me", "/admin/people"])
    expect(parsePlace(path)).toEqual({ type: "home" });
});
