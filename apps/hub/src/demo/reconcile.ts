import { compareRevisions, DEFAULT_STORE_SETTINGS, netOfLine, type OrderState, refundedNet } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { Hub } from "../hub.ts";
import { platforms } from "../platforms.ts";
import type { DemoDelivery } from "./deliveries.ts";

/**
 * What the shops sold, told from their deliveries alone, against what the hub has booked: the share of
 * the shops' net that differs. Zero means that nothing was lost, doubled or misread on the way.
 */
export async function reconDelta(hub: Hub, companyId: number, deliveries: readonly DemoDelivery[]): Promise<number> {
  const newest = new Map<string, OrderState>();
  const refunds = new Map<string, OrderState["refunds"]>();
  for (const { platform, topic, body, badSignature } of deliveries) {
    if (badSignature || topic === "ping") continue;
    const said = platforms[platform].normalise({ topic, body, settings: DEFAULT_STORE_SETTINGS });
    if (said.kind === "refund")
      refunds.set(`${platform} ${said.orderId}`, [...(refunds.get(`${platform} ${said.orderId}`) ?? []), said.refund]);
    if (said.kind !== "order") continue;
    const key = `${platform} ${said.state.orderId}`;
    const known = newest.get(key);
    if (!known || compareRevisions(said.state.revision, known.revision) > 0) newest.set(key, said.state);
  }
  const rows = await asCompany(
    hub.db,
    companyId,
    (tx) => tx<{ platform: string; platform_order_id: string; kept: bigint }[]>`
      select platform, platform_order_id, case when stage = 'earned' then net_minor - refunded_net_minor else 0 end::bigint as kept
        from orders where company_id = ${companyId}`,
  );
  const booked = new Map(rows.map((row) => [`${row.platform} ${row.platform_order_id}`, row.kept]));
  let sold = 0n;
  let differing = 0n;
  for (const [key, state] of newest) {
    const known = new Set(state.refunds.map((refund) => refund.refundId));
    const all = {
      ...state,
      refunds: [...state.refunds, ...(refunds.get(key) ?? []).filter((refund) => !known.has(refund.refundId))],
    };
    const net = state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
    const back = [...refundedNet(all).values()].reduce((sum, minor) => sum + minor, 0n);
    const kept = state.stage.kind === "earned" ? net - back : 0n;
    const difference = kept - (booked.get(key) ?? 0n);
    sold += kept;
    differing += difference < 0n ? -difference : difference;
    booked.delete(key);
  }
  for (const extra of booked.values()) differing += extra;
  return sold === 0n ? 0 : Number(differing) / Number(sold);
}
