/** Keys that put the signs of markup around what is selected, and take them away again (UX 3.7.6). */

import type { ClipboardEvent, KeyboardEvent } from "react";
import { replaceText } from "./complete/useCompletion";

const SIGNS: Readonly<Record<string, string>> = { b: "**", i: "*", e: "`" };
const SIGNS_SHIFTED: Readonly<Record<string, string>> = { x: "~~" };
const ADDRESS = /^https?:\/\/\S+$/;

/** Takes a key for it: true when it was one. */
export function formats(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  const box = event.currentTarget;
  if (event.shiftKey && key === "l") link(box, "");
  else {
    const sign = (event.shiftKey ? SIGNS_SHIFTED : SIGNS)[key];
    if (sign === undefined) return false;
    around(box, sign);
  }
  event.preventDefault();
  return true;
}

/** An address that is pasted over some words is where these lead. */
export function pastes(event: ClipboardEvent<HTMLTextAreaElement>): void {
  const box = event.currentTarget;
  const address = event.clipboardData.getData("text/plain").trim();
  const words = box.value.slice(box.selectionStart, box.selectionEnd);
  if (words.trim() === "" || !ADDRESS.test(address) || ADDRESS.test(words.trim())) return;
  event.preventDefault();
  link(box, address);
}

function around(box: HTMLTextAreaElement, sign: string): void {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const [before, after] = [value.slice(start - sign.length, start), value.slice(end, end + sign.length)];
  const words = value.slice(start, end);
  if (before === sign && after === sign) {
    replaceText(box, start - sign.length, end + sign.length, words);
    box.setSelectionRange(start - sign.length, end - sign.length);
  } else {
    replaceText(box, start, end, sign + words + sign);
    box.setSelectionRange(start + sign.length, end + sign.length);
  }
}

/** Words that lead somewhere; where the address is missing, the caret waits for it. */
function link(box: HTMLTextAreaElement, address: string): void {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const words = value.slice(start, end);
  replaceText(box, start, end, `[${words}](${address})`);
  const caret = start + words.length + (words === "" ? 1 : 3);
  if (address === "") box.setSelectionRange(caret, caret);
}
