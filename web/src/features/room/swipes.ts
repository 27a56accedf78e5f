/** Fingers drawn to the left over messages (UX 3.5 N). The row follows, and goes back when the finger is lifted. */

/** Less than this is a tap that trembled, or the beginning of scrolling. */
const BEGINS_PX = 12;
/** This far is meant. */
const MEANT_PX = 64;
/** The row follows no further. */
const FOLLOWS_PX = 88;

type Drawn = { readonly article: HTMLElement; readonly x: number; readonly y: number; begun: boolean; far: boolean };

/** Follows them within an element until it is told to end; `onSwipe` hears of the message a finger was drawn over. */
export function followSwipes(within: HTMLElement, onSwipe: (article: HTMLElement) => void): () => void {
  let drawn: Drawn | null = null;

  function start({ target, touches }: TouchEvent): void {
    end();
    const [touch] = touches;
    const article = target instanceof Element ? target.closest<HTMLElement>("[role=article][data-seq]") : null;
    if (article === null || touch === undefined || touches.length > 1 || scrollsSideways(target, article)) return;
    // Who marks words draws over them too.
    if (getSelection()?.isCollapsed === false) return;
    drawn = { article, x: touch.clientX, y: touch.clientY, begun: false, far: false };
  }

  function move({ touches: [touch] }: TouchEvent): void {
    if (drawn === null || touch === undefined) return;
    const [right, down] = [touch.clientX - drawn.x, touch.clientY - drawn.y];
    if (!drawn.begun) {
      drawn.begun = right < -BEGINS_PX && Math.abs(down) <= BEGINS_PX;
      if (Math.abs(down) > BEGINS_PX || right > BEGINS_PX) end();
    }
    if (drawn === null || !drawn.begun) return;
    drawn.far = right <= -MEANT_PX;
    drawn.article.style.transform = `translateX(${Math.min(0, Math.max(-FOLLOWS_PX, right + BEGINS_PX))}px)`;
    drawn.article.classList.toggle("swiped", drawn.far);
  }

  function lift(): void {
    const meant = drawn?.far === true ? drawn.article : null;
    end();
    if (meant !== null) onSwipe(meant);
  }

  function end(): void {
    if (drawn === null) return;
    drawn.article.style.transform = "";
    drawn.article.classList.remove("swiped");
    drawn = null;
  }

  const listeners = { touchstart: start, touchmove: move, touchend: lift, touchcancel: end } as const;
  for (const [name, listener] of Object.entries(listeners))
    within.addEventListener(name, listener as EventListener, { passive: true });
  return () => {
    end();
    for (const [name, listener] of Object.entries(listeners))
      within.removeEventListener(name, listener as EventListener);
  };
}

/** Whether something between these, as a line of code may, is moved by the finger itself. */
function scrollsSideways(from: EventTarget | null, to: HTMLElement): boolean {
  for (let at = from instanceof Element ? from : null; at !== null && at !== to; at = at.parentElement)
    if (at.scrollWidth > at.clientWidth && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  return false;
}
