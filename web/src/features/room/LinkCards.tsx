/** What is behind the links of a message (CARD-1): always as high, in words, with a picture that the house made itself. */

import type { ReactNode } from "react";
import type { Card, RoomId } from "../../protocol";
import { useActions } from "../../react/useActions";
import { useStore } from "../../react/useStore";
import { mayInRoom } from "../../store/access";
import type { Mark } from "../../store/state";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import "./LinkCards.css";

type Props = { readonly cards: readonly Card[]; readonly at: Mark; readonly own: boolean };

export default function LinkCards({ cards, at, own }: Props): ReactNode {
  const { removeCards } = useActions();
  const may = useStore(({ rooms, you }) => {
    const standing = rooms.get(at.room)?.state;
    return own && standing !== undefined && mayInRoom("DeleteOwn", you?.role, standing);
  });
  return (
    <>
      {cards.map((card, place) => (
        <div key={card.to} className="link-card">
          <LinkCard card={card} room={at.room} />
          {may && place === 0 && (
            <button
              type="button"
              className="link-card-off"
              tabIndex={-1}
              aria-label={strings.removeCards}
              title={strings.removeCards}
              onClick={() => void removeCards(at)}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
    </>
  );
}

/** One link, named by what its page is called and whose it is. */
function LinkCard({ card: { to, site, title, description, picture }, room }: { card: Card; room: RoomId }): ReactNode {
  return (
    <a
      href={to}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={to}
      className="link-card-page"
      aria-label={`${title}, ${site}`}
    >
      <span className="link-card-words">
        <span className="link-card-site">{site}</span>
        <b dir="auto">{title}</b>
        {description !== undefined && (
          <span className="link-card-about" dir="auto">
            {description}
          </span>
        )}
      </span>
      {picture !== undefined && (
        <img
          src={`/files/${room}/${picture.id}/thumb`}
          width={84}
          height={84}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
      )}
    </a>
  );
}
