/** What came of an action: a value, or why not, as a form says it beside its field. */

import type { Answer } from "../platform/http";
import type { ErrorCode } from "../protocol";

/** `field` names the field it is about, `suggestion` is a value that would do; both are null where there is none. */
export type Refused = {
  readonly ok: false;
  readonly message: string;
  readonly field: string | null;
  readonly suggestion: string | null;
  readonly code: ErrorCode | null;
};
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;

/** A refusal that is about no field. */
export function refused(message: string): Refused {
  return { ok: false, message, field: null, suggestion: null, code: null };
}

/** An answer of the house, as an outcome. */
export function outcome<T>(answer: Answer<T>): Outcome<T>;
export function outcome<A, T>(answer: Answer<A>, pick: (value: A) => T): Outcome<T>;
export function outcome<A, T>(answer: Answer<A>, pick?: (value: A) => T): Outcome<A | T> {
  if (!answer.ok) {
    const { message, field, suggestion, code } = answer;
    return { ok: false, message, field, suggestion, code };
  }
  return { ok: true, value: pick === undefined ? answer.value : pick(answer.value) };
}
