import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled, tabTo } from "./browser.ts";
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
    for (const path of ["people/D1003?span=2026-09&bonus=levels", "people/D1003", "waiting?tree=binary"]) {
      await page.goto(`${demo.url}/console/network/${path}`);
      await page.locator("main#page h1").waitFor();
      await settled(page);
      expect(await overhang(page), path).toBe(0);
      expect(await seriousFaults(page), path).toStrictEqual([]);
      if (path.startsWith("people"))
        expect(
          await page.evaluate("[...document.querySelectorAll('.table-frame')].map((one) => one.scrollWidth - one.clientWidth)"),
          path,
        ).toStrictEqual(await page.locator(".table-frame").evaluateAll((all) => all.map(() => 0)));
    }
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("somebody out of the holding tank is moved to another leg by the keyboard, and a circle is refused on a phone", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/network/waiting?tree=binary`);
    const rows = page.locator("[data-row]");
    await rows.first().waitFor();
    const idOf = async (index: number) => (await rows.nth(index).locator(".second").first().textContent()) ?? "";
    const [mover, parent] = [await idOf(0), await idOf(1)];
    for (const index of [0, 1]) await rows.nth(index).getByRole("checkbox").check();
    await page.getByRole("button", { name: "Place 2 people in binary" }).click();
    await page.getByText("2 people have a place in binary now.").waitFor();

    await page.goto(`${demo.url}/console/network?tree=binary&chosen=${mover}`);
    await tabTo(page, page.getByRole("button", { name: "Move in binary on a date…" }));
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    const act = dialog.getByRole("button", { name: /^Move / });
    const choose = async (dialogOf: Page, id: string, leg: string) => {
      const field = dialogOf.getByRole("dialog").getByRole("combobox").first();
      await field.fill(id);
      await dialogOf.getByRole("dialog").getByRole("option", { name: id }).first().waitFor();
      await field.press("Enter");
      await dialogOf.getByLabel("Leg").selectOption({ label: leg });
    };
    // The sponsor's legs are taken, or spillover would not have placed them below.
    await choose(page, "D1001", await legOf(page, "D1001"));
    await dialog.getByText(/^Leg: Left of .+ is .+’s\. Choose a free one\.$/).waitFor();
    expect(await act.isDisabled()).toBe(true);
    await choose(page, parent, "Right: free");
    await dialog.getByText("What changes").waitFor();
    expect(await act.isDisabled()).toBe(true);
    await dialog.getByLabel("Why").fill("Meant for the right leg");
    await expect.poll(() => act.isDisabled()).toBe(false);
    expect(await seriousFaults(page)).toStrictEqual([]);
    await pictured(page, "move-place-1440");
    await tabTo(page, act);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await page.getByText(/^Right below .+, since/).waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();

    const phone = await signIn(browser, demo, { width: 390, shade: "dark" });
    await phone.page.goto(`${demo.url}/console/network?tree=binary&chosen=${parent}`);
    await phone.page.getByRole("button", { name: "Move in binary on a date…" }).click();
    await choose(phone.page, mover, "Left: free");
    await phone.page.getByText(/stands below .+, or will/).waitFor();
    expect(await seriousFaults(phone.page)).toStrictEqual([]);
    expect(await overhang(phone.page)).toBe(0);
    await pictured(phone.page, "move-place-390");
    expect(phone.faults).toStrictEqual([]);
    await phone.page.context().close();
  });

  /** How the left leg of somebody is called in the list of legs. */
  async function legOf(page: Page, id: string): Promise<string> {
    const { legs } = await (await page.request.get(`${demo.url}/api/placements/path?tree=binary&distributor_id=${id}`)).json();
    return `Left: ${legs[0].distributor.name}`;
  }
});
