/** Builds the web client into `dist/`: hashed assets, packed forms beside them, no inline script. */

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Writes `.br` and `.gz` beside each text file of the build; the plain file stays. */
function pack(): Plugin {
  return {
    name: "pack",
    apply: "build",
    async closeBundle() {
      const files = await readdir("dist", { recursive: true });
      for (const file of files.filter((name) => /\.(js|css|svg|webmanifest)$/.test(name))) {
        const path = join("dist", file);
        const plain = await readFile(path);
        const br = await promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        await writeFile(`${path}.br`, br);
        await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
      }
    },
  };
}

type Row = {
  readonly unicode: string;
  readonly hexcode: string;
  readonly label: string;
  readonly group?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly unicode: string }[];
};

/**
 * The table of emoji as `virtual:emoji-table`: emojibase's, with nothing in it but what the picker shows and finds. A line each:
 * sign, group, 1 where it has skin tones that are made by a rule, name, short names, words. A tenth of the whole to fetch.
 */
function emojiTable(): Plugin {
  const id = "virtual:emoji-table";
  const read = async (path: string): Promise<unknown> =>
    JSON.parse(await readFile(join(import.meta.dirname, "node_modules/emojibase-data/en", path), "utf8"));
  return {
    name: "emoji-table",
    resolveId: (asked) => (asked === id ? `\0${id}` : null),
    async load(asked) {
      if (asked !== `\0${id}`) return null;
      const rows = (await read("compact.json")) as readonly Row[];
      const codes = (await read("shortcodes/github.json")) as Readonly<Record<string, string | readonly string[]>>;
      // Parts of others (2) and letters of flags, which have no group, are not offered by themselves.
      const shown = rows.filter(({ group }) => group !== undefined && group !== 2);
      const lines = shown.map(({ unicode, hexcode, label, group, tags = [], skins = [] }) => {
        const [first, ...rest] = [...unicode.replace("\ufe0f", "")];
        const isRegular = skins.length === 5 && skins[2]?.unicode === [first, "\u{1f3fd}", ...rest].join("");
        const names = [codes[hexcode] ?? []].flat().join(" ");
        return [unicode, group, isRegular ? 1 : 0, label, names, tags.join(" ")].join("|");
      });
      return `export default ${JSON.stringify(lines.join("\n"))}`;
    },
  };
}

export default defineConfig({
  plugins: [react(), emojiTable(), pack()],
  // The page loads no module preload helper: every chunk it needs first is in the page itself. What the first paint needs is
  // one file, whatever the pages that are fetched later share with it: each more would be another request before it (UX 3.11).
  build: {
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "index", tags: ["$initial"] }] } } },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8080", "/ws": { target: "ws://127.0.0.1:8080", ws: true } } },
  test: { environment: "jsdom", testTimeout: 30_000, include: ["src/**/*.test.{ts,tsx}"] },
} as Parameters<typeof defineConfig>[0]);
