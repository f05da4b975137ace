import { minorOf, ratio } from "./money.ts";
import type { Application } from "./order.ts";

export interface RedeemCode {
  readonly id: string;
  readonly code: string;
  uses: number;
}

export interface Discount {
  readonly id: string;
  readonly title: string;
  /** A fraction in decimal text, such as "0.1", or an amount in minor units. */
  readonly value: { readonly fraction: number } | { readonly minor: bigint };
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly createdAt: Date;
  readonly codes: RedeemCode[];
  active: boolean;
}

/** Codes that are being added: Shopify answers at once and works on them later. */
export interface BulkCreation {
  readonly id: string;
  readonly discount: Discount;
  readonly createdAt: Date;
  readonly codes: readonly string[];
  readonly results: Map<string, RedeemCode | string>;
  /** Questions that are answered "not yet" before the work is done. */
  polls: number;
}

/** What of a shop its discounts need. */
interface Owner {
  readonly currency: string;
  now(): Date;
  newId(): string;
}

export class Discounts {
  readonly all: Discount[] = [];
  readonly creations: BulkCreation[] = [];
  readonly #shop: Owner;

  constructor(shop: Owner) {
    this.#shop = shop;
  }

  create(input: { title: string; value: Discount["value"]; startsAt?: Date; endsAt?: Date | null; code: string }): Discount {
    const now = this.#shop.now();
    const discount: Discount = {
      id: this.#shop.newId(),
      title: input.title,
      value: input.value,
      startsAt: input.startsAt ?? now,
      endsAt: input.endsAt ?? null,
      createdAt: now,
      codes: [],
      active: true,
    };
    this.all.push(discount);
    this.#add(discount, input.code);
    return discount;
  }

  /** Found without minding case, as at checkout. */
  find(code: string): { discount: Discount; redeem: RedeemCode } | null {
    const wanted = code.trim().toLowerCase();
    for (const discount of this.all) {
      const redeem = discount.codes.find((one) => one.code.toLowerCase() === wanted);
      if (redeem) return { discount, redeem };
    }
    return null;
  }

  isValid(discount: Discount): boolean {
    const now = this.#shop.now();
    return discount.active && discount.startsAt <= now && (discount.endsAt === null || discount.endsAt > now);
  }

  startAdding(discount: Discount, codes: readonly string[]): BulkCreation {
    const creation: BulkCreation = {
      id: this.#shop.newId(),
      discount,
      createdAt: this.#shop.now(),
      codes,
      results: new Map(),
      polls: 1,
    };
    this.creations.push(creation);
    return creation;
  }

  /** The state of the work as it is told to whoever asks now. */
  look(creation: BulkCreation): BulkCreation {
    if (creation.polls > 0) creation.polls -= 1;
    else if (creation.results.size === 0) {
      for (const code of creation.codes) {
        creation.results.set(
          code,
          this.find(code) ? "Code must be unique. Please try a different code." : this.#add(creation.discount, code),
        );
      }
    }
    return creation;
  }

  delete(discount: Discount, ids: readonly string[]): void {
    const gone = new Set(ids);
    discount.codes.splice(0, discount.codes.length, ...discount.codes.filter(({ id }) => !gone.has(id)));
  }

  /** How the order names the discount, and what each line gets of it; cents that do not divide go to the last line. */
  apply(discount: Discount, code: string, goods: readonly bigint[]): { application: Application; shares: bigint[] } {
    const sum = goods.reduce((total, amount) => total + amount, 0n);
    const { value } = discount;
    const points = "fraction" in value ? BigInt(Math.round(value.fraction * 10_000)) : 0n;
    const wanted = "minor" in value ? value.minor : ratio(sum, points, 10_000n);
    let off = sum;
    if (wanted < sum) off = wanted;
    let left = off;
    const shares = goods.map((amount, index) => {
      const share = index === goods.length - 1 || sum === 0n ? left : (off * amount) / sum;
      left -= share;
      return share;
    });
    const named: Application["value"] = "minor" in value ? value : { percent: (Number(points) / 100).toFixed(1) };
    return { application: { type: "discount_code", name: code, value: named }, shares };
  }

  valueOf(value: { percentage?: number | null; discountAmount?: { amount?: string | number | null } | null }): Discount["value"] {
    const amount = value.discountAmount?.amount;
    if (amount != null) return { minor: minorOf(String(amount), this.#shop.currency) };
    return { fraction: value.percentage ?? 0 };
  }

  #add(discount: Discount, code: string): RedeemCode {
    const redeem = { id: this.#shop.newId(), code, uses: 0 };
    discount.codes.push(redeem);
    return redeem;
  }
}
