/** People who buy: through the Store API, and in a real browser through both checkouts. */
import type { BrowserContext, Page } from "playwright-core";
import { ONCE, type Shop } from "./shop.ts";

export interface Bought {
  readonly orderId: number;
  /** When the buyer had the answer. */
  readonly at: number;
  readonly tookMs: number;
}

export interface Basket {
  /** Code in the cookie, as after a visit by a referral link. */
  readonly cookie?: string;
  /** What a headless shop sends as extensions.upline.ref. */
  readonly typed?: string;
  readonly coupon?: string;
  /** Bank transfer: paid later. */
  readonly paysLater?: boolean;
  /** Asks the shop to measure this request under this name. */
  readonly measure?: string;
}

const PERSON = {
  first_name: "Eva",
  last_name: "Probe",
  address_1: "Weg 1",
  city: "Berlin",
  postcode: "10115",
  country: "DE",
  email: "eva@example.test",
  phone: "030 1",
};

export async function buyHeadless(shop: Shop, { cookie, typed, coupon, paysLater, measure }: Basket = {}): Promise<Bought> {
  let token = "";
  const ask = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers: Record<string, string> = { ...ONCE, "content-type": "application/json" };
    if (token) headers["cart-token"] = token;
    if (cookie) {
      const touch = [cookie, Math.floor(Date.now() / 1000) - 100, "/", "cookie"];
      headers.cookie = `upline_ref=${encodeURIComponent(JSON.stringify({ f: touch, l: touch }))}`;
    }
    if (measure && path === "/checkout") headers["x-upline-measure"] = measure;
    const init: RequestInit = { method, headers };
    if (body) init.body = JSON.stringify(body);
    const answer = await fetch(`${shop.url}/wp-json/wc/store/v1${path}`, init);
    token = answer.headers.get("cart-token") ?? token;
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Store API ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
  await ask("GET", "/cart");
  await ask("POST", "/cart/add-item", { id: shop.products[0], quantity: 2 });
  await ask("POST", "/cart/add-item", { id: shop.products[1], quantity: 1 });
  if (coupon) await ask("POST", "/cart/apply-coupon", { code: coupon });
  const began = performance.now();
  const placed = await ask("POST", "/checkout", {
    billing_address: PERSON,
    shipping_address: PERSON,
    payment_method: paysLater ? "bacs" : "cod",
    ...(typed === undefined ? {} : { extensions: { upline: { ref: typed } } }),
  });
  return { orderId: Number(placed.order_id), at: Date.now(), tookMs: performance.now() - began };
}

/** `entry` is the referral link the buyer comes by. */
export async function buyInBlockCheckout(browser: BrowserContext, shop: Shop, entry: string): Promise<Bought> {
  await shop.inside("checkout-page", { slug: "e2e-block-checkout" });
  const page = await fillCart(browser, shop, entry);
  await page.goto(shop.blockCheckout);
  await page.fill("#email", PERSON.email);
  for (const name of ["first_name", "last_name", "address_1", "postcode", "city"] as const) {
    await page.fill(`#shipping-${name}`, PERSON[name]);
  }
  await page.waitForSelector('.upline-referral-hint[data-state="known"]');
  // The block sends the address a second after the last key; its button does nothing meanwhile.
  await page.waitForTimeout(3000);
  return place(page, ".wc-block-components-checkout-place-order-button");
}

export async function buyInClassicCheckout(browser: BrowserContext, shop: Shop, entry: string): Promise<Bought> {
  await shop.inside("checkout-page", { slug: "e2e-classic-checkout" });
  const page = await fillCart(browser, shop, entry);
  await page.goto(shop.classicCheckout);
  for (const name of ["first_name", "last_name", "address_1", "postcode", "city", "phone", "email"] as const) {
    await page.fill(`#billing_${name}`, PERSON[name]);
  }
  await page.waitForSelector('.upline-referral-hint[data-state="known"]');
  await page.waitForSelector(".blockOverlay", { state: "detached" });
  await page.waitForTimeout(1500);
  return place(page, "#place_order");
}

async function fillCart(browser: BrowserContext, shop: Shop, entry: string): Promise<Page> {
  await browser.clearCookies();
  const page = await browser.newPage();
  await page.goto(shop.url + entry);
  await page.goto(`${shop.url}/?add-to-cart=${shop.products[0]}`);
  return page;
}

async function place(page: Page, button: string): Promise<Bought> {
  const began = performance.now();
  await page.click(button);
  await page.waitForURL(/order-received\/\d+/, { timeout: 30_000, waitUntil: "commit" });
  const bought = {
    orderId: Number(page.url().match(/order-received\/(\d+)/)?.[1]),
    at: Date.now(),
    tookMs: performance.now() - began,
  };
  await page.waitForLoadState();
  const shown = await page.getByText("You are supporting").count();
  if (shown === 0) throw new Error(`order ${bought.orderId}: the thank-you page does not say whom the order supports`);
  await page.close();
  return bought;
}
