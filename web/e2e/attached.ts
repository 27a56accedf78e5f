/** Files of somebody's machine: made, picked, pasted and dropped. */

import { deflateSync } from "node:zlib";
import type { Locator } from "playwright-core";
import type { Person } from "./people";

/** A PNG of this size in one grey, lighter to its upper right. */
export function png(width: number, height: number, grey = 120): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits of grey.
  head[8] = 8;
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      lines[y * (width + 1) + 1 + x] = grey + Math.floor((x * 40) / width) - Math.floor((y * 40) / height);
  const sign = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([sign, chunk("IHDR", head), chunk("IDAT", deflateSync(lines)), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

export type Given = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

export function picture(name: string, width: number, height: number, grey = 120): Given {
  return { name, mimeType: "image/png", buffer: png(width, height, grey) };
}

/** Picks files as the button does. */
export async function attaches(who: Person, ...files: Given[]): Promise<void> {
  await who.page.locator("form.composer input[type=file]").setInputFiles(files);
}

export function tray(who: Person): Locator {
  return who.page.getByRole("list", { name: "Files to send" });
}

/** Every file of the tray is at the house. */
export async function areWhole(who: Person, count: number): Promise<void> {
  await who.page.waitForFunction((wanted) => {
    const rows = [...document.querySelectorAll(".tray li")];
    return rows.length === wanted && rows.every((row) => row.querySelector("progress") === null);
  }, count);
}

/** Puts something into the page as the clipboard, or a drag from the desktop, does. */
export async function gives(who: Person, how: "paste" | "drop", files: readonly Given[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString("base64") }));
  await who.page.evaluate(
    ({ how, given }) => {
      const data = new DataTransfer();
      for (const { name, mimeType, text } of given) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      const on = document.querySelector(how === "paste" ? "#box" : "main.room");
      if (how === "paste") {
        on?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        return;
      }
      for (const type of ["dragenter", "dragover", "drop"])
        on?.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    { how, given },
  );
}
