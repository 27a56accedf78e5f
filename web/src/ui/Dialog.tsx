/** A native modal dialog: labelled, closed by Esc, the focus goes back where it was. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import "./Dialog.css";

export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={label} onClose={onClose} onCancel={onClose}>
      <h2 id={label}>{title}</h2>
      {children}
    </dialog>
  );
}
