/** How large files stand in a timeline: known before a byte of them is here, so that nothing moves when they come (T12). Pure. */

import type { Attachment } from "../../protocol";

/** A picture alone, and one of several. */
const ALONE = { width: 440, height: 330 };
const BESIDE = { width: 214, height: 160 };
const LINE_PX = 60;
const FILM_PX = 248;

export type Size = { readonly width: number; readonly height: number };

/** The box of a picture that has a size; it is never made larger than it is. */
export function boxOf({ width, height }: Size, alone: boolean): Size {
  const most = alone ? ALONE : BESIDE;
  const scale = Math.min(1, most.width / width, most.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The size of what is shown as a picture; null for anything else. */
export function pictureSize({ width, height, type }: Attachment): Size | null {
  return width !== undefined && height !== undefined && type.startsWith("image/") ? { width, height } : null;
}

/** About how high the files of a message stand, until they are measured. */
export function filesHeight(files: readonly Attachment[]): number {
  const alone = files.length === 1;
  return files.reduce((sum, file) => {
    const size = pictureSize(file);
    if (size !== null) return sum + boxOf(size, alone).height + 8;
    return sum + (file.type.startsWith("video/") ? FILM_PX : LINE_PX);
  }, 0);
}
