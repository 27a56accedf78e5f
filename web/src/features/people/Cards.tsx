/** What opens beside a name or a message, or over the page because of one. One at a time; its code comes when it is needed. */

import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from "react";
import type { Author, RoomId } from "../../protocol";
import type { MessageRow } from "../../store/rows.types";
import type { Mark } from "../../store/state";
import type { Point } from "../../ui/Popover";

const PersonCard = lazy(() => import("./PersonCard"));
const RowMenu = lazy(() => import("../room/RowMenu"));
const RoomMenu = lazy(() => import("../rail/RoomMenu"));
const EmojiPicker = lazy(() => import("../emoji/EmojiPicker"));
const ReportMessage = lazy(() => import("./ReportMessage"));

export type Card =
  | { readonly type: "person"; readonly who: Author; readonly anchor: HTMLElement }
  | {
      readonly type: "row";
      readonly row: MessageRow;
      readonly at: Mark;
      readonly anchor: HTMLElement;
      readonly point?: Point;
    }
  | { readonly type: "room"; readonly room: RoomId; readonly anchor: HTMLElement; readonly point?: Point }
  | { readonly type: "emoji"; readonly anchor: HTMLElement; readonly onChoose: (sign: string) => void }
  | { readonly type: "report"; readonly who: Author; readonly at: Mark };

const Context = createContext<(card: Card) => void>(() => undefined);

/** Opens a card. */
export function useCards(): (card: Card) => void {
  return useContext(Context);
}

export function Cards({ children }: { children: ReactNode }): ReactNode {
  // Each opening is another card: one that is still closing takes nothing away from the next, also beside the same name.
  const [opened, setOpened] = useState<{ readonly key: number; readonly card: Card | null }>({ key: 0, card: null });
  const open = useCallback((card: Card) => setOpened(({ key }) => ({ key: key + 1, card })), []);
  const { key, card } = opened;
  const close = () => setOpened((now) => (now.key === key ? { key, card: null } : now));
  return (
    <Context value={open}>
      {children}
      <Suspense fallback={null}>
        {card?.type === "person" && <PersonCard key={key} who={card.who} anchor={card.anchor} onClose={close} />}
        {card?.type === "row" && <RowMenu key={key} {...card} onClose={close} />}
        {card?.type === "room" && <RoomMenu key={key} {...card} onClose={close} />}
        {card?.type === "emoji" && <EmojiPicker key={key} {...card} onClose={close} />}
        {card?.type === "report" && <ReportMessage key={key} who={card.who} at={card.at} onClose={close} />}
      </Suspense>
    </Context>
  );
}
