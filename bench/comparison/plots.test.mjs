/** The plots are pictures that any reader of SVG takes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { draw, PLOTS } from "./plots.mjs";

const ROWS = [
  { name: 'Parlour <&">', kind: "ours", value: 2, low: 1, high: 4 },
  { name: "a peer", kind: "peer", value: 0, low: 0, high: 0 },
  { name: "limit", kind: "limit", value: 8, low: 8, high: 8 },
];

/** Throws unless every tag is closed in turn, every attribute quoted, and no `<` or `&` stands bare. */
function wellFormed(svg) {
  const open = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<]*")*)(\/?)>/g,
    (_, ends, name, _attributes, alone) => {
      if (ends) assert.equal(open.pop(), name);
      else if (!alone) open.push(name);
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|quot);)/);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
}

for (const plot of PLOTS) {
  test(`${plot.file} is well formed, whatever a name holds, and shows every row`, () => {
    const svg = draw(plot, ROWS);
    wellFormed(svg);
    assert.equal(svg.match(/class="name/g).length, ROWS.length);
    assert.match(svg, /prefers-color-scheme:dark/);
  });
}

test("a bar is as long as its figure, and one that is nothing is still seen", () => {
  const widths = [
    ...draw({ ...PLOTS[0], scale: undefined }, ROWS).matchAll(/class="mark-[a-z]+" x="200" y="\d+" width="([\d.]+)"/g),
  ];
  assert.deepEqual(
    widths.map(([, width]) => Number(width)),
    [115, 1, 460],
  );
});

test("on a logarithmic plot ten times as much is as far again", () => {
  const rows = [1, 10, 100].map((value) => ({ name: `${value}`, kind: "peer", value, low: value, high: value }));
  const places = [...draw({ ...PLOTS[0], scale: "log" }, rows).matchAll(/cx="([\d.]+)"/g)];
  assert.deepEqual(
    places.map(([, x]) => Number(x)),
    [200, 430, 660],
  );
});
