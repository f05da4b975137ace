/** What happens to orders after they are placed. */
import { buyHeadless } from "./buyers.ts";
import type { Shop } from "./shop.ts";

type Order = { id: number; total: string; line_items: { id: number; quantity: number; total: string; total_tax: string }[] };

/** One order per kind of change; answers their numbers. */
export async function changeOrders(shop: Shop): Promise<number[]> {
  const ids: number[] = [];
  const each = async (change: (order: Order, path: string) => Promise<unknown>): Promise<void> => {
    const { orderId } = await buyHeadless(shop, { cookie: "ANNA77" });
    ids.push(orderId);
    const path = `orders/${orderId}`;
    await change((await shop.rest.get(path)).body as Order, path);
  };
  const refund = (path: string, body: object) => shop.rest.post(`${path}/refunds`, { api_refund: false, ...body });

  await each((_, path) => shop.rest.put(path, { status: "completed" }));
  await each((order, path) => {
    const line = firstLine(order);
    return shop.rest.put(path, { line_items: [{ id: line.id, quantity: 5, subtotal: "249.50", total: "249.50" }] });
  });
  await each((order, path) => {
    const { id, total, quantity } = firstLine(order);
    return refund(path, { amount: total, line_items: [{ id, quantity, refund_total: Number(total) }] });
  });
  await each((_, path) => refund(path, { amount: "10.00", reason: "amount only" }));
  await each((order, path) => refund(path, { amount: order.total }));
  await each(async (order, path) => {
    const { id } = firstLine(order);
    await refund(path, { amount: "20.00", line_items: [{ id, quantity: 0, refund_total: 20 }] });
    await refund(path, { amount: "5.00" });
    await shop.rest.put(path, { status: "refunded" });
  });
  await each(async (_, path) => {
    const made = (await refund(path, { amount: "7.00" })).body as { id: number };
    await shop.rest.delete(`${path}/refunds/${made.id}`, { force: "true" });
  });
  await each((_, path) => shop.rest.put(path, { status: "cancelled" }));
  await each((_, path) => shop.rest.delete(path));
  await each((_, path) => shop.rest.delete(path, { force: "true" }));
  await each(async (_, path) => {
    await shop.rest.put(path, { status: "on-hold" });
    await shop.rest.put(path, { status: "processing", meta_data: [{ key: "_upline_ref_code", value: "BEN12" }] });
  });
  return ids;
}

function firstLine(order: Order): Order["line_items"][number] {
  const line = order.line_items[0];
  if (!line) throw new Error(`order ${order.id} has no lines`);
  return line;
}
