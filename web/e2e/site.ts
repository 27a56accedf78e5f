/** Somebody's site: pages that links lead to, on this machine. It answers when it is let. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { png } from "./attached";

export class Site {
  readonly asked: string[] = [];
  private readonly server: Server;
  private held: Promise<void> = Promise.resolve();
  private letGo: () => void = () => undefined;

  private constructor() {
    this.server = createServer((request, response) => {
      const path = request.url ?? "";
      this.asked.push(path);
      void this.held.then(() => {
        if (path === "/tea.png") {
          response.setHeader("Content-Type", "image/png");
          return response.end(png(600, 400, 150));
        }
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        return response.end(page(path));
      });
    });
  }

  static async start(): Promise<Site> {
    const site = new Site();
    await new Promise<void>((ready) => site.server.listen(0, "127.0.0.1", ready));
    return site;
  }

  get at(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  link(path: string): string {
    return `http://${this.at}${path}`;
  }

  /** From now on nobody is answered until `release`. */
  hold(): void {
    this.held = new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  release(): void {
    this.letGo();
  }

  close(): void {
    this.letGo();
    this.server.close();
  }
}

function page(path: string): string {
  if (path !== "/tea") return `<title>The page ${path}</title>`;
  return `<meta charset=utf-8><meta property=og:title content="Tea in the harbour, and everything else that came with the last ship of the year">
    <meta property=og:site_name content="Harbour News"><meta property=og:image content=/tea.png>
    <meta property=og:description content="What came with the last ship: nine kinds of tea, two of them new, a cat, and a letter from the light house that nobody can read. The harbour master has asked for help.">`;
}
