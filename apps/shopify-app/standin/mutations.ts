import { GraphQLError } from "graphql";
import { bulkNode } from "./bulk.ts";
import type { Caller } from "./caller.ts";
import { creationNode, discountNode } from "./discount-node.ts";
import type { Discount } from "./discounts.ts";
import type { Node } from "./order-node.ts";
import { demand, metafieldNode, pixelNode } from "./query-root.ts";
import { gid, readGid } from "./wire.ts";

const refusal = (field: string[] | null, message: string, code: string | null = "INVALID") => ({
  field,
  message,
  code,
  extraInfo: null,
});

interface BasicDiscountInput {
  readonly title?: string | null;
  readonly code?: string | null;
  readonly startsAt?: string | null;
  readonly endsAt?: string | null;
  readonly customerGets?: {
    readonly value?: { percentage?: number | null; discountAmount?: { amount?: string | number | null } | null } | null;
    readonly items?: unknown;
  } | null;
  readonly context?: unknown;
  readonly customerSelection?: unknown;
}

/** As Shopify demands them: a title, a code that nobody has, a start, a value, on what, and for whom. */
function wrongWith(input: BasicDiscountInput, caller: Caller): ReturnType<typeof refusal> | null {
  const at = (field: string) => ["basicCodeDiscount", field];
  if (!input.title) return refusal(at("title"), "Title can't be blank", "BLANK");
  if (!input.code) return refusal(at("code"), "Code can't be blank", "BLANK");
  if (caller.shop.discounts.find(input.code))
    return refusal(at("code"), "Code must be unique. Please try a different code.", "TAKEN");
  if (!input.startsAt) return refusal(at("startsAt"), "Starts at can't be blank", "BLANK");
  if (!input.customerGets?.value || !input.customerGets.items)
    return refusal(at("customerGets"), "Customer gets can't be blank", "BLANK");
  if (!input.context && !input.customerSelection) return refusal(at("context"), "Context can't be blank", "BLANK");
  return null;
}

const discountMutations: Node = {
  discountCodeBasicCreate: ({ basicCodeDiscount: input }: { basicCodeDiscount: BasicDiscountInput }, caller: Caller) => {
    demand(caller, "write_discounts", "discountCodeBasicCreate");
    const wrong = wrongWith(input, caller);
    if (wrong) return { codeDiscountNode: null, userErrors: [wrong] };
    const discount = caller.shop.discounts.create({
      title: input.title ?? "",
      code: input.code ?? "",
      value: caller.shop.discounts.valueOf(input.customerGets?.value ?? {}),
      startsAt: new Date(input.startsAt ?? 0),
      endsAt: input.endsAt ? new Date(input.endsAt) : null,
    });
    return { codeDiscountNode: discountNode(caller.shop, discount), userErrors: [] };
  },
  discountRedeemCodeBulkAdd: (args: { discountId: string; codes: { code: string }[] }, caller: Caller) => {
    demand(caller, "write_discounts", "discountRedeemCodeBulkAdd");
    const discount = discountOf(caller, args.discountId);
    const refuse = (field: string, message: string, code: string) => ({
      bulkCreation: null,
      userErrors: [refusal([field], message, code)],
    });
    if (!discount) return refuse("discountId", "Code discount does not exist.", "INVALID");
    if (args.codes.length === 0) return refuse("codes", "Codes can't be blank", "BLANK");
    if (args.codes.length > 250) return refuse("codes", "The number of codes can't exceed 250", "EXCEEDED_MAX");
    const creation = caller.shop.discounts.startAdding(
      discount,
      args.codes.map(({ code }) => code),
    );
    return { bulkCreation: creationNode(caller.shop, creation), userErrors: [] };
  },
  discountCodeRedeemCodeBulkDelete: (args: { discountId: string; ids?: string[] | null }, caller: Caller) => {
    demand(caller, "write_discounts", "discountCodeRedeemCodeBulkDelete");
    const discount = discountOf(caller, args.discountId);
    if (!discount) return { job: null, userErrors: [refusal(["discountId"], "Code discount does not exist.")] };
    caller.shop.discounts.delete(
      discount,
      (args.ids ?? []).map((id) => readGid(id).id),
    );
    return { job: { id: gid("Job", caller.shop.newId()), done: true }, userErrors: [] };
  },
  discountCodeDeactivate: ({ id }: { id: string }, caller: Caller) => activate(caller, id, false),
  discountCodeActivate: ({ id }: { id: string }, caller: Caller) => activate(caller, id, true),
};

function discountOf(caller: Caller, id: string): Discount | undefined {
  return caller.shop.discounts.all.find((one) => one.id === readGid(id).id);
}

function activate(caller: Caller, id: string, active: boolean) {
  demand(caller, "write_discounts", active ? "discountCodeActivate" : "discountCodeDeactivate");
  const discount = discountOf(caller, id);
  if (!discount) return { codeDiscountNode: null, userErrors: [refusal(["id"], "Code discount does not exist.")] };
  discount.active = active;
  return { codeDiscountNode: discountNode(caller.shop, discount), userErrors: [] };
}

/** Settings of a pixel come as JSON, as text or as a value. */
const settingsOf = (settings: unknown): unknown => (typeof settings === "string" ? JSON.parse(settings) : settings);

export function mutationRoot(): Node {
  return {
    ...discountMutations,
    webPixelCreate: ({ webPixel }: { webPixel: { settings: unknown } }, caller: Caller) => {
      demand(caller, "write_pixels", "webPixelCreate");
      demand(caller, "read_customer_events", "webPixelCreate");
      const taken = { code: "TAKEN", field: null, message: "Web pixel is taken" };
      if (caller.shop.webPixel) return { webPixel: null, userErrors: [taken] };
      caller.shop.webPixel = { id: caller.shop.newId(), settings: settingsOf(webPixel.settings) };
      return { webPixel: pixelNode(caller.shop), userErrors: [] };
    },
    webPixelUpdate: ({ id, webPixel }: { id: string; webPixel: { settings: unknown } }, caller: Caller) => {
      demand(caller, "write_pixels", "webPixelUpdate");
      const pixel = caller.shop.webPixel;
      const missing = { code: "NOT_FOUND", field: ["id"], message: "Web pixel not found" };
      if (pixel?.id !== readGid(id).id) return { webPixel: null, userErrors: [missing] };
      pixel.settings = settingsOf(webPixel.settings);
      return { webPixel: pixelNode(caller.shop), userErrors: [] };
    },
    metafieldsSet: ({ metafields }: { metafields: MetafieldInput[] }, { shop }: Caller) => ({
      metafields: metafields.map((input) => {
        const namespace = input.namespace ?? "$app";
        const index = shop.metafields.findIndex(
          (one) => one.ownerId === input.ownerId && one.key === input.key && one.namespace === namespace,
        );
        const id = shop.metafields[index]?.id ?? shop.newId();
        const { ownerId, key, value } = input;
        const type = input.type ?? shop.metafields[index]?.type;
        if (!type) throw new GraphQLError("a new metafield needs a type");
        const made = { id, ownerId, namespace, key, type, value };
        shop.metafields.splice(index < 0 ? shop.metafields.length : index, index < 0 ? 0 : 1, made);
        return metafieldNode(shop, made);
      }),
      userErrors: [],
    }),
    appRevokeAccessScopes: ({ scopes }: { scopes: string[] }, caller: Caller) => {
      caller.revoke(scopes);
      return { revoked: scopes.map((handle) => ({ handle, description: handle })), userErrors: [] };
    },
    bulkOperationRunQuery: ({ query }: { query: string }, caller: Caller) => {
      const started = caller.bulkOperations.start(caller, query);
      return "error" in started
        ? { bulkOperation: null, userErrors: [{ field: ["query"], message: started.error, code: started.code }] }
        : { bulkOperation: bulkNode(started), userErrors: [] };
    },
    bulkOperationCancel: ({ id }: { id: string }, { bulkOperations, shop }: Caller) => {
      const operation = bulkOperations.of(shop).find((one) => one.id === readGid(id).id);
      if (!operation) return { bulkOperation: null, userErrors: [{ field: ["id"], message: "Bulk operation does not exist" }] };
      if (operation.status !== "COMPLETED") operation.status = "CANCELED";
      return { bulkOperation: bulkNode(operation), userErrors: [] };
    },
  };
}

interface MetafieldInput {
  readonly ownerId: string;
  readonly namespace?: string | null;
  readonly key: string;
  readonly type?: string | null;
  readonly value: string;
}
