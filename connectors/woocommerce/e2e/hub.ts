/** The hub's API as the suite needs it: the one file to change when that API does. */

export interface HubOrder {
  /** The number of the order in the shop. */
  readonly orderId: string;
  readonly stage: "pending" | "earned" | "void";
  readonly netMinor: bigint;
  /** What the order's newest state earns everybody together, its refunds taken off. */
  readonly owedMinor: bigint;
  /** What the ledger holds for the order. */
  readonly bookedMinor: bigint;
}

export interface Hub {
  /** A one-time code for a shop to connect with. */
  connectionCode(): Promise<string>;
  /** The given orders of the shop, as far as the hub has them. */
  orders(orderIds: readonly number[]): Promise<HubOrder[]>;
}

type Summary = { order_id: string; platform_order_id: string };
type Detail = {
  stage: HubOrder["stage"];
  net: string;
  lines: { line_id: string; net: string; refunded_net: string }[];
  commissions: { line_id: string; original: string }[];
};
type Entry = { order_id: string; amount: string };

export function openHub({ url, key }: { url: string; key: string }): Hub {
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } };
    if (body) init.body = JSON.stringify(body);
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as T;
  };
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = [];
    let next: string | null = null;
    do {
      const before: string = next === null ? "" : `&before=${encodeURIComponent(next)}`;
      const page: { items: T[]; next: string | null } = await ask("GET", `${path}?limit=500${before}`);
      items.push(...page.items);
      next = page.next;
    } while (next !== null);
    return items;
  };
  return {
    connectionCode: async () => (await ask<{ code: string }>("POST", "/api/connection-codes", { platform: "woocommerce" })).code,
    orders: async (orderIds) => {
      const wanted = new Set(orderIds.map(String));
      const known = (await all<Summary>("/api/orders")).filter((order) => wanted.has(order.platform_order_id));
      const booked = new Map<string, bigint>();
      for (const { order_id, amount } of await all<Entry>("/api/ledger")) {
        booked.set(order_id, (booked.get(order_id) ?? 0n) + minorOf(amount));
      }
      const orders: HubOrder[] = [];
      for (const { order_id, platform_order_id } of known) {
        const detail = await ask<Detail>("GET", `/api/orders/${order_id}`);
        orders.push({
          orderId: platform_order_id,
          stage: detail.stage,
          netMinor: minorOf(detail.net),
          owedMinor: owed(detail),
          bookedMinor: booked.get(order_id) ?? 0n,
        });
      }
      return orders;
    },
  };
}

/** Reverses each commission by its line's refunded share, rounded half up, as the ledger is meant to. */
function owed({ stage, lines, commissions }: Detail): bigint {
  if (stage !== "earned") return 0n;
  return commissions.reduce((sum, { line_id, original }) => {
    const line = lines.find((one) => one.line_id === line_id);
    const net = minorOf(line?.net ?? "0");
    const back = minorOf(line?.refunded_net ?? "0");
    const earned = minorOf(original);
    return sum + earned - (net === 0n ? 0n : (2n * earned * back + net) / (2n * net));
  }, 0n);
}

/** A decimal amount of a currency with two places; the plugin sends more of them, which are rounded half up. */
export function minorOf(amount: string): bigint {
  const [, sign = "", whole = "0", cents = ""] = amount.match(/^(-?)(\d+)(?:\.(\d+))?$/) ?? [];
  const minor = BigInt(`${whole}${cents.padEnd(2, "0").slice(0, 2)}`) + (/^..[5-9]/.test(cents) ? 1n : 0n);
  return sign === "-" ? -minor : minor;
}
