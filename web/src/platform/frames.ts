/** The page's own rhythm: once a frame. */

/** Calls back before the next frame, or soon while the page is hidden and draws none. */
export function onFrame(call: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(() => call());
  else queueMicrotask(call);
}
