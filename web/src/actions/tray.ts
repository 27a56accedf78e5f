/** What is attached and not sent, as the rest of the page knows of it: all that keeps and brings files is fetched with the first. */

import { readLocal } from "../platform/storage";
import type { Attachment, UserId } from "../protocol";
import type { BoxId, State } from "../store/state";
import type { Subscribable } from "../store/subscribable";
import { fileStrings } from "../ui/strings/files";

export type Tray = {
  /** Takes out what this person left in this browser, and goes on with it. */
  open(owner: UserId): Promise<void>;
  /** Removes everything of this person from this browser. */
  forget(): Promise<void>;
  attach(box: BoxId, files: readonly File[]): void;
  cancel(box: BoxId, key: string): void;
  retry(box: BoxId, key: string): void;
  /** Takes what is whole out of the tray of a room: it is being sent. */
  take(box: BoxId): readonly Attachment[];
  /** Puts back what a message carried that was not taken. */
  putBack(box: BoxId, files: readonly Attachment[]): void;
};

/** Makes the trays of a page. */
export function createTray(store: Subscribable<State>, say: (text: string) => void): Tray {
  let owner = 0;
  let ready: Tray | null = null;
  let asked: Promise<Tray> | null = null;

  function fetched(): Promise<Tray> {
    asked ??= import("./trays").then(({ createTrays }) => {
      ready = createTrays(store, say);
      return ready;
    });
    return asked;
  }

  /** Does something with it once it is here, for who is here then. */
  function then(act: (tray: Tray) => void): void {
    fetched()
      .then((tray) => tray.open(owner).then(() => act(tray)))
      .catch(() => {
        // It is asked for again with the next file.
        asked = null;
        say(fileStrings.notFetched);
      });
  }

  return {
    async open(who) {
      owner = who;
      // Whether there is anything of theirs in this browser.
      if (ready !== null || readLocal(`files:${who}`) !== null) await (await fetched()).open(who);
    },
    async forget() {
      if (ready !== null || readLocal(`files:${owner}`) !== null) await (await fetched()).forget();
    },
    attach: (box, files) => then((tray) => tray.attach(box, files)),
    cancel: (box, key) => then((tray) => tray.cancel(box, key)),
    retry: (box, key) => then((tray) => tray.retry(box, key)),
    take: (box) => ready?.take(box) ?? [],
    putBack: (box, files) => then((tray) => tray.putBack(box, files)),
  };
}
