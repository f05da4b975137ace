import { type FoundOrder, isObject, type JsonObject, StoreError } from "@upline/core";
import { type Answer, type MagentoClient, MISSING } from "./client.ts";
import { idOf, rowsOfMany, timeOf } from "./search.ts";

/** An order with everything that says what it is worth. */
export interface WholeOrder {
  readonly order: JsonObject;
  readonly invoices: readonly JsonObject[];
  readonly creditmemos: readonly JsonObject[];
  readonly storeTime: Answer["storeTime"];
}

/** Asks what became of one order. */
export async function askForOrder(client: MagentoClient, orderId: string): Promise<FoundOrder> {
  try {
    const { body, storeTime } = await client.get(`orders/${encodeURIComponent(orderId)}`);
    if (!isObject(body) || idOf(body) !== orderId)
      throw new StoreError("unavailable", "The store answered with something that is no order.");
    const [whole] = await complete(client, { rows: [body], storeTime });
    if (whole === undefined) throw new StoreError("unavailable", "The store lost an order while it was read.");
    return asFound(whole);
  } catch (error) {
    // Only Magento's own word counts: while a shop is under maintenance, or moved, every address may be missing.
    if (error instanceof StoreError && error.code === MISSING) return deleted(orderId, client.now());
    throw error;
  }
}

/**
 * Adds their invoices and credit memos to orders. An order that has a later document than itself may have changed after it
 * was read, so that it is read once more.
 */
export async function complete(
  client: MagentoClient,
  { rows, storeTime }: { readonly rows: readonly JsonObject[]; readonly storeTime: Date },
): Promise<WholeOrder[]> {
  const ids = rows.map(idOf);
  const [invoices, creditmemos] = await Promise.all([
    rowsOfMany(client, { path: "invoices", field: "order_id", ids }),
    rowsOfMany(client, { path: "creditmemos", field: "order_id", ids }),
  ]);
  const byOrder = (documents: readonly JsonObject[]) => Map.groupBy(documents, ({ order_id }) => String(order_id));
  const invoicesOf = byOrder(invoices);
  const creditmemosOf = byOrder(creditmemos);
  const outdated = rows.filter((row) => {
    const documents = [...(invoicesOf.get(idOf(row)) ?? []), ...(creditmemosOf.get(idOf(row)) ?? [])];
    const own = timeOf(row, "updated_at") ?? "";
    return documents.some((document) => (timeOf(document, "updated_at") ?? "") > own);
  });
  const again = new Map(
    (await rowsOfMany(client, { path: "orders", field: "entity_id", ids: outdated.map(idOf) })).map((row) => [idOf(row), row]),
  );
  return rows.map((row) => ({
    order: again.get(idOf(row)) ?? row,
    invoices: invoicesOf.get(idOf(row)) ?? [],
    creditmemos: creditmemosOf.get(idOf(row)) ?? [],
    storeTime,
  }));
}

/** As the module would tell it. The time is the store's, which the module's bodies bear too: both are put in order by one clock. */
export function asFound({ order, invoices, creditmemos, storeTime }: WholeOrder): FoundOrder {
  const topic = "order.updated";
  const data = { order, invoices, creditmemos, source: { by: "reconciliation" } };
  const body = JSON.stringify({ type: topic, timestamp: storeTime.toISOString(), data });
  return { kind: "order", orderId: idOf(order), topic, body };
}

function deleted(orderId: string, at: Date): FoundOrder {
  const topic = "order.deleted";
  const data = { order: { entity_id: orderId, state: "deleted" }, source: { by: "reconciliation" } };
  const body = JSON.stringify({ type: topic, timestamp: at.toISOString(), data });
  return { kind: "deleted", orderId, topic, body };
}
