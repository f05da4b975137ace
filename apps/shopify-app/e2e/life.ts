import { setTimeout as wait } from "node:timers/promises";
import type { Order } from "../standin/order.ts";
import type { OrderDraft } from "../standin/sell.ts";
import type { Stack } from "../standin/stack.ts";
import { type Booked, booksOf, type Comparison, compare, type HubReader, type Sold } from "./books.ts";

export const DOMAIN = "greenleaf.myshopify.com";
export const OTHER = "northwind.myshopify.com";

/** What was sold in one shop, by which code, and what the hub makes of it. */
export class Life {
  readonly sold: Sold[] = [];
  readonly #stack: Stack;
  readonly #hub: HubReader;
  /** The store at the hub, once it is connected. */
  storeId = "";

  constructor(stack: Stack, hub: HubReader) {
    this.#stack = stack;
    this.#hub = hub;
  }

  get #site() {
    return this.#stack.standin.site;
  }

  sell(draft: OrderDraft, code: string | null): Order {
    const order = this.#site.order(DOMAIN, draft);
    this.note(order, code);
    return order;
  }

  /** An order that somebody bought in the storefront. */
  note(order: Order, code: string | null): void {
    this.sold.push({ order, code });
  }

  books(): Promise<Map<string, Booked>> {
    return booksOf(this.#hub, this.storeId);
  }

  async compared(): Promise<Comparison> {
    return compare(this.sold, await this.books());
  }

  /** Waits until the hub has the same books as the suite; what is left to differ after that is told. */
  async agreed(patienceMs = 120_000): Promise<Comparison> {
    await this.#site.webhooks.settled();
    for (const end = Date.now() + patienceMs; ; await wait(250)) {
      const found = await this.compared();
      if (found.differences.length === 0 || Date.now() > end) return found;
    }
  }

  /** All the ways in which money moves, one after the other, each told by webhooks. */
  async buyAndReturn(): Promise<void> {
    const site = this.#site;
    const shop = site.shopOf(DOMAIN);
    const ref = (value: string) => [{ name: "_ref_code", value }];
    const a = this.sell(
      { lines: [{ variant: "TEA-01", quantity: 2 }, { variant: "SOAP-02" }], attributes: ref("ANNA77"), shipping: "4.90" },
      "ANNA77",
    );
    const b = this.sell(
      {
        lines: [{ variant: "SOAP-02", quantity: 10, properties: ref("CARLA9") }, { variant: "GIFT-50" }],
        tip: "2.00",
        shipping: "4.90",
      },
      "CARLA9",
    );
    const c = this.sell({ lines: [{ variant: "STK-001" }], landingSite: "/?ref=BEN12", paid: false }, "BEN12");
    if (!shop.discounts.find("BEN12")) shop.discounts.create({ title: "Ten", code: "BEN12", value: { fraction: 0.1 } });
    const d = this.sell(
      {
        lines: [{ variant: "TEA-01" }, { variant: "GREENS-30", quantity: 3 }],
        discountCode: "ben12",
        presentment: { currency: "USD", rate: "1.0837" },
        customerId: "7712004455661",
      },
      "BEN12",
    );
    this.sell({ lines: [{ variant: "TEA-01" }] }, null);
    this.sell({ lines: [{ variant: "TEA-01" }], attributes: ref("ANNA77"), test: true }, "ANNA77");
    await site.webhooks.settled();
    const piece = ({ lines }: Order, at: number, quantity: number) => ({ lines: [{ line: lines[at]?.id ?? "", quantity }] });
    site.refund(DOMAIN, a.id, piece(a, 0, 1));
    site.refund(DOMAIN, b.id, { money: "10.00" });
    site.pay(DOMAIN, c.id);
    site.refund(DOMAIN, d.id, piece(d, 1, 2));
    await site.webhooks.settled();
    site.refund(DOMAIN, a.id, { shipping: true });
    site.refund(DOMAIN, d.id, { money: "5.00", pending: true });
    site.edit(DOMAIN, c.id, { add: [{ variant: "SOAP-02", quantity: 2 }] });
    await site.webhooks.settled();
    site.settleRefunds(DOMAIN, d.id);
    site.cancel(DOMAIN, c.id);
  }

  /** The same under bad weather: copies, and the newest first. */
  async buyInBadWeather(): Promise<void> {
    const { webhooks } = this.#site;
    webhooks.setWeather(DOMAIN, { copies: 3, holdUntil: 5 });
    const order = this.sell(
      { lines: [{ variant: "GREENS-90", quantity: 2 }], attributes: [{ name: "_ref_code", value: "ANNA77" }], paid: false },
      "ANNA77",
    );
    this.#site.pay(DOMAIN, order.id);
    this.#site.refund(DOMAIN, order.id, { lines: [{ line: order.lines[0]?.id ?? "", quantity: 1 }] });
    webhooks.setWeather(DOMAIN, { copies: 1, holdUntil: 0 });
    await webhooks.settled();
  }

  /** What happens while nothing arrives; the hub cannot know of it. */
  async buyUnheard(): Promise<void> {
    const { webhooks } = this.#site;
    webhooks.setWeather(DOMAIN, { lose: true });
    const [first] = this.sold;
    if (!first) throw new Error("nothing was sold before");
    const lost = this.sell({ lines: [{ variant: "STK-001" }], attributes: [{ name: "_ref_code", value: "BEN12" }] }, "BEN12");
    this.#site.refund(DOMAIN, lost.id, { money: "9.00" });
    const tea = first.order.lines[0]?.id ?? "";
    this.#site.refund(DOMAIN, first.order.id, { lines: [{ line: tea, quantity: 1 }] });
    webhooks.setWeather(DOMAIN, { lose: false });
  }
}
