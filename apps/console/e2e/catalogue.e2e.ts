import { readFileSync } from "node:fs";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser } from "playwright-core";
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

  test.each([1440, 390])(
    "the map's file is read again unchanged, and one with news is told, wrong or right, before it is written, at %i px",
    async (width) => {
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

      const { items } = await (await page.request.get(`${demo.url}/api/quarantine?limit=50`)).json();
      const one = items.find(
        (item: { platform_sku: string | null; waits_for: string }) =>
          item.platform_sku !== null && item.waits_for === "a SKU mapping",
      );
      const file = `${HEADER}OWN-${width},${one.platform},${one.platform_sku},${one.name},standard,100%,100%,100%\n`;
      await choose("news.csv", file);
      const act = page.getByRole("button", { name: "Import 1 new and 0 changed" });
      await act.waitFor();
      expect((await figures()).slice(0, 4)).toStrictEqual(["1", "0", "0", "1"]);
      expect(await overhang()).toBe(0);
      await pictured(page, `skus-import-news-${width}`);
      const told = await page.locator("aside dl .total").last().textContent();
      await tabTo(page, act);
      await page.keyboard.press("Enter");
      await page.getByText(/^Written: 1 new, 0 changed\./).waitFor();
      expect(minor(told ?? "")).toBeGreaterThan(0n);
      await settled(page);
      await page.goto(`${demo.url}/console/skus/map?platform_sku=${encodeURIComponent(one.platform_sku)}`);
      await page
        .locator("[data-row]", { hasText: `OWN-${width}` })
        .first()
        .waitFor();
      expect(faults).toStrictEqual([]);
      await page.context().close();
    },
  );
});
