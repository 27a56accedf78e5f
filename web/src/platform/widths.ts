/** How wide the list and the panel are on this machine (UX 3.2): kept here, told to the styles as lengths. */

import { readLocal, writeLocal } from "./storage";

export type Column = "rail" | "panel";

/** Pixels: the narrowest, as it comes, the widest. */
export const WIDTHS: Readonly<Record<Column, { readonly min: number; readonly usual: number; readonly max: number }>> =
  {
    rail: { min: 200, usual: 248, max: 360 },
    panel: { min: 320, usual: 380, max: 520 },
  };

export function readWidth(column: Column): number {
  const kept = Number(readLocal(`width.${column}`));
  return Number.isFinite(kept) && kept > 0 ? clamp(column, kept) : WIDTHS[column].usual;
}

/** Makes a column so wide, as far as it may be; its width then. */
export function setWidth(column: Column, width: number): number {
  const set = clamp(column, Math.round(width));
  document.documentElement.style.setProperty(`--${column}-width`, `${set}px`);
  return set;
}

/** Keeps a width for the next visit. */
export function keepWidth(column: Column, width: number): void {
  writeLocal(`width.${column}`, width === WIDTHS[column].usual ? null : String(width));
}

function clamp(column: Column, width: number): number {
  return Math.min(WIDTHS[column].max, Math.max(WIDTHS[column].min, width));
}
