/** The HTTP edge as the client uses it. */

import type {
  Author,
  Boot,
  Edits,
  ErrorCode,
  HistoryPage,
  ListedRoom,
  Member,
  MessageList,
  Problem,
  RoomId,
  Search,
  SearchPage,
  Seq,
  ThreadList,
  ThreadPage,
} from "../protocol";
import { strings } from "../ui/strings";

/** Why there is no answer. `status` 0: the house could not be reached. `field` is the one of the body it is about. */
export type NoAnswer = {
  readonly ok: false;
  readonly status: number;
  readonly code: ErrorCode | null;
  readonly field: string | null;
  readonly message: string;
  readonly suggestion: string | null;
};
export type Answer<T> = { readonly ok: true; readonly value: T } | NoAnswer;

/** Asks the house by `GET`, or with a body by `POST`. */
export async function ask<T>(path: string, body?: unknown, dropped?: AbortSignal | null): Promise<Answer<T>> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  try {
    const late = AbortSignal.timeout(15_000);
    const signal = dropped == null ? late : AbortSignal.any([late, dropped]);
    const response = await fetch(path, { ...init, signal });
    if (response.status === 204) return { ok: true, value: undefined as T };
    const json: unknown = await response.json();
    if (response.ok) return { ok: true, value: json as T };
    const { code, field, detail, suggestion } = json as Problem;
    const about = { code, field: field ?? null, message: detail, suggestion: suggestion ?? null };
    return { ok: false, status: response.status, ...about };
  } catch {
    return { ok: false, status: 0, code: null, field: null, message: strings.unreachable, suggestion: null };
  }
}

export type Around = { before: Seq } | { after: Seq } | { around: Seq } | Record<string, never>;

export function signOut(): Promise<Answer<void>> {
  return ask("/api/v1/sign-out", {});
}

export function boot(): Promise<Answer<Boot>> {
  return ask("/api/v1/boot");
}

export function history(room: RoomId, around: Around, limit: number): Promise<Answer<HistoryPage>> {
  const query = new URLSearchParams({ ...around, limit } as unknown as Record<string, string>);
  return ask(`/api/v1/rooms/${room}/history?${query}`);
}

export function rooms(): Promise<Answer<{ rooms: ListedRoom[] }>> {
  return ask("/api/v1/rooms");
}

export function members(room: RoomId): Promise<Answer<{ members: Member[] }>> {
  return ask(`/api/v1/rooms/${room}/members`);
}

/** Some messages of a room, with what there is about them. */
export function messages(room: RoomId, seqs: readonly Seq[]): Promise<Answer<MessageList>> {
  return ask(`/api/v1/rooms/${room}/messages?seqs=${seqs.join(",")}`);
}

export function pins(room: RoomId): Promise<Answer<MessageList>> {
  return ask(`/api/v1/rooms/${room}/pins`);
}

/** Exactly what the count of a room counts. */
export function unread(room: RoomId): Promise<Answer<MessageList>> {
  return ask(`/api/v1/rooms/${room}/unread`);
}

export function saved(before: number | null): Promise<Answer<MessageList>> {
  return ask(`/api/v1/saved${before === null ? "" : `?before=${before}`}`);
}

export function edits(room: RoomId, seq: Seq): Promise<Answer<Edits>> {
  return ask(`/api/v1/rooms/${room}/messages/${seq}/edits`);
}

export function thread(room: RoomId, seq: Seq, around: Around, limit: number): Promise<Answer<ThreadPage>> {
  const query = new URLSearchParams({ ...around, limit } as unknown as Record<string, string>);
  return ask(`/api/v1/rooms/${room}/threads/${seq}?${query}`);
}

export function threads(before: string | null): Promise<Answer<ThreadList>> {
  return ask(`/api/v1/threads${before === null ? "" : `?before=${encodeURIComponent(before)}`}`);
}

export function blocks(): Promise<Answer<{ people: Author[] }>> {
  return ask("/api/v1/blocks");
}

export function search(what: Search, dropped: AbortSignal | null): Promise<Answer<SearchPage>> {
  return ask("/api/v1/search", what, dropped);
}

/** What the page came with; null in a page of the development server. */
export function embeddedBoot(): Boot | null {
  const text = document.getElementById("boot")?.textContent;
  return text ? (JSON.parse(text) as Boot) : null;
}
