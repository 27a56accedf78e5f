/** What the pages of one's own reading have in common: a title, a way back, and what stands below them. */

import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./mine.css";

type Props = {
  readonly title: string;
  readonly onBack: () => void;
  /** What went wrong, in words. */
  readonly failed?: string;
  readonly children: ReactNode;
};

export function Frame({ title, onBack, failed = "", children }: Props): ReactNode {
  return (
    <main className="mine" aria-label={title}>
      <header className="room-header">
        <button type="button" className="menu-button room-back" aria-label={strings.backToRooms} onClick={onBack}>
          <Icon name="back" />
        </button>
        <h1>{title}</h1>
        <p />
      </header>
      <div className="mine-body">
        {failed !== "" && (
          <p className="field-error" role="alert">
            {failed}
          </p>
        )}
        {children}
      </div>
    </main>
  );
}
