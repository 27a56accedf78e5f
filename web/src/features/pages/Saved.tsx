/** "Saved", beside what was changed, for two seconds; or what went wrong, until the next try (UX 3.5 L). */

import { type ReactNode, useEffect, useState } from "react";
import { after } from "../../platform/clock";
import { me } from "../../ui/strings/me";

const SAID_MS = 2_000;

/** What is said now, and how to say it. */
export type Word = { readonly ok: boolean; readonly text: string };

export function useWord(): [Word | null, (word: Word | null) => void] {
  const [word, say] = useState<Word | null>(null);
  useEffect(() => (word?.ok === true ? after(SAID_MS, () => say(null)) : undefined), [word]);
  return [word, say];
}

export const SAVED: Word = { ok: true, text: me.saved };

export function Saying({ word }: { word: Word | null }): ReactNode {
  return (
    <>
      <span className="saved" role="status">
        {word?.ok === true ? word.text : ""}
      </span>
      {word?.ok === false && (
        <span className="field-error" role="alert">
          {word.text}
        </span>
      )}
    </>
  );
}
