/** The keys, for who wants to know them (UX 3.9). */

import type { ReactNode } from "react";
import { Dialog } from "../../ui/Dialog";
import { keysText } from "../../ui/keys";
import { strings } from "../../ui/strings";
import { shortcuts } from "../../ui/strings/shortcuts";
import "./Shortcuts.css";

export function Shortcuts({ onClose }: { onClose: () => void }): ReactNode {
  return (
    <Dialog title={strings.shortcuts} className="shortcuts" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and is read from its beginning */}
      <section className="shortcuts-groups" aria-label={strings.shortcuts} tabIndex={0}>
        {shortcuts.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(([keys, what]) => (
                <div key={keys}>
                  <dt>
                    {keys.split(" / ").map((one) => (
                      <kbd key={one}>{keysText(one)}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </section>
      <div className="buttons">
        <button type="button" className="button quiet" onClick={onClose}>
          {strings.close}
        </button>
      </div>
    </Dialog>
  );
}
