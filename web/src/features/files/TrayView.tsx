/** What is attached and not sent: each with its progress, and with what is wrong with it (T24). */

import type { ReactNode } from "react";
import { useActions } from "../../react/useActions";
import type { BoxId, TrayFile } from "../../store/state";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import { bytesText, fileStrings } from "../../ui/strings/files";
import { useTray } from "./useTray";
import "./files.css";

export function TrayView({ box }: { box: BoxId }): ReactNode {
  const files = useTray(box);
  const { detach, retryFile } = useActions();
  if (files.length === 0) return null;
  return (
    <ul className="tray" aria-label={fileStrings.tray}>
      {files.map((file) => (
        <li key={file.key}>
          <span className="tray-picture">
            {file.preview ? <img src={file.preview} alt="" /> : <Icon name="file" />}
          </span>
          <div>
            <span className="tray-name" dir="auto">
              {file.name}
            </span>
            <State file={file} />
          </div>
          <div className="tray-acts">
            {file.again && (
              <button
                type="button"
                className="link"
                aria-label={fileStrings.retry(file.name)}
                onClick={() => retryFile(box, file.key)}
              >
                {strings.retry}
              </button>
            )}
            <button
              type="button"
              aria-label={isOver(file) ? fileStrings.remove(file.name) : fileStrings.cancel(file.name)}
              onClick={() => detach(box, file.key)}
            >
              <Icon name="close" />
            </button>
          </div>
        </li>
      ))}
    </ul>
  );
}

function isOver({ state }: TrayFile): boolean {
  return state === "whole" || state === "failed";
}

function State({ file }: { file: TrayFile }): ReactNode {
  const { state, reason, sent, bytes, name } = file;
  if (state === "failed") {
    return (
      <span className="tray-state failed" role="alert">
        {reason}
      </span>
    );
  }
  if (state === "whole") return <span className="tray-state">{bytesText(file.file?.bytes ?? bytes)}</span>;
  const words = sent >= bytes ? fileStrings.finishing : fileStrings.coming(sent, bytes);
  return (
    <span className="tray-state">
      <progress value={sent} max={bytes} aria-label={name} />
      {state === "waiting" ? (reason ?? fileStrings.waiting) : words}
    </span>
  );
}
