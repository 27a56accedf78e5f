/** One picture in front of everything, and the others of the room by arrow keys. Esc goes back to where one was. */

import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { Attachment, RoomId } from "../../protocol";
import { useStore } from "../../react/useStore";
import { Icon } from "../../ui/Icon";
import { bytesText, fileStrings } from "../../ui/strings/files";
import { pathOf } from "./Files";
import { pictureSize } from "./sizes";
import "./Lightbox.css";

type Props = { readonly room: RoomId; readonly first: Attachment; readonly onClose: () => void };

export function Lightbox({ room, first, onClose }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const pictures = useStore((state) =>
    (state.rooms.get(room)?.segments ?? []).flatMap((segment) =>
      segment.flatMap((event) =>
        event.kind === "message" ? (event.files ?? []).filter((file) => pictureSize(file) !== null) : [],
      ),
    ),
  );
  const [shown, setShown] = useState(first);
  const place = pictures.findIndex(({ id }) => id === shown.id);
  const [before, after] = [place > 0 ? pictures[place - 1] : undefined, pictures[place + 1]];

  useEffect(() => {
    const from = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (from instanceof HTMLElement) from.focus();
    };
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    const to = { ArrowLeft: before, ArrowRight: after, Home: pictures[0], End: pictures.at(-1) }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setShown(to);
  }

  const path = pathOf(room, shown);
  const size = pictureSize(shown);
  return (
    <dialog
      ref={dialog}
      className="lightbox"
      aria-label={fileStrings.picture(shown.name, place + 1, pictures.length)}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2 dir="auto">{shown.name}</h2>
        <span>{bytesText(shown.bytes)}</span>
        <a href={path} download={shown.name} aria-label={fileStrings.download(shown.name)}>
          {fileStrings.downloadShort}
        </a>
        <button type="button" aria-label={fileStrings.close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      {/* A press beside the picture closes, as Esc does for who has keys. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Esc does it */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Esc does it */}
      <div
        className="lightbox-stage"
        onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      >
        <img key={shown.id} src={path} width={size?.width} height={size?.height} alt={shown.name} />
      </div>
      <button
        type="button"
        className="lightbox-step before"
        aria-label={fileStrings.previous}
        disabled={before === undefined}
        onClick={() => before !== undefined && setShown(before)}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="lightbox-step after"
        aria-label={fileStrings.next}
        disabled={after === undefined}
        onClick={() => after !== undefined && setShown(after)}
      >
        <Icon name="back" />
      </button>
    </dialog>
  );
}
