/** The page's own rhythm: once a frame, or when the browser's network comes and goes. */

/** Calls back before the next frame, or soon while the page is hidden and draws none. */
export function onFrame(call: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(() => call());
  else queueMicrotask(call);
}

/** Hears an event of the window for the life of the page. */
export function onWindow(event: "online" | "offline", call: () => void): void {
  window.addEventListener(event, call);
}
