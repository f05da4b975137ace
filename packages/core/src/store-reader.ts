import type { CallOut } from "./call-out.ts";

/**
 * What the hub asks a store by itself, where `Platform` only reads what the store sends: webhooks get lost,
 * and no store's list tells what was deleted. One implementation per platform; all pass one battery
 * (`storeReaderContract`), and whoever uses a reader knows no platform by name. Every method may throw
 * `StoreError`; a store that does not answer never looks like a store whose orders are gone.
 */
export interface StoreReader {
  /** What has to be known of a store before its money is read; also the first use of new credentials. */
  facts(): Promise<StoreFacts>;
  /** All orders changed or created since a time, oldest first, page by page. At least one page, even where there is no order. */
  orders(walk: OrdersWalk): AsyncIterable<OrdersPage>;
  /** What became of one order, with its refunds. */
  order(orderId: string): Promise<FoundOrder>;
  /**
   * Compares what is known with the store, by id: finds the orders that were deleted for good and the refunds
   * that were deleted, which no list tells. Answers those that differ and no others.
   */
  compare(known: Iterable<KnownOrder> | AsyncIterable<KnownOrder>): AsyncIterable<FoundOrder>;
  /** Everything a buyer can put into a cart, page by page. */
  catalogue(): AsyncIterable<readonly CatalogueRow[]>;
  /** Null where the platform has no webhooks that can be registered from outside. */
  readonly webhooks: StoreWebhooks | null;
  /** Discount codes of distributors; missing where the platform's are not made from outside. */
  readonly discounts?: StoreDiscounts;
}

/** Opens a reader. `credentials` is what was stored when access was given; its shape is the platform's own. Throws `TypeError` where it is not. */
export type OpenStoreReader = (access: StoreReaderAccess) => StoreReader;

export interface StoreReaderAccess {
  /** The store's home address. */
  readonly url: string;
  readonly credentials: unknown;
  /** How servers of others are called: a reader opens no connection of its own. */
  readonly callOut: CallOut;
  /** One quick attempt in place of patient ones: somebody waits for the answer. */
  readonly impatient?: boolean;
  /** Ends everything that is under way, for a graceful shutdown. */
  readonly signal?: AbortSignal | undefined;
}

export interface StoreFacts {
  /** Null where the credentials do not reach as far. */
  readonly name: string | null;
  readonly currency: string;
  /** Decimals the store calculates and shows: its amounts have as many. */
  readonly decimals: number;
  /** IANA name; null where the credentials do not reach as far. */
  readonly timeZone: string | null;
  /** Of the platform's software; null where the credentials do not reach as far. */
  readonly version: string | null;
  /** What a person should know, in sentences; empty where all is well. */
  readonly warnings: readonly string[];
}

export interface OrdersWalk {
  /**
   * `changed`: for reconciliation; orders that were thrown away but not deleted for good are among them.
   * `created`: for a first import, which leaves those out.
   */
  readonly by: "changed" | "created";
  /** Of the store's clock; absent is the store's beginning. A reader may begin somewhat earlier, to be sure. */
  readonly since?: Date | undefined;
  /** The cursor of the last page that was stored: goes on after it, whatever `since` says. Throws `TypeError` where it is none of this walk. */
  readonly cursor?: string | null | undefined;
}

export interface OrdersPage {
  readonly found: readonly FoundOrder[];
  /** Storing it after the page's orders are stored makes a walk resumable; what came in the last second of a page may come twice. */
  readonly cursor: string;
  /** Orders read since the walk began, drafts and those of an interrupted run included. */
  readonly done: number;
  /** Orders there were when the walk began; null where nobody knows. */
  readonly total: number | null;
  /** The store's clock when the walk began: the `since` of the next walk by change. */
  readonly startedAt: Date;
}

/** An order as the store has it now: `topic` and `body` are read by the platform's `normalise`, as if the store had sent them. */
export type FoundOrder =
  | { readonly kind: "order"; readonly orderId: string; readonly topic: string; readonly body: string }
  /** Gone for good. */
  | { readonly kind: "deleted"; readonly orderId: string; readonly topic: string; readonly body: string }
  /** A cart that is not ordered yet. */
  | { readonly kind: "draft"; readonly orderId: string }
  /** Too old for these credentials: nobody can tell whether it is there. */
  | { readonly kind: "hidden"; readonly orderId: string };

/** An order as the hub holds it. */
export interface KnownOrder {
  readonly orderId: string;
  /** When its newest state was changed, by the platform's own account. */
  readonly modifiedAt: Date;
  readonly refundIds: readonly string[];
  /** Thrown away on the platform, but not for good. */
  readonly isTrashed: boolean;
}

/** Something a buyer can put into the cart: the row that a SKU map is made of. */
export interface CatalogueRow {
  /** As order lines name it: the variant's id, or the product's where it has none. */
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string | null;
  readonly name: string;
  /** As the store shows it; null where it has no price. */
  readonly price: string | null;
  /** In the platform's own words: publish, draft, private and so on. */
  readonly status: string;
}

/** Registered webhooks: they stop without a word, so that they are looked after with every reconciliation. */
export interface StoreWebhooks {
  /** Brings the store's webhooks to what is wanted, and says what was done. Running it again changes nothing. */
  ensure(wanted: WantedWebhooks): Promise<WebhookOutcome[]>;
  /** Takes away every webhook that delivers to this address, and says how many there were. */
  remove(deliveryUrl: string): Promise<number>;
  /** Why the platform would never call an address, in a sentence for the person who sets it; null where it would. */
  addressProblem(deliveryUrl: string): string | null;
}

export interface WantedWebhooks {
  /** The hub's ingest address of this store; what is delivered elsewhere is left alone. */
  readonly deliveryUrl: string;
  readonly secret: string;
  /** Gives the secret to webhooks that are kept too: not every platform tells which one they have. */
  readonly renewSecret?: boolean;
}

export interface WebhookOutcome {
  readonly topic: string;
  readonly webhookId: string;
  /** `paused`: by a person of the store, which is respected. `removed`: one too many of its topic. */
  readonly outcome: "kept" | "created" | "re-created" | "paused" | "removed";
}

/** Distributors' codes on discounts of the store: one discount, many codes. */
export interface StoreDiscounts {
  /** Makes a discount of so many percent on everything, with a first code; where that code is there already, its discount is answered. */
  create(wanted: {
    readonly title: string;
    readonly percent: number;
    readonly firstCode: string;
  }): Promise<{ discountId: string }>;
  /** Adds codes to a discount, and says of each what is wrong with it. Adding one again says that it is taken. */
  addCodes(wanted: { readonly discountId: string; readonly codes: readonly string[] }): Promise<readonly AddedCode[]>;
  /** The discount that a code belongs to; null where the store has no such code. */
  discountOf(code: string): Promise<string | null>;
}

export interface AddedCode {
  readonly code: string;
  /** Null where it is added. */
  readonly problem: string | null;
}

/** Why a store did not do what it was asked. The message tells what to do, and never holds a key or a body. */
export class StoreError extends Error {
  override name = "StoreError";
  /** `unauthorised`: the credentials; `not-found`: no such thing; `refused`: for good; `unavailable`: ask again later. */
  readonly kind: "unauthorised" | "not-found" | "refused" | "unavailable";
  readonly status: number | null;
  /** The platform's own code, such as `woocommerce_rest_shop_order_invalid_id`. */
  readonly code: string | null;
  constructor(
    kind: StoreError["kind"],
    message: string,
    { status = null, code = null }: { status?: number | null; code?: string | null } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.code = code;
  }
}
