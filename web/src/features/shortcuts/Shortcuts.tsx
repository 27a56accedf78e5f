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
      <div className="shortcuts-groups">
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
      </div>
      <div className="buttons">
        <button type="button" className="button quiet" onClick={onClose}>
          {strings.close}
        </button>
      </div>
    </Dialog>
  );
}
