import { commissionableLine, divideHalfUp, netOfLine, type Plan, refundedNet } from "@upline/core";
import { type FastStartFacts, openFastStarts } from "@upline/core/engine";
import type { Snapshot } from "../orders/snapshot.ts";
import type { BookedVolume, VolumeKey, Volumes } from "./volume-queries.ts";

/** What an order puts into its period: pure, from its newest snapshot alone. */

/** One kind of an order's volume: what a close tells apart, and how much of it. */
export type OrderVolume = VolumeKey & Volumes;

/** No market of the plan: the rate of "*" counts. */
export const ANY_MARKET = "*";

/**
 * The volumes an order stands at now, refunds applied line by line as they are to commissions:
 * `volume − round(volume × refunded net ÷ net)`. Empty where nothing is earned or nobody owns it.
 */
export function orderVolumes(args: { snapshot: Snapshot; plan: Plan; distributorNo: number }): OrderVolume[] {
  const { snapshot, plan, distributorNo } = args;
  const { state, locked } = snapshot;
  if (state.stage.kind !== "earned") return [];
  const shared = {
    distributorNo,
    market: locked.upline[0]?.country ?? ANY_MARKET,
    selfPurchase: locked.buyer === "self",
    openFastStarts: openFastStarts(plan, orderTimeOf(snapshot)).sort().join(","),
    currency: state.currency,
  };
  const back = refundedNet(state);
  const byClass = new Map<string, OrderVolume>();
  for (const line of state.lines) {
    const mapping = locked.mappings[line.lineId];
    const net = netOfLine(line);
    if (mapping === undefined || line.kind !== "product" || net === 0n) continue;
    const { pv, qv, cv, commissionClass } = commissionableLine({ line, mapping, currency: state.currency });
    const refunded = back.get(line.lineId) ?? 0n;
    const kept = (value: bigint) => value - divideHalfUp(value * refunded, net);
    const so = byClass.get(commissionClass) ?? { ...shared, commissionClass, pv: 0n, qv: 0n, cv: 0n, netMinor: 0n };
    byClass.set(commissionClass, {
      ...so,
      pv: so.pv + kept(pv),
      qv: so.qv + kept(qv),
      cv: so.cv + kept(cv),
      netMinor: so.netMinor + net - refunded,
    });
  }
  return [...byClass.values()].filter((one) => !isNothing(one));
}

/** Of an order's facts those that decide which fast starts are open on it. */
function orderTimeOf({ state, locked }: Snapshot): FastStartFacts {
  return {
    placedAt: state.placedAt,
    market: locked.upline[0]?.country ?? null,
    buyer: locked.buyer,
    firstOrder: locked.firstOrder,
    upline: locked.upline,
  };
}

/** The fast starts of a volume entry, one by one. */
export const fastStartIds = (text: string): string[] => text.split(",").filter((id) => id !== "");

/** What has to be booked so that what is booked becomes what should be: one difference per kind of volume. */
export function volumeDifferences(target: readonly OrderVolume[], booked: readonly BookedVolume[]): OrderVolume[] {
  const sums = new Map<string, OrderVolume>();
  const add = (one: OrderVolume, sign: 1n | -1n) => {
    const { distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency } = one;
    const key = [distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency].join("\n");
    const so = sums.get(key);
    sums.set(key, {
      ...{ distributorNo, commissionClass, market, selfPurchase, openFastStarts, currency },
      pv: (so?.pv ?? 0n) + sign * one.pv,
      qv: (so?.qv ?? 0n) + sign * one.qv,
      cv: (so?.cv ?? 0n) + sign * one.cv,
      netMinor: (so?.netMinor ?? 0n) + sign * one.netMinor,
    });
  };
  for (const one of target) add(one, 1n);
  for (const one of booked) add(one, -1n);
  const keys = [...sums.keys()].sort();
  return keys.map((key) => sums.get(key) as OrderVolume).filter((one) => !isNothing(one));
}

/** Whether an order gave volume back in all, as a refund does; a new owner, or a line mapped late, does not. */
export function givesBack(differences: readonly OrderVolume[]): boolean {
  return differences.reduce((sum, one) => sum + one.pv + one.qv + one.cv + one.netMinor, 0n) < 0n;
}

function isNothing({ pv, qv, cv, netMinor }: Volumes): boolean {
  return pv === 0n && qv === 0n && cv === 0n && netMinor === 0n;
}
