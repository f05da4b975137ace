/** What happens to orders after they are placed. */
import type { Placed } from "./placed.ts";
import type { Shop } from "./shop.ts";

type Order = { id: number; total: string; line_items: { id: number; quantity: number; total: string; total_tax: string }[] };
type Change = (order: Order, path: string) => Promise<unknown>;

/** Refunds of a part, and what makes an order void: enough to tell a hub that forgets either. */
export async function changeSome(shop: Shop, placed: Placed): Promise<void> {
  const each = changing(shop, placed);
  await each("ANNA77", (order, path) => refundLine(shop, path, order));
  await each("ANNA77", (_, path) => refund(shop, path, { amount: "10.00", reason: "amount only" }));
  await each("BEN12", (_, path) => shop.rest.put(path, { status: "cancelled" }));
}

/** One order per kind of change. */
export async function changeOrders(shop: Shop, placed: Placed): Promise<void> {
  const each = changing(shop, placed);
  await changeSome(shop, placed);
  await each("ANNA77", (_, path) => shop.rest.put(path, { status: "completed" }));
  await each("ANNA77", (order, path) => {
    const { id } = firstLine(order);
    return shop.rest.put(path, { line_items: [{ id, quantity: 5, subtotal: "249.50", total: "249.50" }] });
  });
  await each("ANNA77", (order, path) => refund(shop, path, { amount: order.total }));
  await each("ANNA77", async (order, path) => {
    const { id } = firstLine(order);
    await refund(shop, path, { amount: "20.00", line_items: [{ id, quantity: 0, refund_total: 20 }] });
    await refund(shop, path, { amount: "5.00" });
  });
  await each("CARLA9", async (_, path) => {
    await refund(shop, path, { amount: "5.00" });
    await shop.rest.put(path, { status: "refunded" });
  });
  await each("ANNA77", async (_, path) => {
    const made = (await refund(shop, path, { amount: "7.00" })).body as { id: number };
    await shop.rest.delete(`${path}/refunds/${made.id}`, { force: "true" });
  });
  await each("ANNA77", (_, path) => shop.rest.delete(path));
  await each("ANNA77", (_, path) => shop.rest.delete(path, { force: "true" }));
  await each("ANNA77", async (_, path) => {
    await shop.rest.put(path, { status: "on-hold" });
    await shop.rest.put(path, { status: "processing" });
  });
}

/** The shop's people say later whose an order is, or that it is nobody's. */
export async function correctCodes(shop: Shop, placed: Placed): Promise<void> {
  const moved = await placed.buy("BEN12", { cookie: "ANNA77" });
  await shop.inside("correct", { order: moved.orderId, meta: { _upline_ref_code: "BEN12", _upline_ref_via: "admin" } });
  const cleared = await placed.buy(null, { cookie: "ANNA77" });
  const gone = { _upline_ref_code: null, _upline_ref_via: null, _upline_ref_name: null, _upline_ref_touch: null };
  await shop.inside("correct", { order: cleared.orderId, meta: { ...gone, _upline_ref_nobody: "shop" } });
}

function changing(shop: Shop, placed: Placed) {
  return async (code: string, change: Change): Promise<void> => {
    const { orderId } = await placed.buy(code, { cookie: code });
    const path = `orders/${orderId}`;
    await change((await shop.rest.get(path)).body as Order, path);
  };
}

const refund = (shop: Shop, path: string, body: object) => shop.rest.post(`${path}/refunds`, { api_refund: false, ...body });

function refundLine(shop: Shop, path: string, order: Order) {
  const { id, total, quantity } = firstLine(order);
  return refund(shop, path, { amount: total, line_items: [{ id, quantity, refund_total: Number(total) }] });
}

function firstLine(order: Order): Order["line_items"][number] {
  const line = order.line_items[0];
  if (!line) throw new Error(`order ${order.id} has no lines`);
  return line;
}
