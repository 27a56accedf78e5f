/** UUIDv7 (RFC 9562 §5.7): ids that sort by the time they were made, so an outbox keeps its order by its keys. */

let last = 0;

/** A new id. Two of the same millisecond still sort in order. */
export function uuidv7(): string {
  const now = Math.max(Date.now(), last + 1);
  last = now;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = now;
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
