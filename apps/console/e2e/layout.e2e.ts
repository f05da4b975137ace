import { setTimeout as wait } from "node:timers/promises";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { observe, shiftOf } from "./bench/page-figures.ts";
import { settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { type Looker, signIn } from "./signed-in.ts";

/** What comes late moves nothing that is there: every page on a hub that answers slowly, by the browser's own measure. */

/** Every answer of the API comes so much later than it is there. */
const LATE_MS = 300;
/** Of the window's height and the share of it that moved; 0.1 is what Google calls good. */
const MOST_SHIFT = 0.05;

const isFull = process.env.UPLINE_E2E_FULL !== undefined;
const CONSOLE = [
  "referrals",
  "network",
  "network?chosen=D1005",
  "network/people/D1003?span=2026-09",
  "settings/people",
  "skus",
  ...(isFull
    ? [
        ...["", "orders", "network?tree=binary&chosen=D1005", "network/waiting", "skus/map", "stores", "deliveries", "plans"],
        ...["periods", "periods/1", "ledger", "ledger/balances", "ledger/commissions", "enrolments", "questions", "materials"],
        ...["settings", "settings/jobs", "settings/audit"],
      ]
    : []),
];
const PORTAL = ["", "team", "earnings", "share", ...(isFull ? ["rank", "orders", "materials", "me"] : [])];

describe.skipIf(chromiumPath() === null)("what comes late (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  async function shiftsOf(looker: Looker, paths: readonly string[]): Promise<Record<string, number>> {
    const { page } = await signIn(browser, demo, looker);
    await observe(page);
    await page.route("**/api/**", async (route) => {
      await wait(LATE_MS);
      // A page that was left asks no more.
      await route.continue().catch(() => {});
    });
    const over: Record<string, number> = {};
    for (const path of paths) {
      await page.goto(`${demo.url}/${looker.role === "distributor" ? "portal" : "console"}/${path}`);
      await page.locator("main#page h1").waitFor();
      await settled(page);
      const shift = await shiftOf(page);
      if (shift > MOST_SHIFT) over[path] = shift;
    }
    await page.context().close();
    return over;
  }

  test.each([
    { width: 1280, locale: "en" },
    { width: 390, locale: "de" },
    ...(isFull
      ? [
          { width: 1280, locale: "de" },
          { width: 390, locale: "en" },
        ]
      : []),
  ])("moves nothing of the console at $width px, in $locale", async (looks) => {
    expect(await shiftsOf({ ...looks, role: "owner" }, CONSOLE)).toStrictEqual({});
  });

  test.each([
    { width: 1280, locale: "en" },
    { width: 390, locale: "de" },
  ])("moves nothing of the portal at $width px, in $locale", async (looks) => {
    expect(await shiftsOf({ ...looks, role: "distributor" }, PORTAL)).toStrictEqual({});
  });
});
