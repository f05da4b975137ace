import { type AddedCode, type StoreDiscounts, StoreError } from "@upline/core";
import type { AddedCodesResult } from "./admin.generated.ts";
import type { AdminClient } from "./admin-client.ts";
import { ADD_CODES, ADDED_CODES, CREATE_DISCOUNT, DISCOUNT_OF_CODE } from "./documents.ts";

/** Distributors' codes on one discount of the shop: Shopify wants one discount with many codes, not one for each. */

const BATCH = 250;
const PAGE = 100;
const LOOK_MS = 1_000;
const MOST_LOOKS = 60;

export function discountsOf(client: AdminClient): StoreDiscounts {
  return {
    async create({ title, percent, firstCode }) {
      await needWrite(client);
      const known = await client.ask(DISCOUNT_OF_CODE, { code: firstCode });
      if (known.codeDiscountNodeByCode !== null) return { discountId: known.codeDiscountNodeByCode.id };
      const { discountCodeBasicCreate: made } = await client.ask(CREATE_DISCOUNT, {
        discount: {
          title,
          code: firstCode,
          startsAt: client.now().toISOString(),
          context: { all: "ALL" },
          customerGets: { items: { all: true }, value: { percentage: percent / 100 } },
        },
      });
      const discountId = made?.codeDiscountNode?.id;
      if (discountId !== undefined) return { discountId };
      throw new StoreError("refused", `The shop refused the discount: ${made?.userErrors[0]?.message ?? "without a reason"}`);
    },
    async addCodes({ discountId, codes }) {
      await needWrite(client);
      const added: AddedCode[] = [];
      for (let start = 0; start < codes.length; start += BATCH)
        added.push(...(await addBatch(client, discountId, codes.slice(start, start + BATCH))));
      return added;
    },
    async discountOf(code) {
      const { codeDiscountNodeByCode: node } = await client.ask(DISCOUNT_OF_CODE, { code });
      return node?.id ?? null;
    },
  };
}

async function needWrite(client: AdminClient): Promise<void> {
  if ((await client.scopes()).includes("write_discounts")) return;
  throw new StoreError(
    "unauthorised",
    "The app may not change discounts in this shop: allow write_discounts in the Upline app, under Discount codes.",
    { code: "ACCESS_DENIED" },
  );
}

async function addBatch(client: AdminClient, discountId: string, codes: readonly string[]): Promise<AddedCode[]> {
  const { discountRedeemCodeBulkAdd: begun } = await client.ask(ADD_CODES, {
    discountId,
    codes: codes.map((code) => ({ code })),
  });
  const creation = begun?.bulkCreation?.id;
  if (creation === undefined)
    throw new StoreError("refused", `The shop refused the codes: ${begun?.userErrors[0]?.message ?? "without a reason"}`);
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const outcome = await outcomeOf(client, creation);
    if (outcome !== null) return outcome;
    await client.sleep(LOOK_MS);
  }
  throw new StoreError("unavailable", "The shop is still adding the codes: ask again in a few minutes.");
}

/** What became of each code; null while Shopify is at it. */
async function outcomeOf(client: AdminClient, id: string): Promise<AddedCode[] | null> {
  const added: AddedCode[] = [];
  for (let after: string | null = null; ; ) {
    const answer: AddedCodesResult = await client.ask(ADDED_CODES, { id, first: PAGE, after });
    const creation = answer.discountRedeemCodeBulkCreation;
    if (creation === null) throw new StoreError("unavailable", "The shop does not know its own work any more.");
    if (!creation.done) return null;
    added.push(...creation.codes.nodes.map(({ code, errors }) => ({ code, problem: errors[0]?.message ?? null })));
    if (!creation.codes.pageInfo.hasNextPage) return added;
    after = creation.codes.pageInfo.endCursor;
  }
}
