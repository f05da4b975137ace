import type { IncomingMessage, ServerResponse } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../src/build.ts";
import type { CaptureOptions } from "../src/capture.ts";
import { executablePath, type ServedShop, serveShop } from "./served-shop.ts";

/** The built script in a real browser: its cookies, its addresses, and the consent plugin's events. */

/** `pnpm e2e:full` tries a shop in a folder and one with other words in its links besides. */
const SHOPS: readonly CaptureOptions[] = [
  { parameter: "ref", prefix: "r", windowDays: 30, home: "/" },
  ...(process.env.UPLINE_E2E_FULL
    ? [
        { parameter: "ref", prefix: "r", windowDays: 30, home: "/shop/" },
        { parameter: "von", prefix: "empfehlung", windowDays: 7, home: "/" },
        { parameter: "von", prefix: "empfehlung", windowDays: 1, home: "/de/laden/" },
      ]
    : []),
];

describe.skipIf(executablePath === null).each(SHOPS)(
  "links ?$parameter=, /$prefix/ of a shop at $home (needs Chromium)",
  (options) => {
    let shop: ServedShop;
    let browser: Browser;
    let script: Uint8Array;
    let origin: string;
    let consent: "all" | "ask" = "all";
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (request.url === "/storefront.js") return void response.setHeader("content-type", "text/javascript").end(script);
      const settings = JSON.stringify({ ...options, consent, category: "marketing" });
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(`<!doctype html><title>Tea</title><script>
      window.uplineCapture = ${settings};
      window.wp_has_consent = (category) => category === "marketing" && sessionStorage.choice === "allow";
    </script><script defer src="/storefront.js"></script>`);
    };

    beforeAll(async () => {
      script = await bundle("woocommerce");
      shop = await serveShop(answer);
      ({ origin, browser } = shop);
    });
    afterAll(() => shop?.stop());

    const link = (code: string) => `${origin}${options.home}tea/?${options.parameter}=${code}`;
    const touchesOf = async (page: Page) => {
      const cookies = await page.context().cookies(`${origin}${options.home}`);
      const cookie = cookies.find(({ name }) => name === "upline_ref");
      const touches = JSON.parse(decodeURIComponent(cookie?.value || "{}")) as Record<"f" | "l", unknown[] | undefined>;
      return { cookie, codes: [touches.f?.[0], touches.l?.[0]], via: touches.l?.[3] };
    };
    const choose = (page: Page, choice: "allow" | "deny") =>
      page.evaluate((chosen) => {
        sessionStorage.choice = chosen;
        document.dispatchEvent(new Event("wp_listen_for_consent_change"));
      }, choice);

    test("a link is remembered for the window, on the shop's path; the next link is the last touch", async () => {
      consent = "all";
      const page = await browser.newPage();
      await page.goto(link("anna77"));
      const { cookie, codes } = await touchesOf(page);
      expect([cookie?.path, cookie?.sameSite, codes]).toStrictEqual([options.home, "Lax", ["ANNA77", "ANNA77"]]);
      const days = ((cookie?.expires ?? 0) - (await page.evaluate(() => Date.now())) / 1000) / 86_400;
      expect(Math.ceil(days)).toBe(options.windowDays);
      await page.goto(`${origin}${options.home}${options.prefix}/BEN12`);
      const later = await touchesOf(page);
      expect([later.codes, later.via]).toStrictEqual([["ANNA77", "BEN12"], "path"]);
      await page.goto(`${origin}${options.home}`);
      expect((await touchesOf(page)).codes).toStrictEqual(["ANNA77", "BEN12"]);
      await page.close();
    });

    test("with a consent plugin nothing is kept before the visitor agrees, and nothing after they take it back", async () => {
      consent = "ask";
      const page = await (await browser.newContext()).newPage();
      await page.goto(link("carla9"));
      expect((await touchesOf(page)).cookie).toBe(undefined);
      await choose(page, "allow");
      await page.waitForFunction(() => document.cookie.includes("upline_ref"));
      expect((await touchesOf(page)).codes).toStrictEqual(["CARLA9", "CARLA9"]);
      await choose(page, "deny");
      await page.waitForFunction(() => !document.cookie.includes("upline_ref"));
      await page.context().close();
    });
  },
);
