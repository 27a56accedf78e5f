/** What a browser does with what others typed: it shows it, and carries nothing of it out (S56, S59, S68, S72, S74). */

import { request } from "node:http";
import { expect } from "vitest";
import type { House } from "./house";
import { everythingKept } from "./kept";
import type { Person } from "./people";
import { scenario } from "./scene";

/** What each would do if it were carried out. */
const MARK = "window.pwned=1";

const TAGS = [
  "script",
  "img",
  "svg",
  "iframe",
  "body",
  "video",
  "audio",
  "object",
  "embed",
  "math",
  "details",
  "input",
];
const EVENTS = [
  "onload",
  "onerror",
  "onfocus",
  "onblur",
  "ontoggle",
  "onanimationstart",
  "onpointerover",
  "onmouseenter",
  "onbegin",
];
const SCHEMES = [
  "javascript:",
  "JaVaScRiPt:",
  "java\tscript:",
  "data:text/html,",
  "vbscript:",
  "blob:",
  " javascript:",
];

/** After the collections of OWASP and PortSwigger, put together from their parts. */
function payloads(): readonly string[] {
  const byEvent = TAGS.flatMap((tag) =>
    EVENTS.flatMap((event) => [
      `<${tag} ${event}=${MARK} src=x autofocus open>`,
      `"><${tag}/${event}="${MARK}"src=x tabindex=1>`,
    ]),
  );
  const byScheme = SCHEMES.flatMap((scheme) => [
    `<a href="${scheme}${MARK}">x</a>`,
    `<iframe src="${scheme}<script>${MARK}</script>"></iframe>`,
    `${scheme}//%0a${MARK}`,
    `[x](${scheme}${MARK})`,
    `![x](${scheme}${MARK})`,
    `https://example.org/"onmouseover="${MARK}`,
    `<form action="${scheme}${MARK}"><button autofocus>x`,
    `<svg><a xlink:href="${scheme}${MARK}"><text y=20>x`,
    `<base href="${scheme}${MARK}//">`,
    `<meta http-equiv=refresh content="0;url=${scheme}${MARK}">`,
  ]);
  const others = [
    `<script>${MARK}</script>`,
    `</script><script>${MARK}</script>`,
    `<scr<script>ipt>${MARK}</scr</script>ipt>`,
    `<style>@import'javascript:${MARK}';*{animation:x}</style>`,
    `<link rel=stylesheet href=data:,*%7bx:expression(${MARK})%7d>`,
    `<template><script>${MARK}</script></template>`,
    `<noscript><p title="</noscript><img src=x onerror=${MARK}>">`,
    `<math><mtext><table><mglyph><style><img src=x onerror=${MARK}>`,
    `<form id=x tabindex=0 onfocus=${MARK}><input id=attributes>Click`,
    "<input name=attributes><input name=children>",
    `<a id=boot></a><a id=app href="${MARK}">`,
    "<img name=getElementById><img name=querySelector>",
    `\${${MARK}}{{constructor.constructor('${MARK}')()}}#{${MARK}}`,
    `"-${MARK}-"';${MARK}//\\';${MARK}//`,
    `<!--boot--></script><script>${MARK}//`,
    `&lt;img src=x onerror=${MARK}&gt;`,
    `\u003cimg src=x onerror=${MARK}\u003e`,
    `＜img src=x onerror=${MARK}＞`,
    `<xss style="position:fixed;inset:0" onclick=${MARK}>`,
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
  ];
  return [...new Set([...byEvent, ...byScheme, ...others])];
}

/** A change as a program makes it, without a page. */
function posts(house: House, path: string, body: string, cookie = ""): Promise<{ status: number; cookie: string }> {
  const headers = { "content-type": "application/json", ...(cookie === "" ? {} : { cookie, origin: house.url }) };
  return new Promise((done, failed) => {
    const asked = request(house.url + path, { method: "POST", headers }, (answer) => {
      answer.resume();
      const [set] = answer.headers["set-cookie"] ?? [""];
      answer.on("end", () => done({ status: answer.statusCode ?? 0, cookie: set?.split(";")[0] ?? "" }));
    });
    asked.on("error", failed);
    asked.end(body);
  });
}

/** Says many texts at once over a connection of its own. */
async function saysAll(person: Person, texts: readonly string[]): Promise<void> {
  await person.page.evaluate(sayAll, texts);
}

/** Runs in the page. */
function sayAll(texts: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const socket = new WebSocket(`ws://${location.host}/ws`, "parlour.v1");
    let answered = 0;
    socket.onopen = () => socket.send(JSON.stringify({ ref: 1, t: "hello", cursors: [] }));
    socket.onclose = (event) => failed(new Error(`closed with ${event.code}`));
    socket.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as { t: string; reply?: { is: string } };
      if (frame.t === "refusal") failed(new Error(event.data));
      if (frame.t !== "reply") return;
      if (frame.reply?.is === "posted") answered += 1;
      if (answered === texts.length) {
        socket.onclose = null;
        socket.close();
        return done();
      }
      // Own names of the prototype ride along; the house takes what it knows and no more.
      const text = JSON.stringify(texts[answered]);
      const id = crypto.randomUUID();
      socket.send(
        `{"ref":${answered + 2},"t":"post","room":1,"client_id":"${id}","text":${text},"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
      );
    };
  });
}

/** What must be true of a page in which nothing of it was carried out. Runs in the page. */
function judged() {
  const ids = [...document.querySelectorAll("[id], [name]")].map(
    (part) => part.id || (part.getAttribute("name") ?? ""),
  );
  const hrefs = [...document.querySelectorAll("a")].map((link) => link.protocol);
  return {
    pwned: Reflect.get(window, "pwned") as unknown,
    polluted: Reflect.get({}, "polluted") as unknown,
    schemes: [...new Set(hrefs)].sort(),
    foreign: document.querySelectorAll(
      ".row-body :is(script, img, iframe, svg, style, form, input, object, base, meta)",
    ).length,
    twice: ids.filter(
      (id, at) => id !== "" && ids.indexOf(id) !== at && document.querySelectorAll(`#${CSS.escape(id)}`).length > 1,
    ),
    own: [document.getElementById("app")?.tagName, typeof document.getElementById, typeof document.querySelector],
  };
}

scenario(
  "S59, S74: of three hundred texts that would be carried out none is, while they come in or after a reload",
  async (scene) => {
    const texts = payloads();
    expect(texts.length).toBeGreaterThanOrEqual(300);
    const [ada, grace] = [await scene.comes("Ada"), await scene.comes("Grace")];
    let dialogs = 0;
    ada.page.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    // As many as are on the screen together.
    for (let from = 0; from < texts.length; from += 12) {
      const some = texts.slice(from, from + 12);
      await saysAll(grace, some);
      // Who speaks is at the end of what was said.
      await ada.says(`read ${from}`);
      await ada.seesStored(`read ${from}`);
      expect((await ada.texts()).length).toBeGreaterThanOrEqual(some.length);
      const found = await ada.page.evaluate(judged);
      expect(found).toEqual(clean(found));
      // And where they are read from the log, at whichever of them one was.
      await ada.page.reload();
      await ada.page.locator(".row-body").first().waitFor();
      const again = await ada.page.evaluate(judged);
      expect(again).toEqual(clean(again));
    }
    expect(dialogs).toBe(0);
    await ada.says("still here");
    await grace.sees("still here");
  },
  { flags: ["--rate-limits", "off"] },
);

/** The same with nothing amiss; which of the two schemes is on the screen depends on how far it shows. */
function clean(found: ReturnType<typeof judged>): unknown {
  const schemes = found.schemes.filter((scheme) => ["http:", "https:"].includes(scheme));
  return {
    ...found,
    pwned: undefined,
    polluted: undefined,
    schemes,
    foreign: 0,
    twice: [],
    own: ["DIV", "function", "function"],
  };
}

scenario(
  "S74: people and rooms called after parts of the language are people and rooms like others",
  async (scene) => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "app", "boot", "box", "getElementById"];
    const ada = await scene.comes("Ada");
    for (const name of names) {
      const came = await posts(scene.house, "/api/v1/sign-in", JSON.stringify({ name }));
      expect([201, 400]).toContain(came.status);
    }
    const somebody = await scene.comes("valueOf");
    await somebody.says("hello from valueOf");
    await ada.sees("hello from valueOf");
    for (const room of ["constructor", "app", "proto"]) {
      await somebody.makesRoom(room);
      await somebody.says(`in ${room}`);
      await somebody.seesStored(`in ${room}`);
      await ada.joins(room);
      await ada.sees(`in ${room}`);
    }
    await ada.page.getByRole("button", { name: /^People:/ }).click();
    await ada.page.getByRole("complementary", { name: "Room details" }).getByText("valueOf").first().waitFor();
    const found = await ada.page.evaluate(judged);
    expect(found).toEqual(clean(found));
  },
  { flags: ["--rate-limits", "off"] },
);

scenario(
  "S68: the app works under its policy, which lets no text become markup and no inline script run",
  async (scene) => {
    const ada = await scene.visitor();
    await ada.page.evaluate(() => {
      const seen: string[] = [];
      Reflect.set(window, "violations", seen);
      document.addEventListener("securitypolicyviolation", (event) => seen.push(event.violatedDirective));
    });
    await ada.comesIn("Ada");
    await ada.says("hello https://example.org/");
    await ada.seesStored("hello https://example.org/");
    await ada.makesRoom("engineering");
    await ada.goesTo("lobby");
    expect(await ada.page.evaluate(() => Reflect.get(window, "violations"))).toEqual([]);
    // And it holds: what the app never does is refused.
    const refused = await ada.page.evaluate(async () => {
      const told: string[] = [];
      const tries = async (what: string, act: () => unknown) => {
        try {
          await act();
        } catch (error) {
          told.push(`${what}: ${error instanceof Error ? error.name : "no error"}`);
        }
      };
      await tries("innerHTML", () => {
        document.createElement("div").innerHTML = "<b>x</b>";
      });
      await tries("script", () => {
        document.createElement("script").text = "window.pwned=1";
      });
      // Behind a timer: what is evaluated for a test itself may evaluate.
      await new Promise((passed) => setTimeout(passed));
      await tries("eval", () => {
        const carryOut = Reflect.get(window, "eval") as (code: string) => unknown;
        return carryOut("1");
      });
      await tries("elsewhere", () => fetch("https://example.org/"));
      return told;
    });
    expect(refused).toEqual(["innerHTML: TypeError", "script: TypeError", "eval: EvalError", "elsewhere: TypeError"]);
    expect(await ada.page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined();
    // What the tries above complained of was asked for.
    ada.faults.length = 0;
  },
);

scenario(
  "S56: a name that turns the order of reading turns nothing, and a text that does so only itself",
  async (scene) => {
    const ada = await scene.comes("Ada");
    const turned = await scene.comes("evil\u202egnp.exe");
    await turned.says("left \u202eright https://example.org/\u202egpj.exe");
    await ada.sees("left \u202eright https://example.org/\u202egpj.exe");
    const found = await ada.page.evaluate(() => {
      const turns = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
      const bodies = [...document.querySelectorAll<HTMLElement>(".row-body")].filter((body) =>
        turns.test(body.textContent),
      );
      const links = bodies.flatMap((body) => [...body.querySelectorAll("a")]);
      const isolated = bodies.map((body) => [body.dir, getComputedStyle(body).display]);
      for (const body of bodies) body.remove();
      const title = turns.test(document.title);
      return {
        isolated,
        links: links.length,
        elsewhere: title || turns.test(document.getElementById("app")?.textContent ?? ""),
      };
    });
    expect(found).toEqual({ isolated: [["auto", "block"]], links: 0, elsewhere: false });
  },
);

scenario("S73: no service worker keeps anything of the house, and nothing there could become one", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.says("for Ada alone");
  await ada.seesStored("for Ada alone");
  await ada.page.reload();
  await ada.sees("for Ada alone");
  const kept = await ada.page.evaluate(async () => ({
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    caches: await caches.keys(),
    served: await Promise.all(
      ["/sw.js", "/service-worker.js", "/worker.js"].map(async (path) => (await fetch(path)).status),
    ),
  }));
  expect(kept).toEqual({ workers: 0, caches: [], served: [404, 404, 404] });
});

scenario("S73: who signs out leaves nothing behind for who comes in next in that browser", async (scene) => {
  const ada = await scene.comes("Ada");
  await ada.makesClosedRoom("board");
  await ada.says("the secret of the board");
  await ada.seesStored("the secret of the board");
  await ada.box.pressSequentially("half a secret");
  // While the house is away what is sent waits in the browser.
  await ada.page.context().setOffline(true);
  await ada.box.press("Enter");
  await ada.sees("half a secret");
  await ada.page.context().setOffline(false);
  await ada.seesStored("half a secret");
  await ada.box.pressSequentially("a secret that was never sent");
  await expect.poll(() => ada.page.evaluate(everythingKept)).toContain("never sent");
  await ada.page.getByRole("button", { name: "You and your settings" }).click();
  await ada.page.getByRole("menuitem", { name: "Sign out" }).click();
  await ada.comesIn("Grace");
  await ada.isIn("lobby");
  const kept = async () => await ada.page.evaluate(everythingKept);
  expect(await kept()).not.toMatch(/secret|board/);
  await ada.page.goBack();
  await ada.page.waitForLoadState();
  expect(await kept()).not.toMatch(/secret|board/);
  expect(await ada.page.evaluate(() => caches.keys())).toEqual([]);
});
