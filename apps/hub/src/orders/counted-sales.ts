import type { Plan } from "@upline/core";
import type { OrderKey } from "./writes.ts";

/**
 * Which sale of a sponsor's recruits an order is, for pass-ups that count sales: by the time of placing and then by the shop's own
 * number, void orders left out. As with first orders the answer depends on what is known and never on the order in which it
 * came; where an older sale comes, or one becomes void, those behind it are decided again. Pure.
 */

/** All classes together. */
export const ALL_CLASSES = "*";

/** What sales are counted of. */
export interface SaleScope {
  readonly sponsorNo: number;
  readonly planId: string;
  readonly commissionClass: string;
}

/** An order of the batch as a sale, in each of its scopes. */
export interface Sale extends OrderKey {
  readonly placedAt: number;
  readonly tie: string;
  readonly counts: boolean;
  readonly scopes: readonly SaleScope[];
  /** Where it was a sale before and is none now. */
  readonly left: readonly SaleScope[];
  /** One more than the highest number that its plan asks for: from there on all are alike. */
  readonly most: number;
}

/** One of the oldest stored sales of a scope. */
export interface StoredSale extends SaleScope, OrderKey {
  readonly placedAt: number;
  readonly tie: string;
  readonly number: number;
}

/** The numbers of sales once the batch is written. */
export class SaleNumbers {
  /** By scope, the sales that count, the oldest first. */
  readonly #counting = new Map<string, { readonly placedAt: number; readonly tie: string }[]>();
  readonly #stored: readonly StoredSale[];
  readonly #batch: ReadonlySet<string>;
  readonly #most: number;

  constructor(stored: readonly StoredSale[], batch: readonly Sale[]) {
    this.#stored = stored;
    this.#batch = new Set(batch.map(keyOf));
    this.#most = Math.max(1, ...batch.map(({ most }) => most));
    for (const sale of stored) if (!this.#batch.has(keyOf(sale))) this.#add(sale, sale);
    for (const sale of batch) if (sale.counts) for (const scope of sale.scopes) this.#add(scope, sale);
    for (const sales of this.#counting.values()) sales.sort(compare);
  }

  #add(scope: SaleScope, { placedAt, tie }: { placedAt: number; tie: string }): void {
    const key = scopeKey(scope);
    const sales = this.#counting.get(key) ?? [];
    this.#counting.set(key, sales);
    sales.push({ placedAt, tie });
  }

  /** From 1; a void order has the number that it would have. */
  numberIn(scope: SaleScope, sale: { readonly placedAt: number; readonly tie: string; readonly most: number }): number {
    const before = (this.#counting.get(scopeKey(scope)) ?? []).filter((other) => compare(other, sale) < 0).length;
    return Math.min(before + 1, sale.most);
  }

  numbersOf(sale: Sale): Record<string, number> {
    return Object.fromEntries(sale.scopes.map((scope) => [scope.commissionClass, this.numberIn(scope, sale)]));
  }

  /** Stored sales outside of the batch whose number changes with it. */
  touched(): OrderKey[] {
    const touched = new Map<string, OrderKey>();
    for (const sale of this.#stored) {
      const { storeId, platformOrderId } = sale;
      const isOther = !this.#batch.has(keyOf(sale));
      if (isOther && this.numberIn(sale, { ...sale, most: this.#most }) !== Math.min(sale.number, this.#most))
        touched.set(keyOf(sale), { storeId, platformOrderId });
    }
    return [...touched.values()];
  }
}

/** How many stored sales of a scope must be looked at: each order of the batch may go or come before them. */
export function saleDepth(batch: readonly Pick<Sale, "most">[]): number {
  return batch.length + Math.max(1, ...batch.map(({ most }) => most));
}

/** The most that pass-ups of a plan count of sales, and one more; null where it counts none. */
export function mostSales(plan: Plan): number | null {
  const before = mostOf.get(plan);
  if (before !== undefined) return before;
  const most = readMost(plan);
  mostOf.set(plan, most);
  return most;
}

/** A plan never changes, and this is on every order's way. */
const mostOf = new WeakMap<Plan, number | null>();

function readMost(plan: Plan): number | null {
  const counts = plan.bonuses.flatMap((bonus) => (bonus.kind === "pass-up" && bonus.counts === "sales" ? [bonus.count] : []));
  return counts.length === 0 ? null : 1 + Math.max(...counts);
}

export const scopeKey = ({ sponsorNo, planId, commissionClass }: SaleScope): string =>
  JSON.stringify([sponsorNo, planId, commissionClass]);

const keyOf = ({ storeId, platformOrderId }: OrderKey) => `${storeId} ${platformOrderId}`;

/** By bytes, as the database sorts them. */
function compare(a: { placedAt: number; tie: string }, b: { placedAt: number; tie: string }): number {
  return a.placedAt - b.placedAt || Buffer.compare(Buffer.from(a.tie), Buffer.from(b.tie));
}
