/** Picks files of this machine. */

import { type ReactNode, useRef } from "react";
import { Icon } from "../../ui/Icon";
import { fileStrings } from "../../ui/strings/files";

export function Attach({ onFiles }: { onFiles: (files: readonly File[]) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="composer-attach"
        aria-label={fileStrings.attach}
        title={fileStrings.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be picked again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
