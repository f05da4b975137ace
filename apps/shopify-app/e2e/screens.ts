import type { FrameLocator, Page } from "playwright-core";
import type { Stack } from "../standin/stack.ts";
import type { Person } from "./browser.ts";
import { demand, same } from "./judge.ts";
import { Keys } from "./keys.ts";
import { DOMAIN } from "./life.ts";

/** The embedded app as whoever runs the shop uses it: in the admin's frame, by what the screens say. */
export class Screens {
  readonly page: Page;
  readonly #stack: Stack;
  readonly #domain: string;
  /** The shop's page in the admin. */
  readonly #admin: string;

  constructor({ page }: Person, stack: Stack, domain = DOMAIN) {
    this.page = page;
    this.#stack = stack;
    this.#domain = domain;
    this.#admin = `${stack.standin.url}/admin/${domain.replace(".myshopify.com", "")}`;
  }

  get app(): FrameLocator {
    return this.page.frameLocator("iframe[name=app-iframe]");
  }

  async open(path = "/app"): Promise<void> {
    await this.page.goto(`${this.#admin}/app${path}`);
    await this.app.locator("h1, h2").first().waitFor();
  }

  async install(): Promise<void> {
    await this.page.goto(this.#admin);
    await this.page.locator("#install").click();
    await this.app.locator("h1, h2").first().waitFor();
  }

  async uninstall(): Promise<void> {
    await this.page.goto(this.#admin);
    // As a person would: a page that is still being loaded asks for a token that the shop no longer gives.
    await this.app.getByRole("heading").first().waitFor();
    // An aid and no check: on a machine with other work something may be loading for long.
    await this.page.waitForLoadState("networkidle", { timeout: 20_000 }).catch(() => {});
    await this.page.getByRole("button", { name: "Uninstall the app" }).click();
    await this.page.locator("#install").waitFor();
  }

  /** A shop without a plan comes to nothing but the way to Shopify's page of plans; there the merchant chooses one. */
  async choosePlan(plan: string): Promise<void> {
    const shop = this.#stack.standin.site.shopOf(this.#domain);
    const way = this.app.getByRole("link", { name: /^See the plans/ });
    const address = `https://admin.shopify.com/store/${this.#domain.split(".", 1)[0]}/charges/upline/pricing_plans`;
    same(await way.getAttribute("href"), address, "where plans are chosen");
    await this.open("/app/orders");
    await way.waitFor();
    shop.plan = plan;
    await this.open("/app/plan");
    await this.shows("Connect this shop");
  }

  async connect(code: string): Promise<void> {
    await this.app.getByLabel("Connection code").fill(code);
    await this.app.getByRole("button", { name: "Connect", exact: true }).click();
  }

  async create(company: string): Promise<void> {
    await this.app.getByLabel("Name of the company").fill(company);
    await this.app.getByRole("button", { name: "Create company" }).click();
    await this.app.getByText(`Connected to ${company}`).waitFor();
  }

  /** Everything that waits, at once, and by the keyboard alone. */
  async mapAll(products: number): Promise<void> {
    await this.open("/app/products");
    const keys = new Keys(this.page, this.app);
    await keys.to(this.app.getByLabel("Select all"));
    await keys.press("Space");
    const bulk = this.app.getByRole("group", { name: "For all selected" });
    await keys.to(bulk.getByLabel("Class"));
    await keys.type("Standard");
    await keys.to(bulk.getByLabel("Volume per unit, or share of the net"));
    await keys.type("100%");
    await keys.to(bulk.getByRole("button", { name: `Map ${products} products` }));
    await keys.press("Enter");
    await this.app.getByText("No product waits").waitFor();
  }

  /** Opens the order from the list of orders as soon as the list has it. */
  async openOrder(name: string): Promise<void> {
    const link = this.app.getByRole("link", { name: name, exact: true });
    if (!this.page.url().endsWith("/app/orders")) await this.open("/app/orders");
    // The menu's link asks for the list again, as people do who wait for an order.
    for (let tries = 0; tries < 60 && (await link.count()) === 0; tries += 1) {
      await this.page.getByRole("button", { name: "Orders", exact: true }).click();
      await link.waitFor({ timeout: 2500 }).catch(() => {});
    }
    demand((await link.count()) > 0, `the list of orders shows no ${name}`);
    await link.first().click();
    await this.app.getByText(`Order ${name}`).first().waitFor();
  }

  async text(): Promise<string> {
    return (await this.app.locator("body").textContent()) ?? "";
  }

  async shows(...sentences: readonly string[]): Promise<void> {
    for (const sentence of sentences) await this.app.getByText(sentence).first().waitFor();
  }

  async reconcile(): Promise<void> {
    await this.open("/app/health");
    await this.app.getByRole("button", { name: "Reconcile now" }).click();
    await this.page.getByText(/comparison is under way/).waitFor();
  }

  /** One discount of the shop with a code of this distributor; Shopify asks for the permission first. */
  async makeDiscountCode(code: string): Promise<void> {
    await this.#findDistributor(code);
    const make = this.app.getByRole("button", { name: "Make a code for the one shown" });
    await make.click();
    await this.page.getByRole("button", { name: "Grant access" }).click();
    const { site } = this.#stack.standin;
    for (let tries = 0; !site.scopesOf(DOMAIN).granted.includes("write_discounts"); tries += 1) {
      demand(tries < 1000, "the scope was not granted");
      await this.page.waitForTimeout(100);
    }
    await site.webhooks.settled();
    await this.#findDistributor(code);
    await make.click();
    await this.page.getByText(/Shopify is adding/).waitFor();
  }

  async #findDistributor(code: string): Promise<void> {
    const found = this.app.getByText("Make a code for the one shown");
    // What is typed before the page is alive is lost: then it is typed once more.
    for (let tries = 0; tries < 30 && (await found.count()) === 0; tries += 1) {
      await this.open("/app/distributors");
      const find = this.app.getByLabel("Find by code");
      await find.fill(code);
      await find.press("Enter");
      await found.waitFor({ timeout: 4000 }).catch(() => {});
    }
    await found.waitFor();
  }
}
