/**
 * A pane on a long list (ADR 6): where its rows stand, and the scrolling. One rule holds everything (UX 3.7.4): the
 * end stays where it is followed, a row that was gone to stays where it was put, else the first row that begins in view
 * stays. It scrolls from its end, so that what comes above the view moves nothing by itself; what changes below, or in
 * the view's own size, is made up for by a difference, never by a place remembered from an earlier frame.
 */

import type { RefObject } from "react";
import type { Row } from "../../store/rows.types";
import { anchorOf, type Layout, layOut, moved, NO_ROWS, topOf } from "./layout";

/** This near to the end counts as being there. */
const END_PX = 64;
/** Drawn on each side of the view; something else is drawn when less than half of it is left. */
const ASIDE_PX = 400;
/** How high a view is thought to be before it was measured. */
const FIRST_PX = 800;

export class Pane {
  rows: readonly Row[] = [];
  readonly heights = new Map<string, number>();
  /** What is to be in the page, as distances from the end. */
  drawn = { near: -ASIDE_PX, far: FIRST_PX + ASIDE_PX };
  private readonly scroller: RefObject<HTMLElement | null>;
  private readonly elements = new Map<string, HTMLElement>();
  private layout: Layout = NO_ROWS;
  private heightPx = FIRST_PX;
  /** How far from the end the view was last seen or put. */
  private atPx = 0;
  /** A row that was gone to, and how far below the top of the view it is kept until the reader scrolls. */
  private goal: { readonly key: string; readonly topPx: number } | null = null;

  constructor(scroller: RefObject<HTMLElement | null>) {
    this.scroller = scroller;
  }

  add(key: string, element: HTMLElement): void {
    this.elements.set(key, element);
  }

  remove(key: string, element: HTMLElement): void {
    if (this.elements.get(key) === element) this.elements.delete(key);
  }

  mounted(): Iterable<HTMLElement> {
    return this.elements.values();
  }

  /** The edges of the view, as distances from the end. */
  view(): { near: number; far: number } {
    const near = this.distance();
    return { near, far: near + this.heightPx };
  }

  /** The row that stays, and how far below the top of the view it stands. */
  anchor(): { readonly key: string; readonly topPx: number } | null {
    const { near, far } = this.view();
    const index = anchorOf(this.layout, near, far);
    const row = this.layout.rows[index];
    return row === undefined ? null : { key: row.key, topPx: far - topOf(this.layout, index) };
  }

  isAtEnd(): boolean {
    return this.distance() <= END_PX;
  }

  toEnd(): void {
    this.goal = null;
    this.put(0);
  }

  goTo(key: string, topPx: number): void {
    this.atPx = this.distance();
    this.goal = { key, topPx };
    this.settle();
  }

  /** Scrolls no more than is needed to see all of a row, or its beginning. */
  reveal(key: string): void {
    const index = this.layout.rows.findIndex((row) => row.key === key);
    if (index < 0) return;
    const { near, far } = this.view();
    const [top, bottom] = [topOf(this.layout, index), topOf(this.layout, index + 1)];
    if (top > far || top - bottom > this.heightPx) this.goTo(key, 0);
    else if (bottom < near) this.goTo(key, this.heightPx - (top - bottom));
  }

  /** Takes note of where the reader went. */
  scrolled(): void {
    const now = this.distance();
    if (Math.abs(now - this.atPx) > 1) this.goal = null;
    this.atPx = now;
  }

  /** Measures what is in the page and puts the view where it belongs. To be called before what changed is painted. */
  settle(): void {
    const element = this.scroller.current;
    if (element === null) return;
    this.measure();
    this.scrolled();
    const before = { layout: this.layout, far: this.atPx + this.heightPx };
    this.layout = layOut(this.rows, this.heights);
    this.heightPx = element.clientHeight;
    this.put(this.wanted(before));
  }

  /** Whether something else must be drawn for the place where the view is. */
  outgrew(): boolean {
    const { near, far } = { near: this.atPx, far: this.atPx + this.heightPx };
    const half = ASIDE_PX / 2;
    if (this.drawn.near <= near - half && far + half <= this.drawn.far) return false;
    this.drawn = { near: near - ASIDE_PX, far: far + ASIDE_PX };
    return true;
  }

  private measure(): void {
    for (const [key, row] of this.elements) this.heights.set(key, row.getBoundingClientRect().height);
    if (this.heights.size < 2 * this.rows.length + 200) return;
    // Who follows all day does not keep the day.
    const held = new Set(this.rows.map((row) => row.key));
    for (const key of this.heights.keys()) if (!held.has(key)) this.heights.delete(key);
  }

  private wanted(before: { readonly layout: Layout; readonly far: number }): number {
    const { goal, layout, heightPx } = this;
    const index = goal === null ? -1 : layout.rows.findIndex((row) => row.key === goal.key);
    if (goal !== null && index >= 0) {
      const wanted = topOf(layout, index) + goal.topPx - heightPx;
      if (wanted > END_PX) return wanted;
    }
    this.goal = null;
    if (index >= 0 || this.atPx <= END_PX) return 0;
    const anchor = anchorOf(before.layout, this.atPx, before.far);
    return before.far + moved(before.layout, layout, anchor) - heightPx;
  }

  /** How far the view is from the end. Where rows above it went, the browser may hold it nearer than it was. */
  private distance(): number {
    const element = this.scroller.current;
    if (element === null) return this.atPx;
    const now = -element.scrollTop;
    const isHeld = now < this.atPx && now >= element.scrollHeight - element.clientHeight - 1;
    return isHeld ? this.atPx : now;
  }

  private put(wanted: number): void {
    const element = this.scroller.current;
    // The browser keeps whole pixels of the screen; less than that is no move.
    if (element === null) return;
    if (Math.abs(wanted + element.scrollTop) >= 0.5) element.scrollTop = -wanted;
    this.atPx = -element.scrollTop;
  }
}
