/** What others feel about a message: a sign and how many, one's own pressed (UX 3.7.11). */

import type { ReactNode } from "react";
import type { Reaction } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import type { Mark } from "../../store/state";
import { strings } from "../../ui/strings";
import "./Reactions.css";

export function Reactions({ at, of }: { at: Mark; of: readonly Reaction[] }): ReactNode {
  const { toggleReaction } = useActions();
  const may = useStore((state) => {
    const standing = state.rooms.get(at.room)?.state;
    return standing !== undefined && mayInRoom("React", state.you?.role, standing);
  });
  return (
    <div className="reactions">
      {of.map(({ emoji, count, mine, who }) => (
        <button
          key={emoji}
          type="button"
          className="reaction"
          tabIndex={-1}
          aria-pressed={mine}
          aria-label={strings.reaction(emoji, count, mine)}
          title={strings.reactedBy(who, count)}
          disabled={!may}
          onClick={() => toggleReaction(at, emoji)}
        >
          <span aria-hidden="true">{emoji}</span> {count.toLocaleString("en")}
        </button>
      ))}
    </div>
  );
}
