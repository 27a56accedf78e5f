/** What the box offers for a word (UX 3.7.6). Pure. */

import type { Author, Room, UserId } from "../../../protocol";
import { findEmoji, inTone } from "../../../ui/emojiTable";
import { fitOf, folded } from "../../../ui/fit";
import { slash } from "../../../ui/strings/slash";
import type { SlashName } from "../slash";
import type { Word } from "./word";

export type Option = {
  readonly key: string;
  /** What stands before the name: a sign, or whether somebody is here. */
  readonly glyph: string | { readonly here: boolean };
  readonly label: string;
  readonly note: string;
  /** What is put in the place of the word. */
  readonly insert: string;
};

export type Somebody = Author & { readonly online: boolean };

export type Known = {
  readonly you: UserId;
  readonly people: readonly Somebody[];
  /** Who spoke here last, the last one first: those are meant most often. */
  readonly spoke: readonly UserId[];
  readonly rooms: readonly Pick<Room, "id" | "name">[];
  readonly slashes: readonly SlashName[];
  /** Whether this person may call everyone. */
  readonly mayCallAll: boolean;
  readonly tone: number;
  /** As many as are offered at once. */
  readonly most: number;
};

export function optionsFor({ sign, typed }: Word, known: Known): readonly Option[] {
  const wanted = folded(typed.trim());
  if (sign === ":") {
    return findEmoji(typed, known.most).map((emoji) => {
      const drawn = inTone(emoji, known.tone);
      return { key: emoji.sign, glyph: drawn, label: `:${emoji.codes[0]}:`, note: emoji.name, insert: `${drawn} ` };
    });
  }
  if (sign === "/") {
    // One that wants nothing more is whole as it stands: Enter does it.
    return known.slashes
      .filter((name) => name.startsWith(typed) && (name !== typed || slash.wants[name] !== ""))
      .map((name) => ({
        key: name,
        glyph: "/",
        label: `${name} ${slash.wants[name]}`.trim(),
        note: slash.means[name],
        insert: `/${name} `,
      }));
  }
  return sign === "#" ? rooms(wanted, known) : people(wanted, known);
}

function rooms(wanted: string, { rooms, most }: Known): readonly Option[] {
  const found = rooms.flatMap(({ id, name }) => {
    const fit = fitOf(folded(name), wanted);
    const option: Option = { key: String(id), glyph: "#", label: name, note: "", insert: `#${name} ` };
    return fit === null ? [] : [{ option, fit }];
  });
  return found
    .sort((a, b) => a.fit - b.fit || a.option.label.localeCompare(b.option.label))
    .slice(0, most)
    .map(({ option }) => option);
}

function people(wanted: string, known: Known): readonly Option[] {
  const found = known.people.flatMap((somebody) => {
    const fit = somebody.id === known.you ? null : fitOf(folded(somebody.name), wanted);
    return fit === null ? [] : [{ somebody, fit }];
  });
  const spoke = (id: UserId) => (known.spoke.indexOf(id) < 0 ? known.spoke.length : known.spoke.indexOf(id));
  found.sort(
    ({ somebody: a, fit: fitA }, { somebody: b, fit: fitB }) =>
      fitA - fitB || spoke(a.id) - spoke(b.id) || Number(b.online) - Number(a.online) || a.name.localeCompare(b.name),
  );
  const offered = found.map(({ somebody: { id, name, online } }) => ({
    key: String(id),
    glyph: { here: online },
    label: name,
    note: "",
    insert: `@${name} `,
  }));
  const all = known.mayCallAll ? [call("room", slash.everyone), call("here", slash.hereNow)] : [];
  return [...offered, ...all.filter(({ key }) => key.startsWith(wanted))].slice(0, known.most);
}

function call(name: string, note: string): Option {
  return { key: name, glyph: "@", label: name, note, insert: `@${name} ` };
}
