/** The shop's own people, on its settings page: they connect the shop, and say that it has moved. */
import type { BrowserContext, Page } from "playwright-core";
import type { Shop } from "./shop.ts";

export async function connectInSettings(browser: BrowserContext, shop: Shop, code: string): Promise<string> {
  const page = await openSettings(browser, shop, shop.url);
  await page.fill("#upline-code", code);
  await page.click(".upline-card button[type=submit]");
  await page.waitForSelector(".upline .notice");
  const said = (await page.textContent(".upline .notice p"))?.trim() ?? "";
  await page.waitForSelector("[data-upline-test]", { timeout: 15_000 }).catch(() => {
    throw new Error(`The shop was not connected: ${said}`);
  });
  await page.waitForLoadState();
  await page.click("[data-upline-test]");
  await page.waitForSelector(".upline-test.upline-good, .upline-test.upline-bad", { timeout: 20_000 });
  const test = (await page.textContent(".upline-test")) ?? "";
  if ((await page.locator(".upline-test.upline-good").count()) === 0) throw new Error(`The connection test failed: ${test}`);
  await page.close();
  return said;
}

/** Answers why the plugin did not agree, or that it does not ask; empty where all is well. */
export async function sayThatItMoved(browser: BrowserContext, shop: Shop, address: string): Promise<string> {
  const page = await openSettings(browser, shop, address);
  const form = page.locator("form:has(input[value=upline_moved])");
  if ((await form.count()) === 0) return "the settings do not ask whether this is a copy";
  await form.locator("button").click();
  await page.waitForSelector(".upline .notice");
  const isGood = (await page.locator(".upline .notice-success").count()) > 0;
  const said = (await page.textContent(".upline .notice p"))?.trim() ?? "";
  await page.close();
  return isGood ? "" : said;
}

async function openSettings(browser: BrowserContext, shop: Shop, address: string): Promise<Page> {
  const page = await browser.newPage();
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${address}/wp-admin/admin.php?page=upline`);
  if (page.url().includes("wp-login.php")) {
    await page.fill("#user_login", shop.admin.user);
    await page.fill("#user_pass", shop.admin.password);
    await page.click("#wp-submit");
    await page.waitForURL(/wp-admin/);
    await page.goto(`${address}/wp-admin/admin.php?page=upline`);
  }
  return page;
}
