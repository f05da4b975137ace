import type { OrderState, PlatformName, Refund, Stage } from "./order.ts";

/**
 * What the hub asks of a platform's connector. Three siblings implement it and pass one battery
 * (`platformContract`); the hub knows nothing else about a platform.
 */
export interface Platform {
  readonly name: PlatformName;
  /** Checks the signature over the raw bytes, before anything is parsed. */
  verify(request: SignedRequest): Verdict;
  /** Turns a stored delivery into what it says. Throws `PayloadError` for a body that cannot be understood. */
  normalise(delivery: StoredDelivery): Normalised;
  /**
   * The shop a body was signed for, read from inside the signed body, where all shops of an app
   * share one address and one secret. Null where the body names none: such a delivery is refused.
   */
  shopOfBody?(body: string, topic: string): string | null;
  /** What a body of the kind `shop` asks to erase; null where it asks for nothing. The topic is a hint: the body's shape decides. */
  redactionOf?(body: string, topic: string): Redaction | null;
  /** The shop's own address where a delivery tells it: a copy of a shop has its keys, but another address. */
  sourceOfBody?(body: string): string | null;
}

/** What a shop asks to erase: a buyer with their orders, or everything that it sent. */
export type Redaction =
  | {
      readonly kind: "buyer";
      readonly email?: string;
      readonly phone?: string;
      readonly customerId?: string;
      readonly orderIds: readonly string[];
    }
  | { readonly kind: "shop" };

export interface SignedRequest {
  /** A header's value by lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly rawBody: Uint8Array;
  /** Every active secret of the store; any one may match. Never empty strings. */
  readonly secrets: readonly string[];
  readonly now: Date;
}

/**
 * `ping` is answered 200 and not stored. `topic` and `deliveryId` are hints from unsigned headers:
 * they may speed things up, they never decide an effect.
 */
export type Verdict =
  | { readonly kind: "signed"; readonly topic: string; readonly deliveryId: string | null }
  | { readonly kind: "ping" }
  | { readonly kind: "refused"; readonly reason: string };

export interface StoredDelivery {
  readonly topic: string;
  readonly body: string;
  readonly settings: StoreSettings;
  /** When it is read: what is dated later than the day after tomorrow is refused. Without it the year 9999 is the end. */
  readonly now?: Date;
}

/** A store's settings that change how its deliveries are read. */
export interface StoreSettings {
  /** Query parameter of referral links; landing pages are searched for it. */
  readonly refParameter: string;
  /** Names of order attributes or meta fields that hold a referral code, best first. */
  readonly refKeys: readonly string[];
  /**
   * What a status of the store's own means for the money, by the status; it goes before what the
   * connector knows of statuses. `chargeback` takes everything back, as `cancelled` does.
   */
  readonly statuses?: Readonly<Record<string, StatusMeaning>>;
  /** Names of fees below zero that are means of payment (a wallet, a gift card): other fees below zero lower the net. */
  readonly paymentFees?: readonly string[];
}

export const STATUS_MEANINGS = ["pending", "earned", "cancelled", "failed", "chargeback"] as const;
export type StatusMeaning = (typeof STATUS_MEANINGS)[number];

/** What a store's settings say of one of its statuses; null where they say nothing. Case, `wc-` and the kind of dash do not matter. */
export function stageOfStatus(settings: StoreSettings, status: string | null | undefined): Stage | null {
  const word = foldStatus(status ?? "");
  const meaning = Object.entries(settings.statuses ?? {}).find(([known]) => foldStatus(known) === word)?.[1];
  if (meaning === undefined) return null;
  return meaning === "pending" || meaning === "earned" ? { kind: meaning } : { kind: "void", reason: meaning };
}

/** Statuses are compared without case, `wc-` and the kind of dash. */
export function foldStatus(status: string): string {
  const word = status
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
  return word.replace(/^wc-/, "");
}

/** Whether a fee below zero is a means of payment by the store's settings. */
export function isPaymentFee(settings: StoreSettings, name: string): boolean {
  const fold = (text: string) => text.normalize("NFKC").trim().toLowerCase();
  return (settings.paymentFees ?? []).some((paymentFee) => fold(paymentFee) === fold(name));
}

export const DEFAULT_STORE_SETTINGS: StoreSettings = {
  refParameter: "ref",
  refKeys: ["_upline_ref_code", "_ref_code", "referral_code", "ref_code", "ref"],
  statuses: {
    chargeback: "chargeback",
    "charged-back": "chargeback",
    "charge-back": "chargeback",
    disputed: "pending",
    "partially-paid": "pending",
  },
  paymentFees: [],
};

/** What a delivery says, once read. */
export type Normalised =
  /** The order's whole state. */
  | { readonly kind: "order"; readonly state: OrderState }
  /** One refund of an order, sent by itself; it counts from whichever delivery arrives first. */
  | { readonly kind: "refund"; readonly orderId: string; readonly refund: Refund }
  /** The order is gone for good on the platform. */
  | { readonly kind: "deleted"; readonly orderId: string }
  /** Something may have changed, but the delivery does not say what: only a question to the platform can tell. */
  | { readonly kind: "hint"; readonly entity: "order" | "product" | "customer" | "coupon"; readonly id: string }
  /** The shop itself: uninstalled, renamed, privacy requests. */
  | { readonly kind: "shop"; readonly event: string }
  /** Nothing to do, and why. */
  | { readonly kind: "ignored"; readonly reason: string };

/** A body that cannot be understood: `path` names the field, the message says what was expected. */
export class PayloadError extends Error {
  override name = "PayloadError";
  readonly path: string;
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}
