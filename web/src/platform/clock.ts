/** Time, in one place: everything else asks here, and tests fake the timers. */

/** Milliseconds since 1970 by the wall clock. */
export function nowMs(): number {
  return Date.now();
}

/** Calls back once; returns how to forget it. */
export function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}

/** Calls back again and again; returns how to stop it. */
export function every(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms);
  return () => clearInterval(timer);
}
