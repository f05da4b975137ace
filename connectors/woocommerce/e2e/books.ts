/** What the shop says an order is worth, against what was delivered and what the hub has booked. */
import type { Gate } from "./gate.ts";
import { type HubOrder, minorOf } from "./hub.ts";
import type { Shop } from "./shop.ts";

export interface Worth {
  readonly status: string;
  readonly totalMinor: bigint;
  readonly netMinor: bigint;
  readonly refundedMinor: bigint;
  readonly refunds: number;
  readonly code: string;
}

type Rest = {
  id: number;
  status: string;
  total: string;
  line_items: { total: string }[];
  refunds: { id: number; total: string }[];
  meta_data: { key: string; value: unknown }[];
};

const codeOf = (order: Rest): string => String(order.meta_data.find(({ key }) => key === "_upline_ref_code")?.value ?? "");
const netOf = (order: Rest): bigint => order.line_items.reduce((sum, line) => sum + minorOf(line.total), 0n);

/** Asks the shop's REST API, which the plugin has no part in. Null: deleted for good. */
export async function worthInShop(shop: Shop, orderId: number): Promise<Worth | null> {
  try {
    const order = (await shop.rest.get(`orders/${orderId}`)).body as Rest;
    const refunds = (await shop.rest.get(`orders/${orderId}/refunds`, { per_page: "100" })).body as { amount: string }[];
    return {
      status: order.status,
      totalMinor: minorOf(order.total),
      netMinor: netOf(order),
      refundedMinor: refunds.reduce((sum, refund) => sum + minorOf(refund.amount), 0n),
      refunds: refunds.length,
      code: codeOf(order),
    };
  } catch (error) {
    if ((error as { kind?: string }).kind === "not-found") return null;
    throw error;
  }
}

/** The last delivery about the order; null: it says that the order is deleted; undefined: there was none. */
export function worthDelivered(gate: Gate, orderId: number): Worth | null | undefined {
  const last = gate.deliveries.filter(({ data }) => (data.order as Rest | undefined)?.id === orderId).at(-1);
  if (!last) return undefined;
  if (last.type === "order.deleted") return null;
  const order = last.data.order as Rest;
  const refunds = last.data.refunds as { amount: string }[];
  return {
    status: order.status,
    totalMinor: minorOf(order.total),
    netMinor: netOf(order),
    refundedMinor: refunds.reduce((sum, refund) => sum + minorOf(refund.amount), 0n),
    refunds: refunds.length,
    code: codeOf(order),
  };
}

/** A shop's word as the hub is to understand it. */
function stageOf(status: string): HubOrder["stage"] {
  if (["processing", "completed", "refunded"].includes(status)) return "earned";
  return ["pending", "on-hold"].includes(status) ? "pending" : "void";
}

export interface Comparison {
  readonly orders: number;
  readonly deltaMinor: bigint;
  /** What the hub's ledger holds for these orders: zero would make every comparison with it empty. */
  readonly bookedMinor: bigint | null;
  readonly differences: string[];
}

export async function compare(
  shop: Shop,
  gate: Gate,
  hubOrders: readonly HubOrder[] | null,
  orderIds: readonly number[],
): Promise<Comparison> {
  const differences: string[] = [];
  let deltaMinor = 0n;
  const differ = (orderId: number, what: string, ours: unknown, theirs: unknown): void => {
    if (ours === theirs) return;
    differences.push(`order ${orderId}: ${what} is ${ours} in the shop and ${theirs} beyond it`);
    if (typeof ours === "bigint" && typeof theirs === "bigint") deltaMinor += ours > theirs ? ours - theirs : theirs - ours;
  };
  for (const orderId of orderIds) {
    const ours = await worthInShop(shop, orderId);
    const delivered = worthDelivered(gate, orderId);
    if (ours === null || !delivered) {
      differ(
        orderId,
        "existence",
        ours === null ? "deleted" : "there",
        delivered === undefined ? "never delivered" : delivered === null ? "deleted" : "there",
      );
    } else {
      for (const what of ["status", "totalMinor", "netMinor", "refundedMinor", "refunds", "code"] as const)
        differ(orderId, what, ours[what], delivered[what]);
    }
    if (!hubOrders) continue;
    const inHub = hubOrders.find((order) => order.orderId === String(orderId));
    // An order that was deleted before the hub ever saw it is in nobody's books.
    if (!inHub) {
      if (ours !== null) differ(orderId, "existence", "there", "not in the hub");
      continue;
    }
    const stage = ours === null ? "void" : stageOf(ours.status);
    differ(orderId, "stage", stage, inHub.stage);
    if (ours !== null) differ(orderId, "net", ours.netMinor, inHub.netMinor);
    if (ours !== null && ours.refundedMinor === ours.totalMinor)
      differ(orderId, "commission after a full refund", 0n, inHub.bookedMinor);
    differ(orderId, "what is owed, against the ledger,", inHub.owedMinor, inHub.bookedMinor);
  }
  const bookedMinor = hubOrders?.reduce((sum, order) => sum + order.bookedMinor, 0n) ?? null;
  return { orders: orderIds.length, deltaMinor, bookedMinor, differences };
}
