/** Whether somebody is looking, and how the tab tells them that they might. */

/** True while the tab is visible and its window has the focus. */
export function isAttentive(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Hears whenever that may have changed. */
export function onAttention(call: () => void): () => void {
  const events = ["focus", "blur"] as const;
  for (const event of events) window.addEventListener(event, call);
  document.addEventListener("visibilitychange", call);
  return () => {
    for (const event of events) window.removeEventListener(event, call);
    document.removeEventListener("visibilitychange", call);
  };
}

/** What the browser believes of the network. It may be wrong both ways: a house on this machine needs none. */
export function isOnline(): boolean {
  return navigator.onLine;
}

/** True where there is room for one column only (UX 3.2). */
export function isNarrow(): boolean {
  return window.matchMedia("(max-width: 759px)").matches;
}

/** Hears when the number of columns changes. */
export function onNarrow(call: () => void): () => void {
  const query = window.matchMedia("(max-width: 759px)");
  query.addEventListener("change", call);
  return () => query.removeEventListener("change", call);
}

/** Whether the window has room for little more than the box and a few messages. */
export function isLow(): boolean {
  return window.innerHeight < 480;
}

/** Whether the device is touched rather than typed on. */
export function isTouch(): boolean {
  return window.matchMedia("(pointer: coarse)").matches;
}

/** Whether its keys are those of a Mac. */
export function isMac(): boolean {
  return /Mac|iP(?:hone|ad)/.test(navigator.platform);
}

/** Sets the title, the icon and the badge of an installed app. */
export function showInTab(title: string, unread: boolean): void {
  if (document.title !== title) document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = unread ? "/icon-unread.svg" : "/icon.svg";
  if (icon !== null && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  const badge = navigator as Navigator & {
    setAppBadge?: (n?: number) => Promise<void>;
    clearAppBadge?: () => Promise<void>;
  };
  void (unread ? badge.setAppBadge?.() : badge.clearAppBadge?.())?.catch(() => undefined);
}
