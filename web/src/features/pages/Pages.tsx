/** A set of pages with a list at the side: the list has a screen of its own where there is room for one column only. */

import { type MouseEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { isNarrow, onNarrow } from "../../platform/attention";
import { hasMoved, pathOf, type Somewhere } from "../../platform/location";
import { useActions } from "../../react/useActions";
import { Boundary } from "../../ui/Boundary";
import { Icon } from "../../ui/Icon";
import { strings } from "../../ui/strings";
import { me } from "../../ui/strings/me";
import "./pages.css";

export type Page = { readonly key: string; readonly label: string; readonly content: () => ReactNode };

type Props = {
  readonly set: "me" | "admin";
  readonly title: string;
  readonly pages: readonly Page[];
  /** Which the address names; null for the list. */
  readonly open: string | null;
};

export function Pages({ set, title, pages, open }: Props): ReactNode {
  const { goTo } = useActions();
  const narrow = useSyncExternalStore(onNarrow, isNarrow);
  const named = pages.find(({ key }) => key === open);
  const page = named ?? (narrow ? undefined : pages[0]);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = page?.key;

  // Who goes to another page reads on at its title, with the eyes or by ear.
  useEffect(() => {
    if (shown !== undefined && hasMoved()) heading.current?.focus();
  }, [shown]);

  return (
    <div className="pages">
      {(!narrow || page === undefined) && (
        <nav className="pages-list" aria-label={title}>
          <header>
            <button type="button" className="menu-button" aria-label={me.back} onClick={() => goTo({ type: "home" })}>
              <Icon name="back" />
            </button>
            <h1>{title}</h1>
          </header>
          <ul>
            {pages.map(({ key, label }) => (
              <li key={key}>
                <PageLink place={{ type: set, page: key }} current={key === page?.key}>
                  {label}
                </PageLink>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {page !== undefined && (
        <main className="pages-page" aria-label={page.label}>
          <header>
            {narrow && (
              <button
                type="button"
                className="menu-button"
                aria-label={me.backToList}
                onClick={() => goTo({ type: set, page: null })}
              >
                <Icon name="back" />
              </button>
            )}
            <h2 ref={heading} tabIndex={-1}>
              {page.label}
            </h2>
          </header>
          <div className="pages-content" key={page.key}>
            <Boundary words={strings.partBroken}>{page.content()}</Boundary>
          </div>
        </main>
      )}
    </div>
  );
}

type LinkProps = { readonly place: Somewhere; readonly current?: boolean; readonly children: ReactNode };

/** A link to one of the pages. */
export function PageLink({ place, current = false, children }: LinkProps): ReactNode {
  const { goTo } = useActions();
  function onClick(event: MouseEvent): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(place);
  }
  return (
    <a href={pathOf(place)} aria-current={current ? "page" : undefined} onClick={onClick}>
      {children}
    </a>
  );
}
