import { readFileSync } from "node:fs";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, settled, tabTo } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn } from "./signed-in.ts";

/** What people do in the console without touching a mouse, and what every table can do. */

const executablePath = chromiumPath();

describe.skipIf(executablePath === null)("the console by its keyboard, on the demo (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  /** What the company owes by closes and orders, in one currency: the ledger's own sum. */
  const owedIn = async (page: Page, currency: string): Promise<string> => {
    const { items } = await (await page.request.get(`${demo.url}/api/balances/company`)).json();
    const all = items as { currency: string; commission_expense: string }[];
    return all.find((one) => one.currency === currency)?.commission_expense ?? "0";
  };

  test("somebody is found, a way is gone and an amount is explained by the keyboard alone", async () => {
    const { page } = await signIn(browser, demo);
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: "Orders" }).waitFor();
    await page.locator("[data-row]").first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Order #/ }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("Find or do").last().fill("D1063");
    await page.getByText("Distributor or code D1063").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/D1063/);
    await page.context().close();
  });

  test("somebody is invited by the keyboard alone, and the log says who did it", async () => {
    const { page } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/settings/people`);
    await page.getByRole("button", { name: "Invite somebody…" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByRole("dialog").getByLabel("E-mail").focus();
    await page.keyboard.type("new@demo.example");
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: "new@demo.example" }).waitFor();
    await page.goto(`${demo.url}/console/settings/audit?act=person.invite`);
    await page.locator("[data-row]").first().waitFor();
    expect(await page.locator("[data-row]").first().textContent()).toContain("Olivia Owner");
    await page.context().close();
  });

  test("a product that waits is mapped by the keyboard alone, and the log says who did it", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.keyboard.press("g");
    await page.keyboard.press("k");
    await page.getByRole("heading", { name: "SKU inbox" }).waitFor();
    const row = page.locator("[data-row]", { has: page.locator("input[type=checkbox]:enabled") }).first();
    await row.waitFor();
    const waiting = await page.locator("[data-row]").count();
    await tabTo(page, row.getByRole("checkbox"));
    await page.keyboard.press("Space");
    await tabTo(page, page.getByLabel("Commission class"));
    await page.keyboard.type("Standard");
    await tabTo(page, page.getByRole("button", { name: /^Map it and release/ }));
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("[data-row]").count()).toBe(waiting - 1);
    await page.goto(`${demo.url}/console/settings/audit?act=sku-map.import`);
    const told = page.locator("[data-row]").first();
    await told.waitFor();
    expect(await told.textContent()).toContain("Olivia Owner");
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("two people close a period by the keyboard alone, and the ledger grows by what the second one confirmed", async () => {
    const owner = await signIn(browser, demo);
    const { items } = await (await owner.page.request.get(`${demo.url}/api/periods?limit=100`)).json();
    const all = items as { period_id: string; state: string; currency: string }[];
    const { period_id: id = "", currency = "" } = all.find(({ state }) => state === "closing") ?? {};
    const path = `${demo.url}/console/periods/${id}`;
    const press = async (page: Page, name: RegExp) => {
      await tabTo(page, page.getByRole("button", { name }));
      await page.keyboard.press("Enter");
    };
    await owner.page.goto(path);
    await press(owner.page, /^Send it back/);
    await press(owner.page, /^Propose the close of/);
    const confirm = /^Confirm .* for/;
    // Whoever proposed is not asked to confirm.
    await owner.page.getByText("Somebody else confirms it.").waitFor();
    expect(await owner.page.getByRole("button", { name: confirm }).count()).toBe(0);
    // The demo's finance person proposed it before.
    await owner.page.getByText(/Since the proposal of .* paid /).waitFor();
    await pictured(owner.page, "period-own-proposal");
    const finance = await signIn(browser, demo, { role: "finance" });
    const before = await owedIn(finance.page, currency);
    await finance.page.goto(path);
    const button = finance.page.getByRole("button", { name: confirm });
    const total = /([\d,]+\.\d+)/.exec((await button.textContent()) ?? "")?.[1]?.replaceAll(",", "") ?? "";
    await pictured(finance.page, "period-to-confirm");
    await press(finance.page, confirm);
    await finance.page.getByRole("heading", { name: "What was confirmed" }).waitFor();
    const minor = (text: string) => BigInt(text.replace(".", ""));
    expect(minor(total)).toBeGreaterThan(0n);
    expect(minor(await owedIn(finance.page, currency)) - minor(before)).toBe(minor(total));
    await pictured(finance.page, "period-closed");
    await finance.page.setViewportSize({ width: 390, height: 844 });
    await settled(finance.page);
    await pictured(finance.page, "period-closed-390");
    expect(finance.faults).toStrictEqual([]);
    for (const { page } of [owner, finance]) await page.context().close();
  });

  const fileOf = async (page: Page): Promise<string[]> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).first().click(),
    ]);
    const text = readFileSync(await download.path(), "utf8");
    expect(text.charCodeAt(0)).toBe(0xfeff);
    // No cell of these lists holds a line end.
    return text.slice(1).trimEnd().split("\r\n");
  };

  test("a table's file holds everything that its filters find, and not only what is read so far", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/orders?unresolved=true`);
    await settled(page);
    const [head, ...few] = await fileOf(page);
    expect(head?.split(",")).toContain("currency");
    expect(few.length).toBe(await page.locator("[data-row]").count());
    await page.goto(`${demo.url}/console/orders?stage=earned`);
    await settled(page);
    const shown = await page.locator("[data-row]").count();
    const [, ...all] = await fileOf(page);
    expect(all.length).toBeGreaterThan(shown);
    // Counted by another way: the API, page by page.
    const counted = await page.evaluate(`(async () => {
      for (let count = 0, before = ""; ; ) {
        const { items, next } = await (await fetch("/api/orders?stage=earned&limit=500" + before)).json();
        count += items.length;
        if (next === null) return count;
        before = "&before=" + next;
      }
    })()`);
    expect(all.length).toBe(counted);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("the trees, the people and the keys are files too", async () => {
    const { page, faults } = await signIn(browser, demo);
    for (const [path, column] of [
      ["network", "distributor_id"],
      ["network?chosen=D1003", "level"],
      ["network?tree=binary", "parent_id"],
      ["network/waiting", "sponsor_id"],
      ["settings/people", "email"],
    ] as const) {
      await page.goto(`${demo.url}/console/${path}`);
      await settled(page);
      const [head, ...rows] = await fileOf(page);
      expect(head?.split(","), path).toContain(column);
      expect(rows.length, path).toBeGreaterThan(2);
    }
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).last().click()]);
    const keys = readFileSync(await download.path(), "utf8");
    expect(keys.split("\r\n")[0]).toContain("prefix");
    expect(keys).toContain("demo");
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  test("what a table shows is kept, found again, renamed, dropped and taken back, by the keyboard alone", async () => {
    const { page, faults } = await signIn(browser, demo);
    await page.goto(`${demo.url}/console/orders?stage=earned`);
    await settled(page);
    const press = async (name: string | RegExp) => {
      await page.getByRole("button", { name }).first().focus();
      await page.keyboard.press("Enter");
    };
    await press("Columns");
    await page.getByRole("checkbox", { name: "Sold by" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Columns, one hidden");
    expect(await page.getByRole("columnheader", { name: "Sold by" }).count()).toBe(0);
    await press("Views");
    await page.getByLabel("Keep what is shown as").focus();
    await page.keyboard.type("Earned, without names");
    await page.getByRole("checkbox", { name: "Everybody of the company sees it" }).focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Keep what is shown as").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Earned, without names" }).waitFor();
    // Whoever else works here finds it, and its address shows the same.
    const other = await signIn(browser, demo, { role: "finance" });
    await other.page.goto(`${demo.url}/console/orders`);
    await other.page.getByRole("button", { name: "Views" }).click();
    await other.page.getByRole("link", { name: "Earned, without names" }).click();
    await other.page.waitForURL(/hide=owner/);
    expect(new URL(other.page.url()).searchParams.get("stage")).toBe("earned");
    expect(await other.page.getByRole("columnheader", { name: "Sold by" }).count()).toBe(0);
    await other.page.context().close();
    await press("Rename Earned, without names");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("Paid ones");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "View: Paid ones" }).waitFor();
    await press("Drop Paid ones");
    await page.getByText("Paid ones is dropped.").waitFor();
    await page.getByRole("link", { name: "Paid ones" }).waitFor({ state: "detached" });
    await press("Take back");
    await page.getByRole("link", { name: "Paid ones" }).waitFor();
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
