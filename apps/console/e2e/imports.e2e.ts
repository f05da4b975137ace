import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** A long import shows how far it is, and goes on being shown where its page is loaded anew. */

/** As many as a file over the API may have: the hub is at them for many seconds. */
const LINES = 50_000;

describe.skipIf(chromiumPath() === null)("a long import (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  test("of people: lines of all, also behind a reload and for somebody else, until it is done", async () => {
    const { page } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/network/import`);
    const lines = Array.from({ length: LINES }, (_, index) => `L${index},D1003,Person ${index}`);
    const buffer = Buffer.from(`distributor_id,sponsor_id,name\n${lines.join("\n")}\n`);
    await page.locator("input[type=file]").setInputFiles({ name: "many.csv", mimeType: "text/csv", buffer });
    await page.getByRole("button", { name: /^Import 50.?000 new/ }).click();
    const bar = page.locator("aside .meter");
    await bar.waitFor();
    await page.reload();
    await bar.waitFor();
    await page.getByRole("heading", { name: "many.csv" }).waitFor();
    await page.getByText(/of 50,000 lines written$/).waitFor();
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "import-progress-1440");
    const other = await signIn(browser, demo, { width: 390, shade: "dark", locale: "de" });
    await other.page.goto(`${demo.url}/console/network/import`);
    await other.page.locator("aside .meter").waitFor();
    await pictured(other.page, "import-progress-de-390");
    await page.locator(".callout.good", { hasText: /Written: 50.?000 new/ }).waitFor();
    await settled(page);
    expect(await bar.count()).toBe(0);
    await pictured(page, "import-done-1440");
    const { import: told } = await (await page.request.get(`${demo.url}/api/imports/people`)).json();
    expect([told.stage, told.done, told.total, told.told.enrolled]).toStrictEqual(["done", LINES, LINES, LINES]);
    expect(other.faults).toStrictEqual([]);
    await other.page.context().close();
    await page.context().close();
  });
});
