import { parsePlan } from "../plan/parse.ts";
import type { Plan } from "../plan/schema.ts";
import { planOf } from "../plan/testing.ts";
import { type CloseInput, type CloseNetwork, type CloseOrders, NOTHING_CARRIED } from "./input.ts";

/** Small closes for tests. */

/** One row: owner, whether it is their own purchase, and its volume, which is PV, QV and CV alike. */
export interface TestRow {
  readonly owner: number;
  readonly self?: boolean;
  readonly volume: number;
  readonly classNo?: number;
}

export function networkOf(sponsors: readonly number[], overrides: Partial<CloseNetwork> = {}): CloseNetwork {
  const count = sponsors.length;
  return {
    count,
    ids: sponsors.map((_, no) => `d${String(no).padStart(4, "0")}`),
    sponsor: Int32Array.from(sponsors),
    earning: new Uint8Array(count).fill(1),
    title: new Int16Array(count).fill(-1),
    recentRanks: [],
    graceUsed: new Uint8Array(count),
    directives: [],
    placements: {},
    ...overrides,
  };
}

export function rowsOf(rows: readonly TestRow[]): CloseOrders {
  const volume = Float64Array.from(rows, (row) => row.volume);
  return {
    owner: Int32Array.from(rows, (row) => row.owner),
    classNo: Uint16Array.from(rows, (row) => row.classNo ?? 0),
    marketNo: new Uint16Array(rows.length),
    markets: ["*"],
    self: Uint8Array.from(rows, (row) => (row.self === true ? 1 : 0)),
    pv: volume,
    qv: volume,
    cv: volume,
  };
}

export function closeOf(
  plan: Partial<Plan> | Plan,
  network: CloseNetwork,
  rows: readonly TestRow[],
  overrides: Partial<CloseInput> = {},
): CloseInput {
  const whole = Object.isFrozen(plan) ? (plan as Plan) : parsePlan(planOf(plan));
  return {
    plan: whole,
    periodId: "p1",
    endsAt: 0,
    currency: "USD",
    network,
    orders: rowsOf(rows),
    carried: NOTHING_CARRIED,
    ...overrides,
  };
}

/** Ranks fixed by directives without end; -1 is none. */
export function fixedRanks(ranks: readonly number[]): CloseNetwork["directives"] {
  return ranks.map((rankNo, no) => ({ no, kind: "override", rankNo, until: Number.POSITIVE_INFINITY }));
}
