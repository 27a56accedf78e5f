/** Words about files. */

import type { Attachment } from "../../protocol";

const sizes = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** "812 B", "48.2 kB", "3.1 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${sizes.format(bytes / 1_000)} kB` : `${sizes.format(bytes / 1_000_000)} MB`;
}

export const fileStrings = {
  attach: "Attach files",
  tray: "Files to send",
  dropHere: (room: string) => `Drop to attach in ${room}`,
  cancel: (name: string) => `Cancel ${name}`,
  remove: (name: string) => `Remove ${name}`,
  retry: (name: string) => `Try ${name} again`,
  coming: (sent: number, of: number) => `${bytesText(sent)} of ${bytesText(of)}`,
  waiting: "Waiting",
  goesOn: "Goes on when the house is reached",
  finishing: "Almost there",
  tooLarge: "Larger than 256 MB, which is the most a file may be.",
  empty: "There is nothing in this file.",
  unreadable: "This file cannot be read any more. Attach it again.",
  tooMany: (most: number) => `A message carries at most ${most} files. The others were left out.`,
  stillComing: (missing: number) =>
    missing === 1 ? "A file is still coming in. Send when it is here." : `${missing} files are still coming in.`,
  named: (files: readonly Attachment[]) =>
    `${files.length === 1 ? "File" : "Files"}: ${files.map(({ name }) => name).join(", ")}`,
  download: (name: string) => `Download ${name}`,
  downloadShort: "Download",
  enlarge: (name: string) => `Show ${name} larger`,
  preview: (name: string) => `Show what ${name} says`,
  hide: (name: string) => `Hide what ${name} says`,
  showShort: "Show",
  hideShort: "Hide",
  cut: "The rest is in the file.",
  notFetched: "This file could not be fetched.",
  gone: "This picture could not be fetched.",
  picture: (name: string, place: number, of: number) => `${name}, picture ${place} of ${of}`,
  previous: "Previous picture",
  next: "Next picture",
  close: "Close",
} as const;
