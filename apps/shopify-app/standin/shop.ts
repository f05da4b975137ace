import { Discounts } from "./discounts.ts";
import { minorOf, type Presentment } from "./money.ts";
import type { Order, Product, Variant } from "./order.ts";
import { wholeSeconds } from "./wire.ts";

export interface ShopSettings {
  /** The part before `.myshopify.com`. */
  readonly handle: string;
  readonly name: string;
  readonly currency?: string;
  readonly timeZone?: string;
  readonly taxesIncluded?: boolean;
  /** Basis points on all goods and on shipping. */
  readonly taxRate?: number;
  readonly products?: readonly ProductSettings[];
}

export interface ProductSettings {
  readonly title: string;
  readonly variants: readonly {
    readonly sku: string;
    readonly price: string;
    readonly title?: string;
    readonly giftCard?: boolean;
  }[];
}

/** When the stand-in says that something happens; tests may set it forward. */
export class Clock {
  #aheadMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  advance(seconds: number): void {
    this.#aheadMs += seconds * 1000;
  }

  reset(): void {
    this.#aheadMs = 0;
  }
}

export interface Metafield {
  readonly id: string;
  readonly ownerId: string;
  readonly namespace: string;
  readonly key: string;
  readonly type: string;
  readonly value: string;
}

/** One shop with everything that Shopify keeps of it. */
export class Shop {
  readonly domain: string;
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly taxesIncluded: boolean;
  readonly taxRate: number;
  readonly createdAt: Date;
  readonly clock: Clock;
  readonly products: Product[] = [];
  /** The newest state of each order, by id; a deleted order is gone. */
  readonly orders = new Map<string, Order>();
  readonly discounts: Discounts;
  readonly metafields: Metafield[] = [];
  webPixel: { readonly id: string; settings: unknown } | null = null;
  /** The plan of the app that the merchant chose on Shopify's page. */
  plan: string | null = null;
  #ids = 0n;
  #orderNumber = 1000;

  constructor(settings: ShopSettings, index: number, clock: Clock) {
    this.clock = clock;
    this.domain = `${settings.handle}.myshopify.com`;
    this.id = String(61_230_998_744 + index);
    this.name = settings.name;
    this.currency = settings.currency ?? "USD";
    this.timeZone = settings.timeZone ?? "America/New_York";
    this.taxesIncluded = settings.taxesIncluded ?? false;
    this.taxRate = settings.taxRate ?? 0;
    this.createdAt = wholeSeconds(new Date(clock.now().getTime() - 300 * 86_400_000));
    this.#ids = BigInt(index) * 1_000_000n;
    this.discounts = new Discounts(this);
    for (const product of settings.products ?? []) this.addProduct(product);
  }

  now(): Date {
    return wholeSeconds(this.clock.now());
  }

  /** Ids of orders exceed 2^53, so that whoever reads them as a double is found out. */
  newId(kind: "order" | "other" = "other"): string {
    this.#ids += 1n;
    return String((kind === "order" ? 9_007_199_254_741_001n * 2n : 7_700_000_000n) + this.#ids);
  }

  newOrderNumber(): number {
    this.#orderNumber += 1;
    return this.#orderNumber;
  }

  statusUrl(order: Order): string {
    return `https://${this.domain}/${this.id}/orders/${order.id.padStart(32, "0")}/authenticate?key=0000000000000000`;
  }

  addProduct(settings: ProductSettings): Product {
    const id = this.newId();
    const at = this.createdAt;
    const variants: Variant[] = settings.variants.map((variant) => ({
      id: this.newId(),
      productId: id,
      sku: variant.sku,
      title: variant.title ?? "Default Title",
      price: minorOf(variant.price, this.currency),
      giftCard: variant.giftCard ?? false,
      createdAt: at,
      updatedAt: at,
    }));
    const handle = settings.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    const product = { id, title: settings.title, handle, vendor: this.name, variants, createdAt: at, updatedAt: at };
    this.products.push(product);
    return product;
  }

  get variants(): Variant[] {
    return this.products.flatMap(({ variants }) => variants);
  }

  variantOf(idOrSku: string): Variant {
    const found = this.variants.find(({ id, sku }) => id === idOrSku || sku === idOrSku);
    if (!found) throw new Error(`${this.domain} sells no variant "${idOrSku}"`);
    return found;
  }

  productOf(id: string): Product {
    const found = this.products.find((product) => product.id === id);
    if (!found) throw new Error(`${this.domain} has no product ${id}`);
    return found;
  }

  orderOf(id: string): Order {
    const found = this.orders.get(id);
    if (!found) throw new Error(`${this.domain} has no order ${id}`);
    return found;
  }

  get ownMoney(): Presentment {
    return { currency: this.currency, rate: "1" };
  }
}
