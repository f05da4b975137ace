import { type Plan, parsePlan } from "@upline/core";
import postgres from "postgres";
import { createCompany } from "../companies/create.ts";
import { batches } from "../db/batches.ts";
import type { HubParts } from "../parts.ts";
import { publishPlan } from "../plans/publish.ts";

/** A company of some hundred or thousand people whose network, history and volumes are drawn from a seed: the same on every machine. */

/** Whole numbers from 0 up to `below`. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

const rates = (text: string): string[] => text.split(" ");

const close = { snapshot: "close", base: "cv" };

const BONUSES = [
  {
    ...close,
    ...{ id: "levels", kind: "unilevel", levelOne: "owner", compression: "standard", unqualifiedSource: "roll-up" },
    ...{ unqualifiedEarner: "next-qualified", rates: { "*": rates("0.05 0.035 0.015"), gold: rates("0.07 0.05 0.03 0.01") } },
    classRates: { kit: { "*": rates("0.1") } },
  },
  {
    ...close,
    ...{ id: "difference", kind: "differential", stopsAtBreakaway: true, includesSource: true },
    percentage: { by: "rank", rates: { bronze: "0.03", silver: "0.065", gold: "0.09", diamond: "0.125" } },
  },
  {
    ...{ id: "leaders", kind: "breakaway", snapshot: "close" },
    override: { mode: "fixed-per-generation", rates: { gold: rates("0.04"), diamond: rates("0.04 0.02") } },
  },
  {
    ...close,
    ...{ id: "generations", kind: "generation", rates: { gold: rates("0.01 0.005"), diamond: rates("0.02 0.01 0.005") } },
    boundary: { kind: "fixed-rank", rank: "gold", inactiveLeaderBounds: true, emptyGenerationCounts: false },
  },
  {
    ...close,
    id: "far",
    kind: "infinity",
    rates: { silver: "0.01", gold: "0.02" },
    belowLevel: 2,
    pay: { mode: "differential" },
  },
  {
    ...{ id: "pairs", kind: "binary", snapshot: "close", tree: "binary", pay: { mode: "percent", rates: { "*": "0.1" } } },
    ...{
      remainder: "carry",
      flushIfInactive: false,
      cappedVolume: "kept",
      positionCap: { "*": "60" },
      expiresAfterPeriods: 2,
    },
  },
  {
    ...{ id: "match", kind: "matching", snapshot: "close", of: ["pairs", "levels"], amounts: "before-caps", cascade: false },
    ...{ rates: { "*": rates("0.1 0.05") }, by: { kind: "level", compression: "dynamic" }, who: "everyone" },
  },
  {
    ...{ id: "pool", kind: "pool", snapshot: "close", size: { by: "share", share: "0.02" } },
    ...{ units: { by: "rank", units: { diamond: 3 } }, withoutQualifiers: "roll-over" },
  },
  {
    ...{ id: "advance", kind: "rank-advancement", snapshot: "close", paysSkippedRanks: true },
    amounts: { silver: "5.00", gold: "20.00", diamond: "100.00" },
  },
];

/** Every family that pays at a close, three classes, markets with rates of their own, caps and grace. */
export function manyBonusesPlan(negativeVolume: Plan["negativeVolume"]): Plan {
  return parsePlan({
    ...{ format: "upline-plan/1", id: "drawn", name: "Drawn", version: 1, timeZone: "UTC", rounding: "half-even" },
    ...{ ownPurchase: "pays-upline", negativeVolume, refundAfterClose: "reverse-delta", breakawayRank: "gold" },
    cvRates: { "*": "1", DE: "0.9", JP: "1.13" },
    active: { statuses: ["active"], minimumPv: "40", beforeFirstClose: "active" },
    commissionClasses: [
      { id: "standard", name: "Standard" },
      { id: "st-promo", name: "Promotion", factors: { cv: "0.5", pv: "0.5" } },
      { id: "kit", name: "Kit", factors: { qv: "0.25" } },
    ],
    ranks: [
      { id: "bronze", name: "Bronze", requires: { pv: "50" } },
      { id: "silver", name: "Silver", requires: { pv: "60", gv: { volume: "600" }, activeLegs: 1 }, gracePeriods: 1 },
      {
        ...{ id: "gold", name: "Gold", gracePeriods: 2 },
        requires: { pv: "60", gv: { volume: "1500", maxLeg: { mode: "cap-on-total", share: "0.6" } }, retailVolume: "10" },
      },
      {
        ...{ id: "diamond", name: "Diamond" },
        requires: {
          personalGroupVolume: "100",
          legsWithRank: [{ rank: "silver", legs: 2 }],
          heldBefore: { rank: "gold", periods: 1 },
        },
      },
    ],
    bonuses: BONUSES,
    caps: [
      { kind: "distributor", atMost: { "*": "400.00" }, enforcement: "pro-rata" },
      { kind: "company", atMost: { by: "share", share: "0.45" }, enforcement: "pro-rata" },
    ],
  });
}

export interface DrawnCompany {
  readonly companyId: number;
  readonly draw: Draw;
  readonly owner: postgres.Sql;
  readonly people: number;
}

/** Days of 2025 and 2026 as text. */
const day = (draw: Draw, from: string, days: number): string =>
  new Date(Date.parse(from) + draw(days) * 86_400_000).toISOString();

/** The company with its plan, people, moves, standings and places. Its volumes come with `drawVolumes`. */
export async function drawCompany(
  hub: Pick<HubParts, "db" | "box">,
  { seed, people, plan }: { seed: number; people: number; plan: Plan },
): Promise<DrawnCompany> {
  const draw = drawFrom(seed);
  const slug = `drawn-${seed}`;
  const { companyId } = await createCompany(hub, { slug, name: slug });
  await publishPlan(hub, { companyId, document: plan, effectiveFrom: new Date("2026-01-01T00:00:00Z"), actor: "test" });
  const owner = postgres(hub.db.url, { max: 1, onnotice: () => {} });
  const numbers = Array.from({ length: people }, (_, index) => index + 1);
  const own = { company_id: companyId, version: 1 };
  // Ids are not in the order of numbers, and are not plain letters.
  const idOf = (no: number) => `${["p", "Q", "ä", "z"][no % 4]}${(no * 7919) % 10_007}`;
  const distributors = numbers.map((no) => ({
    ...own,
    ...{ distributor_no: no, distributor_id: idOf(no), enrolled_at: day(draw, "2025-01-01", no % 9 === 0 ? 600 : 300) },
  }));
  await insertAll(owner, "distributors", distributors);
  await owner`insert into placement_trees ${owner({ company_id: companyId, tree: "binary", width: 2, spillover: "breadth-first", window_days: 30 })}`;
  const above = (no: number) => (no === 1 ? 0 : 1 + Math.floor((no - 1) * (draw(1000) / 1000) ** 1.5));
  const first = numbers.map((no) => ({
    ...own,
    distributor_no: no,
    sponsor_no: above(no),
    valid_from: day(draw, "2025-06-01", 300),
  }));
  const moved = numbers
    .filter((no) => no > 1 && no % 7 === 0)
    .map((no) => ({ ...own, distributor_no: no, sponsor_no: above(no), valid_from: day(draw, "2026-06-15", 60) }));
  await insertAll(owner, "sponsor_edges", [...first, ...moved]);
  const statuses = ["active", "active", "active", "suspended"] as const;
  const standing = (no: number, from: string) => ({
    ...{
      ...own,
      distributor_no: no,
      status: statuses[draw(4)] as string,
      rank: draw(5) === 0 ? "silver" : null,
      valid_from: from,
    },
  });
  const dated = numbers.filter((no) => no % 5 !== 0).map((no) => standing(no, day(draw, "2025-06-01", 200)));
  // Two of the same moment, some between the closes, some after them all.
  const later = numbers
    .filter((no) => no % 4 === 0)
    .flatMap((no) => ["2026-06-20", "2026-06-20", "2026-07-10", "2026-09-20"].map((at) => standing(no, at)));
  await insertAll(owner, "standings", [...dated, ...later]);
  const places = numbers.map((no) => ({
    ...{ ...own, tree: "binary", actor: "test", distributor_no: no, parent_no: no >> 1, leg: no === 1 ? 0 : no % 2 },
    valid_from: day(draw, "2025-06-01", 200),
  }));
  await insertAll(owner, "placement_edges", places);
  const directives = numbers
    .filter((no) => no % 41 === 0)
    .map((no) => ({
      ...{ company_id: companyId, distributor_no: no, reason: "drawn", actor: "test", rank: draw(2) === 0 ? "gold" : null },
      ...{ kind: draw(2) === 0 ? "override" : "constraint", valid_from: "2026-01-01", valid_until: day(draw, "2026-06-01", 200) },
    }));
  await owner`insert into rank_directives ${owner(directives)}`;
  return { companyId, draw, owner, people };
}

/** So many volume entries of a period, some of them of goods that came back. */
export async function drawVolumes(
  { companyId, draw, owner, people }: DrawnCompany,
  { periodNo, rows, kind = "order" }: { periodNo: number; rows: number; kind?: "order" | "shadow" },
): Promise<void> {
  const entries = Array.from({ length: rows }, () => {
    const volume = (draw(10) === 0 || kind === "shadow" ? -1 : 1) * (1 + draw(900_000));
    return {
      ...{ company_id: companyId, period_no: periodNo, kind, order_no: 1 + draw(1_000_000), revision: 1 },
      ...{ distributor_no: 1 + draw(people), commission_class: ["standard", "st-promo", "kit", "gone"][draw(8) % 4] as string },
      ...{ market: ["*", "DE", "JP"][draw(3)] as string, self_purchase: draw(3) === 0, currency: draw(6) === 0 ? "EUR" : "USD" },
      ...{
        pv: volume,
        qv: volume + draw(3),
        cv: volume - draw(3),
        net_minor: Math.trunc(volume / 100),
        effective_at: "2026-06-15",
      },
    };
  });
  await insertAll(owner, "volume_entries", entries);
}

/** A statement takes 65,534 values. */
const AT_ONCE = 1_000;

async function insertAll(owner: postgres.Sql, table: string, rows: readonly Record<string, string | number | boolean | null>[]) {
  for (const some of batches(rows, AT_ONCE)) await owner`insert into ${owner(table)} ${owner(some)}`;
}
