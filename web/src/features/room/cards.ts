/** Link cards in a timeline: which are shown, and how high they stand, before what draws them is here (T12). */

import { readPreference } from "../../platform/preferences";
import type { Card } from "../../protocol";

/** Each of them, with the space above it: `LinkCards.css` has the same. */
const CARD_PX = 84;
const CARD_GAP_PX = 6;

/** How high the cards of a message stand, in pixels; nothing where this browser shows none. */
export function cardsHeight(cards: readonly Card[] = []): number {
  if (cards.length === 0 || readPreference("cards") === "hidden") return 0;
  return cards.length * (CARD_PX + CARD_GAP_PX);
}
