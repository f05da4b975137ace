import { type AddedCode, foldCode, type StoreDiscounts, StoreError } from "@upline/core";
import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { storeDiscountCodes } from "../db/schema/apps.ts";
import { distributors, referralCodes } from "../db/schema/network.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { needReadableStore, readerOf } from "./access.ts";
import type { StoreKey } from "./queries.ts";

/** Distributors' codes as discount codes of a shop: whose a code is, is the network's to say; here is where it was added. */

export const MOST_CODES = 250;

export interface WantedCodes extends StoreKey {
  readonly codes: readonly string[];
  /** The shop's discount that they are added to; the one that earlier codes went to where absent. */
  readonly discountId?: string | undefined;
  /** A discount that is made where the shop has none yet: so many percent off everything. */
  readonly create?: { readonly title: string; readonly percent: number } | undefined;
  readonly actor: string;
}

export interface CodesAdded {
  readonly discountId: string;
  readonly codes: readonly AddedCode[];
}

/** Adds referral codes of distributors to a discount of the shop. A code that is there already is kept as added. Throws HubError. */
export async function addDiscountCodes(parts: Pick<HubParts, "db" | "box" | "env">, args: WantedCodes): Promise<CodesAdded> {
  const { companyId, storeId, actor } = args;
  const codes = await asCompany(parts.db, companyId, (tx) => needOwned(tx, companyId, args.codes));
  const store = await needReadableStore(parts, args);
  const { discounts } = readerOf(parts, store);
  if (discounts === undefined)
    throw new HubError(
      "unprocessable",
      `Discount codes of ${store.platform} stores are made in the shop: the hub cannot add them.`,
    );
  try {
    const discountId = await discountFor(parts, discounts, { ...args, codes });
    const told = await discounts.addCodes({ discountId, codes });
    const added = await Promise.all(told.map((one) => settled(discounts, one, discountId)));
    await asCompany(parts.db, companyId, async (tx) => {
      await keep(tx, { companyId, storeId }, discountId, added);
      const details = {
        discount: discountId,
        added: added.filter(({ problem }) => problem === null).length,
        asked: codes.length,
      };
      await insertAudit(tx, { companyId, actor, act: "store.discount-codes", subject: storeId, details });
    });
    return { discountId, codes: added };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new HubError(error.kind === "unavailable" ? "unavailable" : "unprocessable", error.message, { cause: error });
  }
}

/** What the shop calls taken is added all the same where this very discount has it. */
async function settled(discounts: StoreDiscounts, one: AddedCode, discountId: string): Promise<AddedCode> {
  return one.problem !== null && (await discounts.discountOf(one.code)) === discountId ? { ...one, problem: null } : one;
}

async function discountFor(
  { db }: Pick<HubParts, "db">,
  discounts: StoreDiscounts,
  { companyId, storeId, discountId, create, codes }: WantedCodes,
): Promise<string> {
  if (discountId !== undefined) return discountId;
  const [known] = await asCompany(db, companyId, (tx) => listDiscountCodes(tx, { companyId, storeId, after: "", limit: 1 }));
  if (known !== undefined) return known.discountId;
  if (create === undefined)
    throw refused("create", "says the title and the percent of a discount to make: the shop has none of distributors yet");
  return (await discounts.create({ ...create, firstCode: codes[0] ?? "" })).discountId;
}

/** The codes as the network writes them. Throws HubError where one is nobody's: an order with it would be nobody's too. */
async function needOwned(tx: Tx, companyId: number, codes: readonly string[]): Promise<string[]> {
  const folded = [...new Set(codes.map(foldCode))];
  const { code, foldedCode } = referralCodes;
  const rows = await query(tx)
    .select({ code, foldedCode })
    .from(referralCodes)
    .where(and(eq(referralCodes.companyId, companyId), inArray(foldedCode, folded)));
  const known = new Map(rows.map((row) => [row.foldedCode, row.code]));
  const missing = folded.findIndex((one) => !known.has(one));
  if (missing >= 0)
    throw refused(`codes.${missing}`, `"${folded[missing]}" is no distributor's referral code: add it to its distributor first`);
  return folded.map((one) => known.get(one) ?? one);
}

async function keep(tx: Tx, { companyId, storeId }: StoreKey, discountId: string, added: readonly AddedCode[]): Promise<void> {
  const rows = added.flatMap(({ code, problem }) =>
    problem === null ? [{ companyId, storeId, foldedCode: foldCode(code), discountId }] : [],
  );
  if (rows.length > 0) await query(tx).insert(storeDiscountCodes).values(rows).onConflictDoNothing();
}

/** Codes that were added to a store's discounts, in their order, with the distributor whose they are. */
export function listDiscountCodes(tx: Tx, args: StoreKey & { readonly after: string; readonly limit: number }) {
  const { companyId, storeId, foldedCode, discountId, addedAt } = storeDiscountCodes;
  return query(tx)
    .select({ code: referralCodes.code, foldedCode, discountId, addedAt, distributorId: distributors.distributorId })
    .from(storeDiscountCodes)
    .innerJoin(referralCodes, and(eq(referralCodes.companyId, companyId), eq(referralCodes.foldedCode, foldedCode)))
    .innerJoin(
      distributors,
      and(eq(distributors.companyId, companyId), eq(distributors.distributorNo, referralCodes.distributorNo)),
    )
    .where(and(eq(companyId, args.companyId), eq(storeId, args.storeId), gt(foldedCode, args.after)))
    .orderBy(asc(foldedCode))
    .limit(args.limit);
}
