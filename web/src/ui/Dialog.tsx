/** A native modal dialog: labelled, closed by Esc unless it must be answered, the focus goes back where it was. */

import { type ReactNode, useEffect, useId, useRef } from "react";
import { rememberFocus } from "./focusBack";
import "./Dialog.css";

export function Dialog({
  title,
  className,
  onClose,
  children,
}: {
  title: string;
  /** For one that is not as wide as the others. */
  className?: string;
  /** Without it the dialog stays until whoever shows it takes it away. */
  onClose?: () => void;
  children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const giveBack = rememberFocus();
    dialog.current?.showModal();
    return giveBack;
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className === undefined ? "dialog" : `dialog ${className}`}
      aria-labelledby={label}
      onCancel={(event) => onClose === undefined && event.preventDefault()}
      // A browser closes it at the second Esc whatever is said to the first.
      onClose={onClose ?? (() => dialog.current?.showModal())}
    >
      <h2 id={label}>{title}</h2>
      {children}
    </dialog>
  );
}
