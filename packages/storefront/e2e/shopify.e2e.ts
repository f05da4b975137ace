import type { IncomingMessage, ServerResponse } from "node:http";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "../src/build.ts";
import { executablePath, type ServedShop, serveShop } from "./served-shop.ts";

/** The embed's script in a real browser, on pages that a theme would make, with Shopify's consent and cart stood in for. */

/** What Shopify's Customer Privacy API says; it is there only after it was asked for, as on a real storefront. */
const CONSENT = `
  const chosen = () => JSON.parse(localStorage.consent || "{}");
  window.loads = 0;
  window.Shopify = { loadFeatures: (features, done) => setTimeout(() => {
    window.loads += 1;
    if (features[0].name !== "consent-tracking-api") return done(new Error("unknown"));
    Shopify.customerPrivacy = {
      marketingAllowed: () => chosen().marketing === true,
      preferencesProcessingAllowed: () => chosen().preferences === true,
    };
    done();
  }, 10) };
  window.choose = (choice) => {
    localStorage.consent = JSON.stringify(choice);
    document.dispatchEvent(new CustomEvent("visitorConsentCollected", { detail: choice }));
  };`;

const FORMS = `<form id="buy" method="post" action="/de/cart/add"><input name="id" value="1"></form>
  <form id="search" action="/search"></form>`;
const NOTE = `<div id="upline-supporter" hidden><p role="status" data-text="Your order supports [name]"></p>
  <button type="button" aria-label="Hide this note">x</button></div>`;

describe.skipIf(executablePath === null)("the embed of Shopify shops (needs Chromium)", () => {
  let shop: ServedShop;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let script: Uint8Array;
  let origin: string;
  let options: Record<string, unknown>;
  let attributes: Record<string, string>;
  let asked: string[];
  const names: Readonly<Record<string, string>> = { ANNA77: "Anna M.", BEN12: "<b>Ben</b> $& N." };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    const json = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (pathname === "/embed.js") return void response.setHeader("content-type", "text/javascript").end(script);
    if (pathname.startsWith("/de/cart") || pathname === "/name") asked.push(`${request.method} ${pathname}`);
    if (pathname === "/de/cart/update.js") {
      const sent: { attributes: Record<string, string> } = JSON.parse(await bodyOf(request));
      attributes = { ...attributes, ...sent.attributes };
    }
    if (pathname.startsWith("/de/cart")) return void json({ attributes });
    if (pathname === "/name") {
      const name = names[searchParams.get("code") ?? ""];
      return void (name ? json({ name }) : response.writeHead(404).end());
    }
    const settings = { ...options, cart: { cart: "/de/cart.js", update: "/de/cart/update.js", attributes } };
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><html lang="en"><title>Tea</title><script>${CONSENT}</script><script defer src="/embed.js"></script>
      <body>${FORMS}<script type="application/json" id="upline-referral">${JSON.stringify(settings)}</script>${NOTE}`);
  };

  beforeAll(async () => {
    script = await bundle("shopify");
    shop = await serveShop(answer);
    ({ origin, browser } = shop);
  });
  afterAll(() => shop?.stop());
  beforeEach(async () => {
    await context?.close();
    context = await browser.newContext();
    page = await context.newPage();
    options = {
      ...{ parameter: "ref", prefix: "", windowDays: 30, home: "/" },
      ...{ consent: "marketing", touch: "last", names: "/name?shop=tea.myshopify.com" },
    };
    attributes = { gift: "yes" };
    asked = [];
  });

  const visit = async (path: string) => {
    await page.goto(`${origin}${path}`);
    await page.waitForFunction("window.loads === 1");
    await page.waitForLoadState("networkidle");
  };
  const choose = async (choice: { marketing?: boolean; preferences?: boolean }) => {
    await page.evaluate(`choose(${JSON.stringify(choice)})`);
    await page.waitForLoadState("networkidle");
  };
  const codeOfCart = (code: string | undefined) => expect.poll(() => attributes._ref_code).toBe(code);
  const fields = () => page.$$eval("form", (forms) => forms.map((form) => [...new FormData(form)].map(([, value]) => value)));
  const note = async () => ((await page.isVisible("#upline-supporter")) ? await page.textContent("#upline-supporter p") : null);
  const cookie = async () => (await context.cookies()).find(({ name }) => name === "upline_ref");

  test("before the visitor chooses nothing is kept, asked or shown; a yes brings the code to cart, forms and note", async () => {
    await visit("/tea?ref=anna77");
    expect([await cookie(), await note(), asked, attributes]).toStrictEqual([undefined, null, [], { gift: "yes" }]);
    expect(await fields()).toStrictEqual([["1"], []]);
    await choose({ marketing: true });
    await codeOfCart("ANNA77");
    expect(attributes).toMatchObject({ gift: "yes", _ref_ts: expect.stringMatching(/^\d{10}$/) });
    expect(await fields()).toStrictEqual([["1", "ANNA77"], []]);
    await expect.poll(note).toBe("Your order supports Anna M.");
    expect((await cookie())?.sameSite).toBe("Lax");
    expect(asked.toSorted()).toStrictEqual(["GET /name", "POST /de/cart/update.js"]);
  });

  test("the next page costs no request, and has code and note again", async () => {
    await visit("/tea?ref=anna77");
    await choose({ marketing: true });
    await codeOfCart("ANNA77");
    await expect.poll(note).toBe("Your order supports Anna M.");
    asked = [];
    await visit("/");
    expect([asked, await fields(), await note()]).toStrictEqual([[], [["1", "ANNA77"], []], "Your order supports Anna M."]);
  });

  test("a no forgets: cookie, cart, forms, note and what was kept for the visit", async () => {
    await visit("/tea?ref=anna77");
    await choose({ marketing: true });
    await codeOfCart("ANNA77");
    await expect.poll(note).not.toBe(null);
    await choose({ marketing: false });
    await codeOfCart("");
    expect(attributes.gift).toBe("yes");
    expect([await cookie(), await fields(), await note()]).toStrictEqual([undefined, [["1"], []], null]);
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
    await visit("/tea?ref=ben12");
    expect([await cookie(), attributes._ref_code]).toStrictEqual([undefined, ""]);
  });

  test("while nobody can say, what was kept before is neither used nor lost", async () => {
    await visit("/tea?ref=anna77");
    await choose({ marketing: true });
    await codeOfCart("ANNA77");
    await context.addInitScript(
      `Object.defineProperty(window, "Shopify", { get: () => ({ loadFeatures: () => { window.loads = 1; } }), set() {} })`,
    );
    [attributes, asked] = [{}, []];
    await visit("/tea?ref=ben12");
    expect([asked, await fields(), await note()]).toStrictEqual([[], [["1"], []], null]);
    expect(decodeURIComponent((await cookie())?.value ?? "")).not.toContain("BEN12");
  });

  test("the merchant says which consent it takes, or that none is needed", async () => {
    options.consent = "preferences";
    await visit("/tea?ref=anna77");
    await choose({ marketing: true });
    expect(await cookie()).toBe(undefined);
    await choose({ preferences: true });
    await codeOfCart("ANNA77");
    options.consent = "none";
    await page.goto(`${origin}/?ref=ben12`);
    await codeOfCart("BEN12");
    expect(await page.evaluate("window.loads")).toBe(0);
  });

  test("a form that comes later carries the code too, and a cart that lost it gets it back", async () => {
    options.consent = "none";
    await page.goto(`${origin}/tea?ref=anna77`);
    await codeOfCart("ANNA77");
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", '<div><form action="/cart/add"></form></div>')`);
    await expect.poll(fields).toStrictEqual([["1", "ANNA77"], [], ["ANNA77"]]);
    attributes = {};
    await page.evaluate(`document.dispatchEvent(Object.assign(new Event("shopify:cart:lines-update", { bubbles: true }),
      { promise: new Promise((resolve) => { window.taken = resolve; }) }))`);
    await page.waitForLoadState("networkidle");
    expect(attributes).toStrictEqual({});
    await page.evaluate("taken()");
    await codeOfCart("ANNA77");
  });

  test("what the buyer decided at checkout stays", async () => {
    options.consent = "none";
    attributes = { _ref_code: "CARLA9", _ref_source: "checkout" };
    await page.goto(`${origin}/tea?ref=anna77`);
    await expect.poll(note).toBe("Your order supports Anna M.");
    await page.evaluate(`document.dispatchEvent(new Event("shopify:cart:lines-update"))`);
    await expect.poll(() => asked.includes("GET /de/cart.js")).toBe(true);
    await page.waitForLoadState("networkidle");
    expect(attributes).toStrictEqual({ _ref_code: "CARLA9", _ref_source: "checkout" });
  });

  test("the first link counts where the merchant says so", async () => {
    Object.assign(options, { consent: "none", touch: "first" });
    await page.goto(`${origin}/tea?ref=anna77`);
    await codeOfCart("ANNA77");
    await page.goto(`${origin}/tea?ref=ben12`);
    await page.waitForLoadState("networkidle");
    expect([attributes._ref_code, (await fields())[0]]).toStrictEqual(["ANNA77", ["1", "ANNA77"]]);
  });

  test("a code of nobody shows nothing, and a name is text and nothing else", async () => {
    options.consent = "none";
    await page.goto(`${origin}/?ref=nobody7`);
    await codeOfCart("NOBODY7");
    expect(await note()).toBe(null);
    await page.goto(`${origin}/?ref=ben12`);
    await expect.poll(note).toBe("Your order supports <b>Ben</b> $& N.");
    expect(await page.$("#upline-supporter b")).toBe(null);
  });

  test("the note is hidden by keyboard and stays so for that code, and moves nothing", async () => {
    options.consent = "none";
    await page.goto(`${origin}/?ref=anna77`);
    await expect.poll(note).not.toBe(null);
    await page.focus("#upline-supporter button");
    await page.keyboard.press("Enter");
    expect(await note()).toBe(null);
    await open(`${origin}/`);
    expect(await note()).toBe(null);
    await page.goto(`${origin}/?ref=ben12`);
    await expect.poll(note).not.toBe(null);
  });

  test("what is no code leaves no trace", async () => {
    options.consent = "none";
    for (const typed of ["", "%3Cscript%3E", "anna%2077", "x".repeat(61)]) {
      await open(`${origin}/?ref=${typed}`);
      expect([await cookie(), await fields(), attributes, asked], typed).toStrictEqual([
        undefined,
        [["1"], []],
        { gift: "yes" },
        [],
      ]);
    }
  });

  const open = async (address: string) => {
    await page.goto(address);
    await page.waitForLoadState("networkidle");
  };
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
