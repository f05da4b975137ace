import type { BulkCreation, Discount } from "./discounts.ts";
import { graphDecimal } from "./money.ts";
import { type PageArguments, page, type Reading } from "./pages.ts";
import { search } from "./search.ts";
import type { Shop } from "./shop.ts";
import { gid, utc } from "./wire.ts";

type Node = Record<string, unknown>;

export function discountNode(shop: Shop, discount: Discount): Node {
  const value =
    "fraction" in discount.value
      ? { __typename: "DiscountPercentage", percentage: discount.value.fraction }
      : {
          __typename: "DiscountAmount",
          amount: { amount: graphDecimal(discount.value.minor, shop.currency), currencyCode: shop.currency },
          appliesOnEachItem: false,
        };
  return {
    __typename: "DiscountCodeNode",
    id: gid("DiscountCodeNode", discount.id),
    codeDiscount: {
      __typename: "DiscountCodeBasic",
      title: discount.title,
      status: shop.discounts.isValid(discount) ? "ACTIVE" : discount.startsAt > shop.now() ? "SCHEDULED" : "EXPIRED",
      startsAt: utc(discount.startsAt),
      endsAt: discount.endsAt && utc(discount.endsAt),
      createdAt: utc(discount.createdAt),
      updatedAt: utc(discount.createdAt),
      summary: discount.title,
      shortSummary: discount.title,
      usageLimit: null,
      appliesOncePerCustomer: false,
      discountClasses: ["ORDER"],
      tags: [],
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
      customerGets: {
        value,
        items: { __typename: "AllDiscountItems", allItems: true },
        appliesOnOneTimePurchase: true,
        appliesOnSubscription: false,
      },
      asyncUsageCount: discount.codes.reduce((sum, { uses }) => sum + uses, 0),
      codesCount: { count: discount.codes.length, precision: "EXACT" },
      codes: (args: PageArguments, context: Reading) =>
        page(
          search(discount.codes, args.query, ({ id, code }) => ({ id, code })),
          args,
          context,
          { id: ({ id }) => id, node: (one) => redeemNode(one) },
        ),
    },
  };
}

const redeemNode = ({ id, code, uses }: { id: string; code: string; uses: number }): Node => ({
  __typename: "DiscountRedeemCode",
  id: gid("DiscountRedeemCode", id),
  code,
  asyncUsageCount: uses,
  createdBy: null,
});

/** While the work is under way every count is zero. */
export function creationNode(shop: Shop, creation: BulkCreation): Node {
  const results = [...creation.results];
  const failed = results.filter(([, result]) => typeof result === "string").length;
  return {
    __typename: "DiscountRedeemCodeBulkCreation",
    id: gid("DiscountRedeemCodeBulkCreation", creation.id),
    done: creation.results.size > 0,
    codesCount: creation.codes.length,
    importedCount: results.length - failed,
    failedCount: failed,
    createdAt: utc(creation.createdAt),
    discountCode: () => discountNode(shop, creation.discount),
    codes: (args: PageArguments, context: Reading) =>
      page(
        creation.codes.map((code, index) => ({ id: String(index + 1), code })),
        args,
        context,
        {
          id: ({ id }) => id,
          node: ({ code }) => {
            const result = creation.results.get(code);
            return {
              code,
              discountRedeemCode: typeof result === "object" ? redeemNode(result) : null,
              errors: typeof result === "string" ? [{ field: ["code"], message: result, code: "TAKEN", extraInfo: null }] : [],
            };
          },
        },
      ),
  };
}
