/** The shop's own people: they connect the shop on its settings page, as an owner does. */
import type { BrowserContext } from "playwright-core";
import type { Shop } from "./shop.ts";

export async function connectInSettings(browser: BrowserContext, shop: Shop, code: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(`${shop.url}/wp-login.php`);
  await page.fill("#user_login", shop.admin.user);
  await page.fill("#user_pass", shop.admin.password);
  await page.click("#wp-submit");
  await page.waitForURL(/wp-admin/);
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${shop.url}/wp-admin/admin.php?page=upline`);
  const disconnect = page.locator("form[data-upline-confirm] button");
  if ((await disconnect.count()) > 0) {
    await disconnect.click();
    await page.waitForSelector("#upline-code");
  }
  await page.fill("#upline-code", code);
  await page.click(".upline-card button[type=submit]");
  await page.waitForSelector(".upline .notice");
  const said = (await page.textContent(".upline .notice p"))?.trim() ?? "";
  await page.waitForSelector("[data-upline-test]", { timeout: 5000 }).catch(() => {
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
