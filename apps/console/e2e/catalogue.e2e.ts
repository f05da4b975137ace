import { readFileSync } from "node:fs";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled, tabTo } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn as signInTo } from "./signed-in.ts";

/** What products are to the plan, in a real browser on the demo: the map as a file, out and in again. */

const executablePath = chromiumPath();

describe.skipIf(executablePath === null)("the catalogue on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });
  const minor = (text: string) => BigInt(text.replace("−", "-").replace(/[^\d-]/g, ""));
  const HEADER = "sku_id,platform,platform_sku,name,commission_class,pv,qv,cv\n";

  /** What everybody has earned in euros, in minor units. */
  async function earned(page: Page): Promise<bigint> {
    const { items, next } = await (await page.request.get(`${demo.url}/api/balances?limit=500`)).json();
    expect(next).toBe(null);
    const euro = (items as Record<string, string>[]).filter(({ currency }) => currency === "EUR");
    return euro.reduce((sum, one) => sum + minor(one.held ?? "") + minor(one.payable ?? "") - minor(one.recoverable ?? ""), 0n);
  }

  /** The map's file is read again unchanged, and one with news is told, wrong or right, before it is written. */
  async function bringIn(width: number, one: { platform: string; sku: string; name: string }): Promise<void> {
    const { page, faults } = await signInTo(browser, demo, { width });
    const overhang = () => page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    const choose = (name: string, csv: string | Buffer) =>
      page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.goto(`${demo.url}/console/skus/map`);
    await page.locator("[data-row]").first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV", exact: true }).click(),
    ]);
    const whole = readFileSync(await download.path(), "utf8");
    await tabTo(page, page.getByRole("link", { name: "Import…" }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Import mappings" }).waitFor();
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, `skus-import-empty-${width}`);

    await choose("map.csv", whole);
    await page.getByRole("button", { name: "Nothing would change" }).waitFor();
    const figures = async () => page.locator("aside dd").allInnerTexts();
    const count = String(whole.trimEnd().split("\r\n").length - 1);
    expect(await figures()).toStrictEqual(["0", "0", count, count]);

    await choose("wrong.csv", `${HEADER}NEW,ebay,NEW-1,New,standard,1,1,1\nNEW,shopify,NEW-2,New,nothing,"1,5",1,1\n`);
    await page.getByRole("heading", { name: "3 fields are wrong" }).waitFor();
    await page.getByRole("row", { name: /^2 platform "ebay" is none of/ }).waitFor();
    expect(await page.getByRole("button", { name: /^Import/ }).count()).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    expect(await overhang()).toBe(0);
    await pictured(page, `skus-import-wrong-${width}`);

    const file = `${HEADER}OWN-${width},${one.platform},${one.sku},${one.name},standard,100%,100%,100%\n`;
    await choose("news.csv", file);
    const act = page.getByRole("button", { name: "Import 1 new and 0 changed" });
    await act.waitFor();
    expect((await figures()).slice(0, 4)).toStrictEqual(["1", "0", "0", "1"]);
    expect(await overhang()).toBe(0);
    await pictured(page, `skus-import-news-${width}`);
    const told = await page.locator("aside dl .total").last().textContent();
    const before = await earned(page);
    await tabTo(page, act);
    await page.keyboard.press("Enter");
    await page.getByText(/^Written: 1 new, 0 changed\./).waitFor();
    expect((await earned(page)) - before).toBe(minor(told ?? ""));
    expect(minor(told ?? "")).toBeGreaterThan(0n);
    await settled(page);
    await page.goto(`${demo.url}/console/skus/map?platform_sku=${encodeURIComponent(one.sku)}`);
    await page
      .locator("[data-row]", { hasText: `OWN-${width}` })
      .first()
      .waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  }

  test("the map goes out and in again as a file, and a file's news are told before they are written", () =>
    bringIn(1440, { platform: "shopify", sku: "GLOW-030", name: "Night Glow" }));

  test.each([1440, 390])(
    "what is suggested says why and what it would pay, and one press takes it over, at %i px",
    async (width) => {
      const { page, faults } = await signInTo(browser, demo, { width });
      await page.goto(`${demo.url}/console/skus`);
      const same = page.locator("[data-row]", { hasText: "Same SKU on Shopify" }).first();
      const hint = page.locator("[data-row]", { hasText: "Name like GLOW-030, a hint" }).first();
      await same.waitFor();
      await hint.waitFor();
      const told = same.getByRole("button", { name: /^What Night Glow would pay/ });
      await told.waitFor();
      await hint.getByRole("button", { name: /would pay/ }).waitFor();
      await settled(page);
      expect(await seriousFaults(page)).toStrictEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
      await pictured(page, `skus-suggestions-${width}`);
      const amount = minor((await told.locator(".block").textContent()) ?? "");
      expect(amount).toBeGreaterThan(0n);
      await tabTo(page, same.getByRole("button").first());
      await page.keyboard.press("Enter");
      const act = page.getByRole("button", { name: /^Map it and release/ });
      await expect.poll(() => act.isEnabled()).toBe(true);
      // The column, and the panel that says to whom, come to the same.
      expect(minor((await page.locator("aside dl .total").last().textContent()) ?? "")).toBe(amount);
      await pictured(page, `skus-taken-${width}`);
      if (width === 390) {
        const before = await earned(page);
        await tabTo(page, act);
        await page.keyboard.press("Enter");
        await same.waitFor({ state: "detached" });
        // What was told is what everybody has more by now, to the last unit.
        expect((await earned(page)) - before).toBe(amount);
      }
      expect(faults).toStrictEqual([]);
      await page.context().close();
    },
  );

  test("the map goes out and in again on a phone", () =>
    bringIn(390, { platform: "magento", sku: "SKU-GLOW", name: "Night Glow Set" }));
});
