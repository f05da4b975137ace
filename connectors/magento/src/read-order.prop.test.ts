import { type JsonObject, parseBody } from "@upline/core";
import { byHand } from "@upline/core/read-by-hand";
import { readsAsItsSchema } from "@upline/testing/reads-as-schema";
import { adjusted, document, facts, row } from "../fixtures/facts.ts";
import { recordedStages } from "../fixtures/recorded.ts";
import { restDocument, restOrder } from "./payloads.ts";
import { documentByHand, orderByHand } from "./read-order.ts";

interface Parts {
  readonly order: JsonObject;
  readonly invoices: readonly JsonObject[];
  readonly creditmemos: readonly JsonObject[];
}

const RECORDED = recordedStages.map(({ body }) => parseBody(body) as unknown as Parts);
const TOLD = Object.values(facts).flatMap((fact) => (fact === null ? [] : [parseBody(fact.body).data as Parts]));
const ORDERS = [...RECORDED, ...TOLD].map(({ order }) => order);
const DOCUMENTS = [...RECORDED, ...TOLD].flatMap(({ invoices, creditmemos }) => [...invoices, ...creditmemos]);

readsAsItsSchema({
  what: "an order",
  byHand: (body) => byHand(orderByHand, body),
  schema: restOrder,
  bodies: ORDERS,
  readable: { members: 1000, changes: 150 },
});

readsAsItsSchema({
  what: "an invoice or a credit memo",
  byHand: (body) => byHand(documentByHand, body),
  schema: restDocument,
  bodies: [...DOCUMENTS, adjusted(23, 5), document(24, [row(1, 60, { product_id: 501, sku: "A", base_tax_amount: 1.5 })], 61.5)],
  readable: { members: 300, changes: 100 },
});
