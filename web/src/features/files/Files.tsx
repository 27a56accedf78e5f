/** What a message carries: pictures, players, and lines for everything else (FILE-5, T12). */

import { lazy, type ReactNode, useState } from "react";
import type { Attachment, RoomId } from "../../protocol";
import { Icon } from "../../ui/Icon";
import { Later } from "../../ui/Later";
import { bytesText, fileStrings } from "../../ui/strings/files";
import { boxOf, pictureSize, type Size } from "./sizes";
import "./files.css";

const Lightbox = lazy(() => import("./Lightbox").then(({ Lightbox }) => ({ default: Lightbox })));
const TextFile = lazy(() => import("./TextFile").then(({ TextFile }) => ({ default: TextFile })));

/** Moving pictures of at most so many bytes move in the timeline. */
const MOVING_BYTES_MAX = 4_000_000;

export function pathOf(room: RoomId, { id }: Attachment): string {
  return `/files/${room}/${id}`;
}

export function Files({ files, room }: { files: readonly Attachment[]; room: RoomId }): ReactNode {
  const [shown, setShown] = useState<Attachment | null>(null);
  const alone = files.length === 1;
  return (
    <div className="files">
      {files.map((file) => (
        <One key={file.id} file={file} room={room} alone={alone} onShow={() => setShown(file)} />
      ))}
      {shown !== null && (
        <Later>
          <Lightbox room={room} first={shown} onClose={() => setShown(null)} />
        </Later>
      )}
    </div>
  );
}

type Props = {
  readonly file: Attachment;
  readonly room: RoomId;
  readonly alone: boolean;
  readonly onShow: () => void;
};

function One({ file, room, alone, onShow }: Props): ReactNode {
  const size = pictureSize(file);
  if (size !== null) return <Picture file={file} room={room} box={boxOf(size, alone)} onShow={onShow} />;
  const path = pathOf(room, file);
  if (file.type.startsWith("video/"))
    return (
      <figure className="file-played">
        {/* biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for what people film */}
        <video src={path} controls preload="metadata" aria-label={file.name} />
        <Line file={file} room={room} />
      </figure>
    );
  if (file.type.startsWith("audio/"))
    return (
      <figure className="file-played">
        {/* biome-ignore lint/a11y/useMediaCaption: nobody wrote captions for what people record */}
        <audio src={path} controls preload="metadata" aria-label={file.name} />
        <Line file={file} room={room} />
      </figure>
    );
  return <Line file={file} room={room} />;
}

function Picture({
  file,
  room,
  box,
  onShow,
}: {
  file: Attachment;
  room: RoomId;
  box: Size;
  onShow: () => void;
}): ReactNode {
  const [gone, setGone] = useState(false);
  const path = pathOf(room, file);
  const moves = file.type === "image/gif" && file.bytes <= MOVING_BYTES_MAX;
  return (
    <button type="button" className="file-picture" aria-label={fileStrings.enlarge(file.name)} onClick={onShow}>
      <img
        src={file.thumb && !moves ? `${path}/thumb` : path}
        width={box.width}
        height={box.height}
        alt={gone ? fileStrings.gone : file.name}
        decoding="async"
        onError={() => setGone(true)}
      />
    </button>
  );
}

/** What a file is called, how large it is, and how one has it; a text can be read in its place. */
function Line({ file, room }: { file: Attachment; room: RoomId }): ReactNode {
  const [open, setOpen] = useState(false);
  const isText = file.type.startsWith("text/");
  return (
    <div className="file-line">
      <div className="file-head">
        <Icon name="file" />
        <span className="file-name" dir="auto">
          {file.name}
        </span>
        <span className="file-size">{bytesText(file.bytes)}</span>
        {isText && (
          <button
            type="button"
            className="link"
            aria-expanded={open}
            aria-label={open ? fileStrings.hide(file.name) : fileStrings.preview(file.name)}
            onClick={() => setOpen(!open)}
          >
            {open ? fileStrings.hideShort : fileStrings.showShort}
          </button>
        )}
        <a className="link" href={pathOf(room, file)} download={file.name} aria-label={fileStrings.download(file.name)}>
          {fileStrings.downloadShort}
        </a>
      </div>
      {open && (
        <Later>
          <TextFile file={file} room={room} />
        </Later>
      )}
    </div>
  );
}
