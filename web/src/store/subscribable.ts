/** A value that can be watched. Changes are immutable: equal by reference means unchanged. */

export type Subscribable<T> = {
  get(): T;
  set(change: (before: T) => T): void;
  subscribe(listener: () => void): () => void;
};

/** Holds `first` and tells everyone who watches whenever it becomes another. */
export function createSubscribable<T>(first: T): Subscribable<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(change) {
      const next = change(value);
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
