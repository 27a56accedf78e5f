/** Emoji to choose from (UX 3.4): searched by name, in groups, in the skin tone that was chosen last. */

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { keepTone, noteUse, RECENT_MAX, readRecent, readTone } from "../../platform/emojiUse";
import { EMOJI, type Emoji, findEmoji, GROUPS, inTone, nameOfEmoji, TONES } from "../../ui/emojiTable";
import { Popover } from "../../ui/Popover";
import { emoji as words } from "../../ui/strings/emoji";
import { EmojiGrid, type Sign } from "./EmojiGrid";
import "../../ui/choices.css";
import "./EmojiPicker.css";

/** As many as a search shows: who does not find it among these types on. */
const FOUND_MAX = 64;
/** What each group is shown by. */
const SIGNS: Readonly<Record<number, string>> = {
  0: "😀",
  1: "👋",
  3: "🐻",
  4: "🍎",
  5: "🚗",
  6: "⚽",
  7: "💡",
  8: "❤️",
  9: "🏁",
};

type Props = {
  readonly anchor: HTMLElement;
  readonly onChoose: (sign: string) => void;
  readonly onClose: () => void;
};

export default function EmojiPicker({ anchor, onChoose, onClose }: Props): ReactNode {
  const [text, setText] = useState("");
  const [group, setGroup] = useState(0);
  const [tone, setTone] = useState(readTone);
  const [recent] = useState(readRecent);
  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => field.current?.focus(), []);

  const searching = text.trim() !== "";
  const found = searching ? findEmoji(text, FOUND_MAX) : EMOJI.filter((one) => one.group === group);
  const signs = found.map((one) => drawn(one, tone));
  const again: readonly Sign[] = searching ? [] : recent.map((sign) => ({ sign, name: nameOfEmoji(sign) }));

  function choose(sign: string): void {
    noteUse(sign);
    onClose();
    onChoose(sign);
  }

  return (
    <Popover anchor={anchor} label={words.title} onClose={onClose}>
      <div className="emoji-picker">
        <input
          ref={field}
          type="search"
          className="search"
          aria-label={words.search}
          placeholder={words.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
            else if (event.key === "Enter" && signs[0] !== undefined) choose(signs[0].sign);
            else return;
            event.preventDefault();
          }}
        />
        {!searching && <Groups chosen={group} onChoose={setGroup} />}
        <div className="emoji-scroll" ref={grid}>
          {again.length > 0 && (
            <>
              <h3>{words.recent}</h3>
              <EmojiGrid label={words.recent} signs={again.slice(0, RECENT_MAX)} onChoose={choose} />
            </>
          )}
          {!searching && <h3>{words.groups[group]}</h3>}
          {signs.length > 0 && (
            <EmojiGrid
              key={searching ? "found" : group}
              label={searching ? words.search : (words.groups[group] ?? "")}
              signs={signs}
              onChoose={choose}
            />
          )}
          {signs.length === 0 && <p className="emoji-none">{words.none(text.trim())}</p>}
        </div>
        <Tones
          chosen={tone}
          onChoose={(next) => {
            keepTone(next);
            setTone(next);
          }}
        />
        <p className="hidden" role="status">
          {searching ? words.found(signs.length) : ""}
        </p>
      </div>
    </Popover>
  );
}

function drawn(one: Emoji, tone: number): Sign {
  return { sign: inTone(one, tone), name: one.name };
}

function Groups({ chosen, onChoose }: { chosen: number; onChoose: (group: number) => void }): ReactNode {
  const name = useId();
  return (
    <fieldset className="emoji-groups">
      <legend className="hidden">{words.title}</legend>
      {GROUPS.map((group) => (
        <label key={group} title={words.groups[group]}>
          <input
            type="radio"
            name={name}
            aria-label={words.groups[group]}
            checked={group === chosen}
            onChange={() => onChoose(group)}
          />
          <span aria-hidden="true">{SIGNS[group]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Tones({ chosen, onChoose }: { chosen: number; onChoose: (tone: number) => void }): ReactNode {
  const name = useId();
  return (
    <fieldset className="emoji-groups emoji-tones">
      <legend>{words.tone}</legend>
      {TONES.map((shade, tone) => (
        <label key={words.tones[tone]} title={words.tones[tone]}>
          <input
            type="radio"
            name={name}
            aria-label={words.tones[tone]}
            checked={tone === chosen}
            onChange={() => onChoose(tone)}
          />
          <span aria-hidden="true">✋{shade}</span>
        </label>
      ))}
    </fieldset>
  );
}
