import { foldCode } from "@upline/core";
import { and, eq, inArray, sql } from "drizzle-orm";
import { asCompany, type Database, sqlState, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { orders } from "../db/schema/orders.ts";
import { stores } from "../db/schema/stores.ts";

/** Finds orders, distributors, codes and products by the beginning of what was typed, or by any part of it from three letters on. */

const EACH = 8;
/** A part that half of everybody has is looked for so long, and then what was found by its beginning has to do. */
const PATIENCE_MS = 150;
const SHORTEST_FRAGMENT = 3;

export interface Found {
  readonly kind: "order" | "distributor" | "code" | "sku";
  /** What its own route takes: an order's number, a distributor's id (a code's too), a SKU. */
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

export interface FoundAll {
  readonly found: readonly Found[];
  /** Whether looking was given up for being too long: more letters find more. */
  readonly isPartial: boolean;
}

/** `names`: whether the caller may read distributors' names; whoever may not does not find them by their names either. */
export async function findAll(
  db: Pick<Database, "app">,
  args: { readonly companyId: number; readonly text: string; readonly names: boolean },
): Promise<FoundAll> {
  const { companyId, names } = args;
  const text = args.text.normalize("NFKC").trim();
  const wanted = { companyId, text, names, beginning: `${escaped(text)}%`, part: `%${escaped(text.toLowerCase())}%` };
  return asCompany(db, companyId, async (tx) => {
    const beginnings = await byBeginning(tx, wanted);
    if (text.length < SHORTEST_FRAGMENT) return { found: beginnings, isPartial: false };
    const parts = await tx
      .savepoint(async (inner) => {
        await inner`select set_config('statement_timeout', ${String(PATIENCE_MS)}, true)`;
        return byPart(inner, wanted);
      })
      .catch((error: unknown) => {
        if (sqlState(error) !== "57014") throw error;
        return null;
      });
    const known = new Set(beginnings.map(keyOf));
    const found = [...beginnings, ...(parts ?? []).filter((each) => !known.has(keyOf(each)))];
    return { found, isPartial: parts === null };
  });
}

interface Wanted {
  readonly companyId: number;
  readonly text: string;
  readonly names: boolean;
  readonly beginning: string;
  readonly part: string;
}

const keyOf = ({ kind, id, title }: Found) => `${kind} ${id} ${title}`;
const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");

const shown = { kind: sql<Found["kind"]>`kind`, id: sql<string>`id`, title: sql<string>`title`, detail: sql<string>`detail` };

async function byBeginning(tx: Tx, { companyId, text, beginning, names }: Wanted): Promise<Found[]> {
  const folded = `${escaped(foldCode(text))}%`;
  const begun = await query(tx).select(shown).from(sql`found_by_beginning(${beginning}, ${folded}, ${names}, ${EACH})`);
  const own = query(tx).select({ storeId: stores.storeId }).from(stores).where(eq(stores.companyId, companyId));
  const { orderNo, orderName, platform, stage, platformOrderId, storeId } = orders;
  const exact = await query(tx)
    .select({ orderNo, orderName, platform, stage })
    .from(orders)
    .where(and(eq(orders.companyId, companyId), inArray(storeId, own), eq(platformOrderId, text)))
    .limit(EACH);
  const numbered = exact.map((row) => ({
    ...{ kind: "order" as const, id: String(row.orderNo), title: row.orderName, detail: `${row.platform} ${row.stage}` },
  }));
  return once([...begun, ...numbered]);
}

async function byPart(tx: Tx, { part, names }: Wanted): Promise<Found[]> {
  return once(await query(tx).select(shown).from(sql`found_by_part(${part}, ${names}, ${EACH})`));
}

/** Each once, in the order they were found. */
function once(rows: readonly Found[]): Found[] {
  return [...new Map(rows.map((each) => [keyOf(each), each])).values()];
}
