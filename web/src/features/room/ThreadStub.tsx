/** That there are replies to a message, under it: how many, the newest, and whether some are unread (UX 3.5 F). */

import type { ReactNode } from "react";
import type { ThreadState } from "../../protocol";
import { useToday } from "../../react/useToday";
import { strings } from "../../ui/strings";
import { momentText } from "../../ui/time";
import { inShort } from "./MessageBody";

type Props = { readonly thread: ThreadState; readonly onOpen: () => void };

export function ThreadStub({ thread, onOpen }: Props): ReactNode {
  const { replies, last, following, unread } = thread;
  const today = useToday();
  if (replies === 0) return null;
  const isUnread = following && unread > 0;
  const newest = last?.kind === "message" && last.deleted === undefined ? last : null;
  return (
    <button
      type="button"
      className={isUnread ? "thread-stub unread" : "thread-stub"}
      tabIndex={-1}
      aria-label={strings.openThread(replies, isUnread ? unread : 0)}
      onClick={onOpen}
    >
      <b>{strings.replies(replies)}</b>
      {newest !== null && (
        <span>
          {newest.by.name}: {inShort(newest)} · {momentText(newest.at, today)}
        </span>
      )}
    </button>
  );
}
