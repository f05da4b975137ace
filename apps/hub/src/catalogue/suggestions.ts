import { and, desc, eq, inArray, or } from "drizzle-orm";
import { asCompany, type Database } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { skuMap } from "../db/schema/catalogue.ts";
import { planInForce } from "../plans/publish.ts";
import { MappingHistory, productKey } from "./history.ts";
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

/** How alike two names have to be: twice the words that they share, of all the words of both. */
const ALIKE = 0.6;

const { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom } = skuMap;
const said = { skuId, platform, platformSku, variantId, name, category, commissionClass, pv, qv, cv, retailMargin, validFrom };

/** The products of a page of the quarantine that wait for a mapping, each once, with what is suggested for them. */
export async function suggestForWaiting(
  db: Database,
  args: { companyId: number; platform?: Mapping["platform"] | undefined; skip: number; limit: number },
) {
  const { companyId } = args;
  const now = new Date();
  return asCompany(db, companyId, async (tx) => {
    const listed = await listQuarantine(tx, { ...args, limit: args.limit + 1 });
    const waiting = listed.slice(0, args.limit).filter(({ rateTo }) => rateTo === null);
    const products = [...new Map(waiting.map((row) => [productKey(productOf(row)), row])).values()];
    const skus = [...new Set(products.flatMap(({ sku }) => sku ?? []))];
    const mappings = query(tx)
      .select({ mappingNo: skuMap.mappingNo, ...said })
      .from(skuMap)
      .orderBy(desc(skuMap.mappingNo));
    const own = eq(skuMap.companyId, companyId);
    const sameSku = skus.length === 0 ? [] : await mappings.where(and(own, or(inArray(platformSku, skus), inArray(skuId, skus))));
    const newest = await query(tx).select(said).from(skuMap).where(own).orderBy(desc(skuMap.mappingNo)).limit(COMPARED);
    const plan = await planInForce(tx, { companyId, at: now });
    const classes = new Set(plan?.commissionClasses.map(({ id }) => id));
    const suggest = suggester({ sameSku: inForce(sameSku, now), newest: inForce(newest, now), classes });
    const found = products.flatMap((product) => {
      const suggestion = suggest(product);
      return suggestion === null ? [] : [{ product, suggestion }];
    });
    return { found, hasMore: listed.length > args.limit };
  });
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

/** Pure. `sameSku` and `newest` are what counts of each product, newest first; `classes` are those of the plan in force. */
export function suggester({
  sameSku,
  newest,
  classes,
}: {
  readonly sameSku: readonly Mapping[];
  readonly newest: readonly Mapping[];
  readonly classes: ReadonlySet<string>;
}): (product: Product) => Suggestion | null {
  const known = newest.filter((row) => classes.has(row.commissionClass)).map((row) => ({ row, words: wordsOf(row.name) }));
  return (product) => {
    const { sku } = product;
    if (sku !== null) {
      const same = sameSku.filter((row) => row.platformSku === sku);
      const all = same.length > 0 ? same : sameSku.filter((row) => row.skuId === sku);
      const [first] = all;
      if (first !== undefined) {
        const agreed = all.every((row) => contentOf(row) === contentOf(first)) && classes.has(first.commissionClass);
        return agreed ? { reason: same.length > 0 ? "same-sku" : "own-sku", from: first } : null;
      }
      const longest = known
        .filter(({ row }) => begins(sku, row.platformSku))
        .reduce<Mapping | null>(
          (best, { row }) => (best && best.platformSku.length >= row.platformSku.length ? best : row),
          null,
        );
      if (longest !== null) return { reason: "like-sku", from: longest };
    }
    return likeName(wordsOf(product.name), known);
  };
}

/** Whether a SKU is another one with something behind it, such as SLP-50-2 and SLP-50. */
function begins(sku: string, known: string): boolean {
  return known.length >= 3 && sku.startsWith(known) && /^[-_./ ]/.test(sku.slice(known.length));
}

function likeName(words: ReadonlySet<string>, known: readonly { row: Mapping; words: ReadonlySet<string> }[]): Suggestion | null {
  let best: { row: Mapping; alike: number } | null = null;
  for (const { row, words: others } of known) {
    let shared = 0;
    for (const word of words) if (others.has(word)) shared++;
    const alike = (2 * shared) / (words.size + others.size);
    if (alike >= ALIKE && (best === null || alike > best.alike)) best = { row, alike };
  }
  return best === null ? null : { reason: "like-name", from: best.row };
}

function wordsOf(name: string): ReadonlySet<string> {
  return new Set(name.toLowerCase().match(/[\p{L}\p{N}]+/gu));
}

/** What has to be agreed on: which product it is, and what it counts as. */
function contentOf({ skuId, commissionClass, pv, qv, cv, retailMargin }: Mapping): string {
  return JSON.stringify([skuId, commissionClass, pv, qv, cv, retailMargin]);
}
