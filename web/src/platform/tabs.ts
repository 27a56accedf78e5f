/** Several tabs of one browser: one of them sends, all of them know. */

import type { Seq } from "../protocol";

/** What tabs tell each other. */
export type TabWord =
  | { readonly type: "outbox_changed" }
  | { readonly type: "stored"; readonly clientId: string; readonly seq: Seq }
  | { readonly type: "discarded"; readonly clientId: string };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("parlour");

/** Tells the other tabs. */
export function tellTabs(word: TabWord): void {
  channel?.postMessage(word);
}

/** Hears the other tabs. */
export function onTabs(call: (word: TabWord) => void): void {
  channel?.addEventListener("message", (event: MessageEvent<TabWord>) => call(event.data));
}

/** Calls back once this tab is the one that sends. Where there are no locks every tab is; the server takes an id once. */
export function whenLeader(owner: number, call: () => void): void {
  if (typeof navigator === "undefined" || navigator.locks === undefined) {
    call();
    return;
  }
  void navigator.locks.request(`parlour-outbox-${owner}`, () => {
    call();
    // Held for the life of the tab.
    return new Promise<never>(() => undefined);
  });
}
