import { type CloseInput, NOTHING_CARRIED } from "../src/period/input.ts";
import { definePlan } from "../src/plan/parse.ts";
import type { Plan } from "../src/plan/schema.ts";

/** A made-up company for the bench: the same numbers for the same size, on every machine. */

const common = {
  format: "upline-plan/1" as const,
  id: "bench",
  name: "Bench",
  version: 1,
  timeZone: "UTC",
  rounding: "half-up" as const,
  ownPurchase: "pays-upline" as const,
  cvRates: { "*": "1" },
  active: { statuses: ["active"], minimumPv: "50", beforeFirstClose: "active" as const },
  commissionClasses: [{ id: "standard", name: "Standard" }],
  ranks: [
    { id: "bronze", name: "Bronze", requires: { pv: "50", gv: { volume: "300" } } },
    { id: "silver", name: "Silver", requires: { pv: "100", gv: { volume: "1000" }, activeLegs: 2 } },
    {
      id: "gold",
      name: "Gold",
      requires: { pv: "100", gv: { volume: "4000", maxLeg: { mode: "cap-on-required" as const, share: "0.5" } }, activeLegs: 3 },
    },
    {
      id: "platinum",
      name: "Platinum",
      requires: {
        pv: "100",
        gv: { volume: "15000", maxLeg: { mode: "cap-on-total" as const, share: "0.5" } },
        legsWithRank: [{ rank: "silver", legs: 2 }],
      },
    },
    {
      id: "diamond",
      name: "Diamond",
      requires: {
        pv: "100",
        gv: { volume: "60000", maxLeg: { mode: "cap-on-required" as const, share: "0.5" } },
        legsWithRank: [{ rank: "gold", legs: 3 }],
      },
    },
  ],
};

const base: Plan["bonuses"] = [
  {
    id: "levels",
    kind: "unilevel",
    snapshot: "close",
    base: "cv",
    rates: {
      bronze: ["0.05", "0.04"],
      silver: ["0.05", "0.04", "0.03"],
      gold: ["0.05", "0.04", "0.03", "0.02", "0.02"],
      platinum: ["0.05", "0.04", "0.03", "0.02", "0.02", "0.01"],
      diamond: ["0.05", "0.04", "0.03", "0.02", "0.02", "0.01", "0.01"],
      none: ["0.05"],
    },
    levelOne: "owner",
    compression: "standard",
    unqualifiedSource: "pay-in-place",
    unqualifiedEarner: "company",
  },
  {
    id: "difference",
    kind: "differential",
    snapshot: "close",
    base: "cv",
    percentage: { by: "rank", rates: { bronze: "0.03", silver: "0.06", gold: "0.09", platinum: "0.12", diamond: "0.15" } },
    stopsAtBreakaway: false,
    includesSource: true,
  },
];

const more: Plan["bonuses"] = [
  {
    id: "pairs",
    kind: "binary",
    snapshot: "close",
    tree: "binary",
    pay: { mode: "percent", rates: { "*": "0.10" } },
    remainder: "carry",
    flushIfInactive: true,
    cappedVolume: "consumed",
    positionCap: { "*": "5000" },
  },
  {
    id: "match",
    kind: "matching",
    snapshot: "close",
    of: ["pairs"],
    amounts: "after-caps",
    cascade: false,
    rates: { silver: ["0.10"], gold: ["0.10", "0.05"], platinum: ["0.10", "0.05", "0.05"], diamond: ["0.10", "0.05", "0.05"] },
    by: { kind: "level", compression: "dynamic" },
    who: "everyone",
  },
];

/** PV, GV, ranks, seven levels with compression, differential: the set the time target is set for. */
export const basePlan = definePlan({ ...common, bonuses: base });
/** The same with binary and matching on it. */
export const fullPlan = definePlan({ ...common, bonuses: [...base, ...more] });

export function companyOf(plan: Plan, count: number, rows: number): CloseInput {
  const random = randomFrom(20_261_123);
  const sponsor = new Int32Array(count).fill(-1);
  for (let no = 1; no < count; no++) sponsor[no] = Math.floor(no * random() ** 1.5);
  return {
    plan,
    periodId: "bench",
    endsAt: 0,
    currency: "USD",
    network: {
      count,
      ids: null,
      sponsor,
      earning: new Uint8Array(count).fill(1),
      title: new Int16Array(count).fill(-1),
      recentRanks: [],
      graceUsed: new Uint8Array(count),
      directives: [],
      placements: { binary: binaryTree(count, random) },
    },
    orders: ordersOf(count, rows, random),
    carried: NOTHING_CARRIED,
  };
}

/** Newcomers walk down random legs from the root until one is free. */
function binaryTree(count: number, random: () => number): { parent: Int32Array; leg: Uint8Array } {
  const parent = new Int32Array(count).fill(-1);
  const leg = new Uint8Array(count);
  const below = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)] as const;
  for (let no = 1; no < count; no++) {
    let at = 0;
    let side = random() < 0.5 ? 0 : 1;
    for (let next = below[side as 0 | 1][at] as number; next >= 0; next = below[side as 0 | 1][at] as number) {
      at = next;
      side = random() < 0.5 ? 0 : 1;
    }
    below[side as 0 | 1][at] = no;
    parent[no] = at;
    leg[no] = side;
  }
  return { parent, leg };
}

function ordersOf(count: number, rows: number, random: () => number): CloseInput["orders"] {
  const owner = new Int32Array(rows);
  const self = new Uint8Array(rows);
  const pv = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    owner[row] = Math.floor(random() * count);
    self[row] = random() < 0.4 ? 1 : 0;
    pv[row] = (500 + Math.floor(random() * 6000)) * 100;
  }
  const small = new Uint16Array(rows);
  return { owner, self, pv, qv: pv, cv: pv, classNo: small, marketNo: small, markets: ["*"] };
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
