/** The hub's API as the suite needs it: the one file to change when that API does. */

export interface HubOrder {
  readonly orderId: string;
  readonly netMinor: bigint;
  readonly refundedMinor: bigint;
  /** What the ledger holds for the order's commissions, in minor units. */
  readonly commissionMinor: bigint;
  /** What the order's newest state earns, in minor units. */
  readonly owedMinor: bigint;
}

export interface Hub {
  /** A one-time code for a shop to connect with. */
  connectionCode(): Promise<string>;
  orders(): Promise<HubOrder[]>;
}

export function openHub({ url, key }: { url: string; key: string }): Hub {
  const ask = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } };
    if (body) init.body = JSON.stringify(body);
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  return {
    connectionCode: async () => String((await ask("POST", "/api/connection-codes", { platform: "woocommerce" })).code),
    orders: async () => {
      const orders: HubOrder[] = [];
      let before = "";
      do {
        const page = await ask("GET", `/api/orders?limit=500${before && `&before=${before}`}`);
        for (const order of page.items as Record<string, string>[]) {
          orders.push({
            orderId: String(order.orderId),
            netMinor: BigInt(order.netMinor ?? 0),
            refundedMinor: BigInt(order.refundedMinor ?? 0),
            commissionMinor: BigInt(order.postedMinor ?? 0),
            owedMinor: BigInt(order.owedMinor ?? 0),
          });
        }
        before = page.next === null || page.next === undefined ? "" : String(page.next);
      } while (before !== "");
      return orders;
    },
  };
}
