import { commissionableLine, convertMinor, divideHalfUp, netOfLine, type Plan, refundedNet } from "@upline/core";
import { type FastStartFacts, isNothing, type OrderVolume, openFastStarts } from "@upline/core/engine";
import { currencyOf, lockedRate, missingRate } from "../orders/exchange.ts";
import type { Snapshot } from "../orders/snapshot.ts";

/** What an order puts into its period: pure, from its newest snapshot alone. */

/** No market of the plan: the rate of "*" counts. */
export const ANY_MARKET = "*";

/**
 * The volumes an order stands at now, refunds applied line by line as they are to commissions:
 * `volume − round(volume × refunded net ÷ net)`. Empty where nothing is earned or nobody owns it.
 */
export function orderVolumes(args: { snapshot: Snapshot; plan: Plan; distributorNo: number }): OrderVolume[] {
  const { snapshot, plan, distributorNo } = args;
  const { state, locked } = snapshot;
  if (state.stage.kind !== "earned" || missingRate(locked) !== null) return [];
  const exchange = lockedRate(locked);
  const worth = (minor: bigint) => (exchange === null ? minor : convertMinor(minor, exchange.rate, plan));
  const shared = {
    distributorNo,
    market: locked.upline[0]?.country ?? ANY_MARKET,
    selfPurchase: locked.buyer === "self",
    openFastStarts: openFastStarts(plan, orderTimeOf(snapshot)).sort().join(","),
    currency: currencyOf(plan, state.currency),
  };
  const back = refundedNet(state);
  const byClass = new Map<string, OrderVolume>();
  for (const line of state.lines) {
    const mapping = locked.mappings[line.lineId];
    const net = netOfLine(line);
    if (mapping === undefined || line.kind !== "product" || net === 0n) continue;
    const { pv, qv, cv, commissionClass } = commissionableLine({ line, mapping, currency: state.currency, exchange });
    const refunded = back.get(line.lineId) ?? 0n;
    const kept = (value: bigint) => value - divideHalfUp(value * refunded, net);
    const sum = byClass.get(commissionClass) ?? { ...shared, commissionClass, pv: 0n, qv: 0n, cv: 0n, netMinor: 0n };
    byClass.set(commissionClass, {
      ...sum,
      pv: sum.pv + kept(pv),
      qv: sum.qv + kept(qv),
      cv: sum.cv + kept(cv),
      netMinor: sum.netMinor + worth(net) - worth(refunded),
    });
  }
  return [...byClass.values()].filter((volume) => !isNothing(volume));
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
