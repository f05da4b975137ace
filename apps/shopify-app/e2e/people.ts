import type { Page } from "playwright-core";
import type { Order } from "../standin/order.ts";
import type { Standin } from "../standin/start.ts";
import type { Person } from "./browser.ts";

/** A buyer in the storefront. */
export class Buyer {
  readonly page: Page;
  readonly #standin: Standin;
  readonly #domain: string;

  constructor({ page }: Person, standin: Standin, domain: string) {
    this.page = page;
    this.#standin = standin;
    this.#domain = domain;
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(`${this.#standin.url}/shops/${this.#domain}/${path}`);
  }

  async acceptCookies(): Promise<void> {
    await this.page.locator("#cookies-accept").click();
  }

  /** What the cart will tell the order. */
  async attributes(): Promise<Record<string, string>> {
    const cart = await this.page.evaluate(
      async (address) => await (await fetch(address)).json(),
      `/shops/${this.#domain}/cart.js`,
    );
    return cart.attributes;
  }

  async remembered(): Promise<boolean> {
    return (await this.page.context().cookies()).some(({ name, value }) => name === "upline_ref" && value !== "");
  }

  /** Waits for the code in the cart: the theme's script writes it once it may. */
  async carries(code: string): Promise<void> {
    await this.page.waitForFunction(
      async ([address, wanted]) => (await (await fetch(address ?? "")).json()).attributes._ref_code === wanted,
      [`/shops/${this.#domain}/cart.js`, code],
    );
  }

  async add(handle: string, quantity = 1): Promise<void> {
    await this.visit(`products/${handle}`);
    await this.page.getByLabel("Quantity").fill(String(quantity));
    await this.page.locator("#add").click();
    await this.page.getByText("In your cart").waitFor();
  }

  /** "Buy it now" on the product's page: a checkout without the cart. */
  async buyNow(handle: string): Promise<void> {
    await this.visit(`products/${handle}`);
    await this.page.locator("#buy-now").click();
  }

  async checkOut(): Promise<void> {
    await this.visit("cart");
    await this.page.locator("#to-checkout").click();
  }

  async pay({ discount, later = false }: { discount?: string; later?: boolean } = {}): Promise<Order> {
    if (discount !== undefined) await this.page.getByLabel("Discount code").fill(discount);
    await this.page.locator(later ? "#pay-later" : "#pay").click();
    const id = await this.page.locator("[data-order]").getAttribute("data-order");
    return this.#standin.site.shopOf(this.#domain).orderOf(id ?? "");
  }
}
