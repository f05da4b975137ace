import {
  type Computation,
  commissionableLine,
  convertMinor,
  divideHalfUp,
  netOfLine,
  type Plan,
  refundedNet,
  VOLUME_SCALE,
} from "@upline/core";
import {
  closeAsks,
  type FastStartFacts,
  isNothing,
  type OrderFacts,
  type OrderVolume,
  openFastStarts,
} from "@upline/core/engine";
import { recompute } from "../orders/decide.ts";
import { currencyOf, lockedRate, missingRate } from "../orders/exchange.ts";
import type { Snapshot } from "../orders/snapshot.ts";

/** What an order puts into its period: pure, from its newest snapshot alone. */

/** No market of the plan: the rate of "*" counts. */
export const ANY_MARKET = "*";

/**
 * The volumes an order stands at now, refunds applied line by line as they are to commissions:
 * `volume − round(volume × refunded net ÷ net)`. Empty where nothing is earned or nobody owns it.
 */
export function orderVolumes(args: {
  snapshot: Snapshot;
  plan: Plan;
  distributorNo: number;
  /** What measures ask of the order besides; left out where the plan's never do. */
  facts?: OrderFacts | null;
}): OrderVolume[] {
  const { snapshot, plan, distributorNo, facts = null } = args;
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
    ...(facts === null ? {} : { facts }),
  };
  const asks = closeAsks(plan);
  const deductions = asks.less.length === 0 ? {} : deductionsOf(snapshot, plan);
  const back = refundedNet(state);
  const byClass = new Map<string, OrderVolume>();
  for (const line of state.lines) {
    const mapping = locked.mappings[line.lineId];
    const net = netOfLine(line);
    if (mapping === undefined || line.kind !== "product" || net === 0n) continue;
    const computed = commissionableLine({ line, mapping, currency: state.currency, exchange });
    const { pv, qv, cv, commissionClass } = computed;
    const refunded = back.get(line.lineId) ?? 0n;
    const kept = (value: bigint) => value - divideHalfUp(value * refunded, net);
    const sum = byClass.get(commissionClass) ?? { ...shared, commissionClass, pv: 0n, qv: 0n, cv: 0n, netMinor: 0n };
    byClass.set(commissionClass, {
      ...sum,
      pv: sum.pv + kept(pv),
      qv: sum.qv + kept(qv),
      cv: sum.cv + kept(cv),
      netMinor: sum.netMinor + worth(net) - worth(refunded),
      // A piece stays sold until all of its line was given back.
      ...(facts === null ? {} : { items: (sum.items ?? 0n) + (refunded < net ? pieces(line.quantity) : 0n) }),
      ...(asks.retail ? { retailMinor: (sum.retailMinor ?? 0n) + kept(worth(computed.retailMinor ?? net)) } : {}),
      ...(asks.less.length === 0
        ? {}
        : { lessMinor: lessOf(asks.less, (id) => (sum.lessMinor?.[id] ?? 0n) + kept(deductions[id]?.[line.lineId] ?? 0n)) }),
    });
  }
  return [...byClass.values()].filter((volume) => !isNothing(volume));
}

/** What order-time bonuses paid on the lines, of what closes take it off. */
function deductionsOf(snapshot: Snapshot, plan: Plan): NonNullable<Computation["deductions"]> {
  return recompute(snapshot, { planByHash: () => plan }, { explain: false }).deductions ?? {};
}

const lessOf = (ids: readonly string[], minorOf: (id: string) => bigint): Record<string, bigint> =>
  Object.fromEntries(ids.map((id) => [id, minorOf(id)]));

const pieces = (quantity: number): bigint => BigInt(Math.round(quantity * Number(VOLUME_SCALE)));

/** So many digits of a keyed hash tell a buyer from the others of one distributor. */
const DIGITS = 16;

/** What measures ask of an order besides its volume. */
export function orderFacts({ state, locked }: Snapshot): OrderFacts {
  return {
    subscription: state.subscription === true,
    firstOrder: locked.firstOrder,
    buyer: locked.buyerHashes.map((hash) => hash.slice(0, DIGITS)).join(","),
  };
}

/** Of an order's facts those that decide which fast starts are open on it. */
function orderTimeOf({ state, locked }: Snapshot): FastStartFacts {
  return {
    placedAt: state.placedAt,
    market: locked.upline[0]?.country ?? null,
    buyer: locked.buyer,
    firstOrder: locked.firstOrder,
    subscription: state.subscription === true,
    upline: locked.upline,
  };
}

/** The fast starts of a volume entry, one by one. */
export const fastStartIds = (text: string): string[] => text.split(",").filter((id) => id !== "");
