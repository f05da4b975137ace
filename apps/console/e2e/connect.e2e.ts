import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { signStandardWebhook } from "@upline/core";
import { chromiumPath } from "@upline/testing/chromium";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { pictured, seriousFaults, settled, tabTo } from "./browser.ts";
import { type DemoHub, onDemo } from "./demo-hub.ts";
import { signIn as signInTo } from "./signed-in.ts";

/** The way of a shop to the hub, in a real browser on the demo: the test is the shop, and says what a plugin would. */

const executablePath = chromiumPath();
const CASES = new URL("../../../connectors/woocommerce/fixtures/cases/", import.meta.url);

interface Keys {
  readonly store: string;
  readonly ingestUrl: string;
  readonly secret: string;
}

/** What the plugin does with the code that somebody pastes. */
async function connectAs(demo: DemoHub, code: string, domain: string): Promise<Keys> {
  const body = { code, platform: "woocommerce", domain, url: `https://${domain}`, versions: { plugin: "1.0.0" } };
  const answer = await fetch(`${demo.url}/connect`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Keys;
}

/** One signed delivery, its order called by another number. */
async function deliver(demo: DemoHub, keys: Keys, told: { body: string; id: string }): Promise<void> {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();
  const signed = { id: told.id, at: new Date(), rawBody: Buffer.from(told.body), secret: keys.secret, hmac };
  const answer = await fetch(`${demo.url}${new URL(keys.ingestUrl).pathname}`, {
    method: "POST",
    headers: { ...signStandardWebhook(signed), "content-type": "application/json" },
    body: told.body,
  });
  expect(answer.status).toBe(200);
}

const bodyOf = (step: 1 | 2): string => readFileSync(new URL(`woo-refunded-line-then-edited-away-${step}.json`, CASES), "utf8");

/** What WooCommerce itself says the lines are worth after discounts and without tax, in cents. */
function netOf(body: string): number {
  const { line_items } = JSON.parse(body).data.order as { line_items: { total: string }[] };
  return line_items.reduce((sum, { total }) => sum + Math.round(Number(total) * 100), 0);
}

describe.skipIf(executablePath === null)("connecting a shop (needs Chromium)", () => {
  let demo: DemoHub;
  let browser: Browser;
  onDemo((opened) => {
    ({ demo, browser } = opened);
  });

  const sound = async (page: Page, name: string) => {
    await settled(page);
    expect(await seriousFaults(page), name).toStrictEqual([]);
    const overhang = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overhang, `${name} is wider than the window`).toBe(0);
    await pictured(page, name);
  };

  test.each([1440, 390])(
    "a code, a shop that uses it, its first order and a refund: each step goes on by itself at %i px, to the shop's card",
    async (width) => {
      const { page, faults } = await signInTo(browser, demo, { width });
      await page.goto(`${demo.url}/console/stores`);
      await tabTo(page, page.getByRole("link", { name: "Connect a store…" }));
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "What does the shop run on?" }).waitFor();
      await sound(page, `connect-platform-${width}`);
      await tabTo(page, page.getByRole("link", { name: "WooCommerce" }));
      await page.keyboard.press("Enter");
      await tabTo(page, page.getByRole("button", { name: "Make a code" }));
      await page.keyboard.press("Enter");
      const code = (await page.locator("[data-code]").textContent()) ?? "";
      await page.getByText("Waiting for the shop to use the code").waitFor();
      await sound(page, `connect-code-${width}`);

      const domain = `tea-${width}.example`;
      const keys = await connectAs(demo, code, domain);
      await page.getByRole("heading", { name: "Change any order in the shop. We are listening." }).waitFor();
      const live = page.locator(".hear .live");
      await live.getByText("Order placed").waitFor();
      expect(await page.getByText("We hear you.", { exact: true }).count()).toBe(0);
      await sound(page, `connect-listening-${width}`);

      await deliver(demo, keys, { body: bodyOf(1), id: `placed_${width}` });
      await page.getByText("We hear you.", { exact: true }).waitFor();
      await live.getByText("Order changed").waitFor();
      const net = (await page.locator("aside dd.total .amount").textContent()) ?? "";
      expect(Number(net.replace(/\D/g, ""))).toBe(netOf(bodyOf(1)));
      await deliver(demo, keys, { body: bodyOf(2), id: `refunded_${width}` });
      await live.getByText("Order deleted").waitFor();
      await sound(page, `connect-heard-${width}`);

      await page.getByRole("link", { name: "Go to the shop's card" }).click();
      await page.waitForURL(new RegExp(`/stores#${keys.store}$`));
      const card = page.getByRole("article", { name: domain });
      await card.getByText("Heard").waitFor();
      expect(faults).toStrictEqual([]);
      await page.context().close();
    },
  );

  test("an address of a shop that is not there says so, and German lacks no word", async () => {
    const { page, faults } = await signInTo(browser, demo, { width: 390, locale: "de" });
    await page.goto(`${demo.url}/console/stores/connect?store=st_nowhere`);
    await page.getByText("Dieser Shop ist keiner von Ihren").waitFor();
    for (const search of ["", "?platform=shopify", "?platform=magento", "?platform=woocommerce&since=2030-01-01T00:00:00Z"]) {
      await page.goto(`${demo.url}/console/stores/connect${search}`);
      await sound(page, `connect-de-${search}`.replace(/[^a-z-]/g, ""));
      expect(await page.locator("main#page").textContent(), search).not.toMatch(/\b(you|your|the|shop's)\b/i);
    }
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });
});
