import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** What the overview says was sold and earned, followed to the orders and to the ledger, to the last unit. */

type Row = Record<string, string | null>;

describe.skipIf(chromiumPath() === null)("the overview's figures by day (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  /** In hundredths: every currency of the demo that is looked at has two decimals. */
  const minor = (text: string | null | undefined) => BigInt((text ?? "").replace("−", "-").replace(/[^\d-]/g, ""));
  const sum = (values: readonly bigint[]) => values.reduce((all, one) => all + one, 0n);

  async function everyRow(page: Page, path: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const before: string = next === "" ? "" : `&before=${next}`;
      const answer = await (await page.request.get(`${demo.url}/api/${path}&limit=100${before}`)).json();
      rows.push(...answer.items);
      next = answer.next;
    }
    return rows;
  }

  test("a day's bar opens the orders that it is the sum of, and these earned what the ledger says", async () => {
    const { page, faults } = await signIn(browser, demo);
    const bars = page.locator("svg.chart a");
    await bars.first().waitFor();
    expect(await bars.count()).toBe(30);
    const said = (await page.locator("p", { hasText: "In the last 30 days" }).locator(".amount").allInnerTexts()).map(minor);
    await page.getByText("Day by day").click();
    const table = page.locator("details table");
    const days = await table
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent ?? "")));
    const currency = /· ([A-Z]{3})/.exec((await table.locator("thead").textContent()) ?? "")?.[1];
    expect(days.length).toBeGreaterThan(3);
    for (const [day = "", sold, earned] of days) {
      const orders = (await everyRow(page, `orders?placed_on=${day}&stage=earned`)).filter((one) => one.currency === currency);
      expect(sum(orders.map((one) => minor(one.net) - minor(one.refunded_net))), day).toBe(minor(sold));
      const figures = await (await page.request.get(`${demo.url}/api/ledger/days?from=${day}&to=${day}`)).json();
      const figure = (figures.items as Row[]).find((one) => one.currency === currency);
      expect(minor(figure?.commissions) - minor(figure?.clawbacks), day).toBe(minor(earned));
    }
    expect([sum(days.map(([, , earned]) => minor(earned))), sum(days.map(([, sold]) => minor(sold)))]).toStrictEqual(said);
    await pictured(page, "overview-by-day-1440");
    // The day on which most was sold, by its bar: the list that it opens, and what the ledger holds of its orders.
    const [day = "", , earned] = days.toSorted((a, b) => Number(minor(b[1]) - minor(a[1])))[0] ?? [];
    await page.getByRole("link", { name: new RegExp(`^${day}: .*net sales`) }).click();
    await page.waitForURL((url) => url.searchParams.get("placed_on")?.includes(day) === true);
    await page.locator("[data-row]").first().waitFor();
    await settled(page);
    const orders = await everyRow(page, `orders?placed_on=${day}&stage=earned`);
    const listed = await page.locator("[data-row]").count();
    expect(listed).toBe(Math.min(orders.length, 50));
    const entries: Row[] = [];
    // Also of those that are void by now: what they earned at first was taken back.
    for (const one of await everyRow(page, `orders?placed_on=${day}`))
      entries.push(...(await everyRow(page, `ledger?order_id=${one.order_id}`)));
    const ofDistributors = entries.filter((one) => one.distributor_id !== null && one.currency === currency);
    expect(sum(ofDistributors.map((one) => minor(one.amount)))).toBe(minor(earned));
    expect(await seriousFaults(page)).toStrictEqual([]);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("what the shops sold is together what the company sold", async () => {
    const { page } = await signIn(browser, demo);
    const company = page.locator("p", { hasText: "In the last 30 days" }).locator(".amount").nth(1);
    await company.waitFor();
    await settled(page);
    const shops = await page.locator("aside .note", { hasText: "net in 30 days" }).locator(".amount").allInnerTexts();
    const currency = /[A-Z]{3}/.exec((await company.textContent()) ?? "")?.[0] ?? "";
    const ofCurrency = shops.filter((text) => text.includes(currency));
    expect(ofCurrency.length).toBeGreaterThan(1);
    expect(sum(ofCurrency.map(minor))).toBe(minor(await company.textContent()));
    await page.context().close();
  });

  test.each([
    [100, null, "100 products are not mapped", "100"],
    [100, "100", "100 products and more are not mapped", "100+"],
  ] as const)("of %i products that are read, with %s behind them, it says %s", async (count, next, said, beside) => {
    const { page } = await signIn(browser, demo);
    await page.route("**/api/quarantine?limit=100", async (route) => {
      const { items } = await (await route.fetch()).json();
      const many = Array.from({ length: count }, (_, index) => ({ ...items[0], platform_sku: `SKU-${index}` }));
      await route.fulfill({ json: { items: many, next } });
    });
    await page.reload();
    await page.locator("ul.todo b", { hasText: said }).waitFor();
    expect(await page.locator(".nav a", { hasText: "SKU inbox" }).locator(".count").textContent()).toBe(beside);
    await page.context().close();
  });

  test.each([
    [1440, "light", "en"],
    [1440, "dark", "de"],
    [390, "dark", "en"],
    [390, "light", "de"],
  ] as const)("it fits %i px, in %s, in %s", async (width, shade, locale) => {
    const { page, faults } = await signIn(browser, demo, { width, shade, locale });
    await page.locator("svg.chart a").first().waitFor();
    await page.locator("details summary").first().click();
    await settled(page);
    const overhang = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overhang).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, `overview-figures-${locale}-${shade}-${width}`);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
