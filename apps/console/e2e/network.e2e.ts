import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** The network in a real browser on the demo: the tree by volume, and places in it. */

const executablePath = chromiumPath();

describe.skipIf(executablePath === null)("the network on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });
  const overhang = (page: Page) => page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

  /** Ten-thousandths. */
  const units = (text = ""): bigint => {
    const [whole = "0", fraction = ""] = text.replace(/[^\d.]/g, "").split(".");
    return BigInt(whole + fraction.padEnd(4, "0"));
  };
  /** By row: its level, its cells, and whether it stands for those who are not shown. */
  const rowsOf = (page: Page) =>
    page.locator(".tree tbody tr").evaluateAll((rows) =>
      rows.map((row) => ({
        level: Number(row.getAttribute("aria-level")),
        cells: [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? ""),
      })),
    );

  test("a row's group volume is its own and its frontline's, whoever is not shown summed in one row that opens", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/network?chosen=D1003`);
    await page.locator(".tree-row.selected").waitFor();
    await settled(page);
    const sums = async () => {
      const [first, ...rows] = await rowsOf(page);
      const line = rows.filter(({ level }) => level === 2 || level === 0);
      expect(line.length).toBeGreaterThan(3);
      expect(units(first?.cells[3]) + line.reduce((sum, { cells }) => sum + units(cells[4]), 0n)).toBe(units(first?.cells[4]));
      const below = line.reduce((sum, { level, cells }) => sum + Number(cells[6]) + (level === 2 ? 1 : 0), 0);
      return Number(first?.cells[6]) - below;
    };
    const more = page.getByRole("button", { name: /more of Omar Costa’s frontline/ });
    const count = Number(/^\d+/.exec((await more.textContent()) ?? "")?.[0]);
    expect(count).toBeGreaterThan(0);
    expect(await sums()).toBe(count);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "network-1440");
    await more.click();
    await expect.poll(() => more.count()).toBe(0);
    expect(await sums()).toBe(0);
    const groups = (await rowsOf(page)).filter(({ level }) => level === 2).map(({ cells }) => units(cells[4]));
    expect(groups).toStrictEqual(groups.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("who is chosen among the rows leaves them where they are, and the address says who; found from elsewhere they stand below two", async () => {
    const { page, faults } = await signIn(browser, demo, { width: 390, shade: "dark" });
    await page.goto(`${demo.url}/console/network`);
    await page.getByRole("treegrid").locator("[data-tree-row]").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("row", { name: /Ines Novak/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/chosen=D1002/);
    await page.getByRole("complementary", { name: "Ines Novak" }).waitFor();
    expect((await rowsOf(page))[0]?.cells[0]).toContain("Omar Costa");
    expect(await overhang(page)).toBe(0);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await page.goto(`${demo.url}/console/network?chosen=D1200`);
    await page.locator(".tree-row.selected").waitFor();
    await expect.poll(async () => page.locator(".tree-row.selected").getAttribute("aria-level")).toBe("3");
    expect(await overhang(page)).toBe(0);
    await pictured(page, "network-390");
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
