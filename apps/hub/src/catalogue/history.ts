import { readDate } from "../row-errors.ts";
import type { Mapping } from "./queries.ts";
import { type PlainSku, plainSku, type SkuImport } from "./rows.ts";

/** What is recorded of each product, in the order it was recorded: what counts at a date, and whether a row only repeats it. */
export class MappingHistory {
  readonly #byProduct = new Map<string, Mapping[]>();

  constructor(stored: readonly Mapping[]) {
    for (const row of stored) this.add(row);
  }

  add(row: Mapping): void {
    const rows = this.#byProduct.get(productKey(row));
    if (rows) rows.push(row);
    else this.#byProduct.set(productKey(row), [row]);
  }

  has(product: Product): boolean {
    return this.#byProduct.has(productKey(product));
  }

  /** Of several of one date the one recorded last counts. */
  inForce(product: Product, at: Date): Mapping | null {
    const rows = this.#byProduct.get(productKey(product)) ?? [];
    return rows.reduce<Mapping | null>((best, row) => {
      if (row.validFrom > at) return best;
      return best === null || row.validFrom >= best.validFrom ? row : best;
    }, null);
  }

  /**
   * The rows that say something. Left out is what repeats the record: all that a file says of one product from one date on, where
   * each row is recorded with that date and what counts is among them. An export names what was replaced as well, and what
   * it says was right when it was recorded, whatever the plan is by now.
   */
  newsOf(rows: readonly SkuImport[]): SkuImport[] {
    const groups = Map.groupBy(rows, (row) => {
      const date = row.validFrom === undefined ? null : readDate(row.validFrom);
      return date === null ? null : `${productKey(plainSku(row))} ${date.getTime()}`;
    });
    const repeated = new Set<SkuImport>();
    for (const [key, group] of groups) if (key !== null && this.#isRecorded(group)) for (const row of group) repeated.add(row);
    return rows.filter((row) => !repeated.has(row));
  }

  #isRecorded(group: readonly SkuImport[]): boolean {
    const [first] = group;
    const date = readDate(first?.validFrom ?? "");
    if (first === undefined || date === null) return false;
    const product = plainSku(first);
    const recorded = (this.#byProduct.get(productKey(product)) ?? []).filter((row) => row.validFrom.getTime() === date.getTime());
    const counts = recorded.at(-1);
    const said = group.map((row) => contentOf(plainSku(row)));
    const known = new Set(recorded.map(contentOf));
    return counts !== undefined && said.includes(contentOf(counts)) && said.every((content) => known.has(content));
  }
}

type Product = Pick<PlainSku, "platformSku" | "variantId"> & { readonly platform: string };

/** What a mapping is of: a platform's SKU, variant or both. */
export function productKey({ platform, platformSku, variantId }: Product): string {
  return JSON.stringify([platform, platformSku, variantId]);
}

/** What a mapping says, but for its date. */
export function contentOf(row: PlainSku): string {
  const { skuId, name, category, commissionClass, pv, qv, cv, retailMargin } = row;
  return JSON.stringify([skuId, name, category, commissionClass, pv, qv, cv, retailMargin]);
}
