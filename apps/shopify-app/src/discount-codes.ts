import { eq } from "drizzle-orm";
import { z } from "zod";
import { type AdminParts, AdminProblem, askAdmin } from "./admin-api.ts";
import type { Database } from "./database.ts";
import { type ShopRow, shops } from "./schema.ts";

/**
 * Distributors' discount codes: one discount of the shop with a code for each distributor, which is their referral code.
 * An order that used one says so itself, whichever way it was placed. Which distributor owns it is the hub's to decide.
 */

export interface DiscountParts extends AdminParts {
  readonly db: Database;
}

export interface DistributorDiscount {
  readonly discountId: string;
  readonly title: string;
  readonly status: string;
  /** As 0.1 for 10 %; null where the merchant made it an amount. */
  readonly percentage: number | null;
  readonly codesCount: number;
  /** The first of them, as they are written in the shop. */
  readonly codes: readonly string[];
}

const MOST_CODES = 250;

const READ_DISCOUNT_DOCUMENT = `query UplineDiscount($id: ID!) {
  codeDiscountNode(id: $id) {
    id
    codeDiscount {
      ... on DiscountCodeBasic {
        title
        status
        codesCount { count }
        codes(first: 250) { nodes { code } }
        customerGets { value { ... on DiscountPercentage { percentage } } }
      }
    }
  }
}`;

const CREATE_DISCOUNT_DOCUMENT = `mutation UplineDiscountCreate($discount: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $discount) {
    codeDiscountNode { id }
    userErrors { field message }
  }
}`;

const ADD_CODES_DOCUMENT = `mutation UplineDiscountCodes($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) {
    bulkCreation { id }
    userErrors { field message }
  }
}`;

const CODES_ADDED_DOCUMENT = `query UplineDiscountCodesAdded($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) { done failedCount }
}`;

/** Shopify adds codes in its own time; so long is waited for, and afterwards it goes on without anybody watching. */
const POLLS = 10;
const POLL_MS = 400;

const basic = z.object({
  title: z.string(),
  status: z.string(),
  codesCount: z.object({ count: z.number() }).nullish(),
  codes: z.object({ nodes: z.array(z.object({ code: z.string() })) }),
  customerGets: z.object({ value: z.object({ percentage: z.number().nullish() }) }),
});
const readAnswer = z.object({
  codeDiscountNode: z.object({ id: z.string(), codeDiscount: z.union([basic, z.object({})]) }).nullable(),
});
const userErrors = z.array(z.object({ message: z.string() }));
const createAnswer = z.object({
  discountCodeBasicCreate: z.object({ codeDiscountNode: z.object({ id: z.string() }).nullable(), userErrors }),
});
const addAnswer = z.object({
  discountRedeemCodeBulkAdd: z.object({ bulkCreation: z.object({ id: z.string() }).nullable(), userErrors }),
});
const addedAnswer = z.object({
  discountRedeemCodeBulkCreation: z.object({ done: z.boolean(), failedCount: z.number() }).nullable(),
});

/** The shop's discount for distributors; null where there is none, or the merchant has deleted it. */
export async function readDiscount(parts: AdminParts, { shop, discountId }: ShopRow): Promise<DistributorDiscount | null> {
  if (discountId === null) return null;
  const { codeDiscountNode: node } = await askAdmin(parts, {
    ...{ shop, document: READ_DISCOUNT_DOCUMENT, answer: readAnswer },
    variables: { id: discountId },
  });
  if (node === null || !("title" in node.codeDiscount)) return null;
  const { title, status, codes, codesCount, customerGets } = node.codeDiscount;
  return {
    ...{ discountId, title, status },
    percentage: customerGets.value.percentage ?? null,
    codesCount: codesCount?.count ?? codes.nodes.length,
    codes: codes.nodes.map(({ code }) => code),
  };
}

/** Adds codes, and makes the discount with the first of them where there is none. Throws AdminProblem with Shopify's own words. */
export async function addCodes(
  parts: DiscountParts,
  { row, codes, percentage }: { row: ShopRow; codes: readonly string[]; percentage: number },
): Promise<void> {
  const existing = await readDiscount(parts, row);
  const held = new Set(existing?.codes.map((code) => code.toUpperCase()));
  const [first, ...others] = [...new Set(codes)].filter((code) => !held.has(code.toUpperCase()));
  if (first === undefined) return;
  if (existing !== null) return addInParts(parts, row.shop, existing.discountId, [first, ...others]);
  const created = await askAdmin(parts, {
    ...{ shop: row.shop, document: CREATE_DISCOUNT_DOCUMENT, answer: createAnswer },
    variables: {
      discount: {
        ...{ title: "Upline distributors", code: first, startsAt: new Date().toISOString(), context: { all: "ALL" } },
        customerGets: { value: { percentage }, items: { all: true } },
      },
    },
  });
  const { codeDiscountNode, userErrors: refused } = created.discountCodeBasicCreate;
  if (codeDiscountNode === null) throw new AdminProblem(refused[0]?.message ?? "Shopify made no discount.");
  await parts.db.update(shops).set({ discountId: codeDiscountNode.id }).where(eq(shops.shop, row.shop));
  await addInParts(parts, row.shop, codeDiscountNode.id, others);
}

async function addInParts(parts: AdminParts, ...[shop, discountId, codes]: [string, string, readonly string[]]): Promise<void> {
  for (let from = 0; from < codes.length; from += MOST_CODES) {
    const { discountRedeemCodeBulkAdd: added } = await askAdmin(parts, {
      ...{ shop, document: ADD_CODES_DOCUMENT, answer: addAnswer },
      variables: { discountId, codes: codes.slice(from, from + MOST_CODES).map((code) => ({ code })) },
    });
    const [refused] = added.userErrors;
    if (refused !== undefined || added.bulkCreation === null)
      throw new AdminProblem(refused?.message ?? "Shopify added no code.");
    await watchAdding(parts, shop, added.bulkCreation.id);
  }
}

/** Throws AdminProblem where Shopify could not add some, as where another discount has the code. */
async function watchAdding(parts: AdminParts, ...[shop, id]: [string, string]): Promise<void> {
  for (let poll = 0; poll < POLLS; poll++) {
    const { discountRedeemCodeBulkCreation: adding } = await askAdmin(parts, {
      ...{ shop, document: CODES_ADDED_DOCUMENT, answer: addedAnswer },
      variables: { id },
    });
    if (adding === null) return;
    if (adding.failedCount > 0)
      throw new AdminProblem(`Shopify could not add ${adding.failedCount} of the codes: another discount of the shop has them.`);
    if (adding.done) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
