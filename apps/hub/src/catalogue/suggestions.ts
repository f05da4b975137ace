import { and, desc, eq, inArray, or } from "drizzle-orm";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { skuMap } from "../db/schema/catalogue.ts";
import { planInForce } from "../plans/publish.ts";
import { MappingHistory, productKey } from "./history.ts";
import { KnownProducts } from "./known-products.ts";
import { listQuarantine, type Mapping, type WaitingProduct } from "./queries.ts";

/**
 * As what a product that waits might be mapped, with the reason: the same SKU elsewhere is the same product, a SKU or name that is
 * alike is a hint for a person. What the products known by one SKU do not agree on is nobody's to suggest.
 */

export type Reason = "same-sku" | "own-sku" | "like-sku" | "like-name";

export interface Suggestion {
  readonly reason: Reason;
  /** The mapping that it is taken from. */
  readonly from: Mapping;
}

type Product = Pick<WaitingProduct, "platform" | "sku" | "variantId" | "name">;

/** Of so many mappings, the newest, names and the beginnings of SKUs are compared: those of a SKU itself are looked up. */
const COMPARED = 5_000;

/** The known products of so many companies are kept. */
const KEPT = 20;

const { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom } = skuMap;
const said = { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom };

interface Kept {
  readonly newestNo: bigint | null;
  /** Until a mapping that is recorded already begins to count: epoch milliseconds. */
  readonly until: number;
  readonly products: KnownProducts;
}

/** Suggests by what is mapped. The products of a company are put in order once, and again when something more is mapped. */
export class Suggestions {
  readonly #db: Database;
  readonly #kept = new Map<number, Kept>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The products of a page of the quarantine that wait for a mapping, each once, with what is suggested for them. */
  async forWaiting(args: { companyId: number; platform?: Mapping["platform"] | undefined; skip: number; limit: number }) {
    const { companyId } = args;
    const now = new Date();
    return asCompany(this.#db, companyId, async (tx) => {
      const listed = await listQuarantine(tx, { ...args, limit: args.limit + 1 });
      const waiting = listed.slice(0, args.limit).filter(({ rateTo }) => rateTo === null);
      const products = [...new Map(waiting.map((row) => [productKey(productOf(row)), row])).values()];
      const skus = [...new Set(products.flatMap(({ sku }) => sku ?? []))];
      const [sameSku, known, plan] = await Promise.all([
        mappedAs(tx, companyId, skus),
        this.#known(tx, companyId, now),
        planInForce(tx, { companyId, at: now }),
      ]);
      const classes = new Set(plan?.commissionClasses.map(({ id }) => id));
      const suggest = suggester({ sameSku: inForce(sameSku, now), known, classes });
      const found = products.flatMap((product) => {
        const suggestion = suggest(product);
        return suggestion === null ? [] : [{ product, suggestion }];
      });
      return { found, hasMore: listed.length > args.limit };
    });
  }

  async #known(tx: Tx, companyId: number, now: Date): Promise<KnownProducts> {
    const own = eq(skuMap.companyId, companyId);
    const newest = desc(skuMap.mappingNo);
    const [last] = await query(tx).select({ no: skuMap.mappingNo }).from(skuMap).where(own).orderBy(newest).limit(1);
    const kept = this.#kept.get(companyId);
    if (kept !== undefined && kept.newestNo === (last?.no ?? null) && now.getTime() < kept.until) return kept.products;
    const rows = await query(tx)
      .select({ no: skuMap.mappingNo, ...said })
      .from(skuMap)
      .where(own)
      .orderBy(newest)
      .limit(COMPARED);
    const begins = rows.map(({ validFrom: from }) => from.getTime()).filter((from) => from > now.getTime());
    const products = new KnownProducts(inForce(rows, now));
    // Whoever was asked for last stays longest.
    this.#kept.delete(companyId);
    this.#kept.set(companyId, { newestNo: rows[0]?.no ?? null, until: Math.min(...begins), products });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return products;
  }
}

/** Mappings of these SKUs, of a shop or the company's own, newest first. */
async function mappedAs(tx: Tx, companyId: number, skus: readonly string[]): Promise<Mapping[]> {
  if (skus.length === 0) return [];
  return query(tx)
    .select({ mappingNo: skuMap.mappingNo, ...said })
    .from(skuMap)
    .where(and(eq(skuMap.companyId, companyId), or(inArray(platformSku, skus), inArray(skuId, skus))))
    .orderBy(desc(skuMap.mappingNo));
}

function productOf({ platform, sku, variantId }: Product) {
  return { platform, platformSku: sku ?? "", variantId };
}

/** Of rows that came newest first, what counts now of each product. */
function inForce(rows: readonly Mapping[], now: Date): Mapping[] {
  const history = new MappingHistory(rows.toReversed());
  const products = new Map(rows.map((row) => [productKey(row), row]));
  return [...products.values()].flatMap((row) => history.inForce(row, now) ?? []);
}

/** Pure. `sameSku` is what counts of each product, newest first; `classes` are those of the plan in force. */
export function suggester({
  sameSku,
  known,
  classes,
}: {
  readonly sameSku: readonly Mapping[];
  readonly known: KnownProducts;
  readonly classes: ReadonlySet<string>;
}): (product: Product) => Suggestion | null {
  return ({ sku, name }) => {
    if (sku !== null) {
      const same = sameSku.filter((row) => row.platformSku === sku);
      const all = same.length > 0 ? same : sameSku.filter((row) => row.skuId === sku);
      const [first] = all;
      if (first !== undefined) {
        const agreed = all.every((row) => contentOf(row) === contentOf(first)) && classes.has(first.commissionClass);
        return agreed ? { reason: same.length > 0 ? "same-sku" : "own-sku", from: first } : null;
      }
      const like = known.likeSku(sku, classes);
      if (like !== null) return { reason: "like-sku", from: like };
    }
    const like = known.likeName(name, classes);
    return like && { reason: "like-name", from: like };
  };
}

/** What has to be agreed on: which product it is, and what it counts as. */
function contentOf({ skuId, commissionClass, pv, qv, cv, retailMargin }: Mapping): string {
  return JSON.stringify([skuId, commissionClass, pv, qv, cv, retailMargin]);
}
