/** The wire between a browser and the house. It can be cut, fall silent, or lose only the answers, as networks do. */

import { connect, createServer, type Server, type Socket } from "node:net";

type Condition =
  /** Everything passes. */
  | "whole"
  /** Connections were closed, and new ones are. */
  | "cut"
  /** Half open: nothing passes either way and nobody is told. */
  | "silent"
  /** What the browser says arrives; what the house answers does not. */
  | "deaf";

export class Line {
  private readonly server: Server;
  private readonly ends = new Set<Socket>();
  /** Connections of the browser that missed bytes: open for ever, as far as anybody is told. */
  private readonly dead = new Set<Socket>();
  /** Connections that were asked for in the silence. A real one would still be asking when the silence ends. */
  private readonly unmet = new Set<Socket>();
  private condition: Condition = "whole";
  private port = 0;

  private constructor(house: { readonly url: string }) {
    this.server = createServer((near) => {
      if (this.condition === "cut") {
        near.destroy();
        return;
      }
      this.hold(near);
      if (this.condition === "silent") {
        this.dead.add(near);
        this.unmet.add(near);
        return;
      }
      const far = connect(Number(new URL(house.url).port), "127.0.0.1");
      this.hold(far);
      near.on("data", (bytes) => this.passes(near, ["whole", "deaf"]) && far.write(bytes));
      far.on("data", (bytes) => this.passes(near, ["whole"]) && near.write(bytes));
      near.on("close", () => far.destroy());
      far.on("close", () => this.condition !== "silent" && near.destroy());
    });
  }

  /** Whether bytes pass now. A connection that missed some can never go on, so it is dead from then on. */
  private passes(near: Socket, good: readonly Condition[]): boolean {
    if (!this.dead.has(near) && good.includes(this.condition)) return true;
    if (this.condition !== "deaf") this.dead.add(near);
    return false;
  }

  static async to(house: { readonly url: string }): Promise<Line> {
    const line = new Line(house);
    await new Promise<void>((ready) => line.server.listen(0, "127.0.0.1", ready));
    const address = line.server.address();
    if (address === null || typeof address === "string") throw new Error("the line has no port");
    line.port = address.port;
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  cut(): void {
    this.condition = "cut";
    this.dropAll();
  }

  fallSilent(): void {
    this.condition = "silent";
  }

  loseAnswers(): void {
    this.condition = "deaf";
  }

  /** Whole again for new connections. What is dead stays so, and nobody is told; what never met the house is refused. */
  mend(): void {
    this.condition = "whole";
    for (const near of this.unmet) near.destroy();
    this.unmet.clear();
  }

  /** How many of the browser's connections are dead without its knowing. */
  get deadCount(): number {
    return [...this.dead].filter((near) => this.ends.has(near)).length;
  }

  close(): void {
    this.dropAll();
    this.server.close();
  }

  private hold(end: Socket): void {
    this.ends.add(end);
    end.on("close", () => this.ends.delete(end));
    // An end that breaks is what this class is for; the close behind it says it all.
    end.on("error", () => undefined);
  }

  private dropAll(): void {
    for (const end of this.ends) end.destroy();
  }
}
