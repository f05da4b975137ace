import { setImmediate as turn } from "node:timers/promises";
import { type Plan, parseDecimal, volumeOf } from "@upline/core";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { packedNumbers, packedTexts } from "../db/packed.ts";
import type { Packed, Sums } from "../db/query.ts";
import type { SeenCompany, VolumesOfTree } from "../network/frontline.ts";
import type { Network } from "../network/network.ts";
import { type TreeSums, treeSumsOf } from "../network/tree-sums.ts";
import { mainCalendar } from "./calendars.ts";
import { listPeriods, type Period } from "./queries.ts";

/**
 * Personal and group volume of everybody in a period, from memory: what is booked, summed once, and then only what was booked since.
 * Personal volume is as a close counts it: by the plan's factors, and never below zero.
 */

/** Of a network so many periods are kept: the present one, and one that somebody looks back at. */
const KEPT = 2;

/** Own volume with that of all below, in one tree. */
class Groups {
  readonly sums: TreeSums;
  /** By distributor number, ten-thousandths; 0 is the company. */
  #volumes: Float64Array;
  #size: number;

  constructor(sums: TreeSums, volumes: Float64Array, size: number) {
    this.sums = sums;
    this.#volumes = volumes;
    this.#size = size;
  }

  of(no: number): number {
    return this.#volumes[no] ?? 0;
  }

  /** Somebody's own volume has changed. */
  add(no: number, change: number): void {
    // Whoever is not counted yet comes with all they have.
    if (no > this.#size || change === 0) return;
    for (let up = no; ; up = this.sums.aboveOf(up)) {
      this.#volumes[up] = this.of(up) + change;
      if (up === 0) return;
    }
  }

  /** Takes in who was enrolled since. */
  grow(pvOf: (no: number) => number): void {
    const { size } = this.sums;
    if (size >= this.#volumes.length) {
      const wide = new Float64Array(Math.ceil((size + 1) * 1.25));
      wide.set(this.#volumes);
      this.#volumes = wide;
    }
    while (this.#size < size) {
      this.#size++;
      this.add(this.#size, pvOf(this.#size));
    }
  }
}

class PeriodVolumes {
  readonly key: string;
  readonly #factors: ReadonlyMap<string, number>;
  readonly #den: number;
  /** By distributor number, ten-thousandths times the factors' denominator. */
  #weighed = new Float64Array(0);
  #upto = "0";
  #groups: Groups[] = [];

  constructor(key: string, plan: Plan | null) {
    this.key = key;
    const factors = (plan?.commissionClasses ?? []).map(({ id, factors }) => [id, parseDecimal(factors?.pv ?? "1")] as const);
    const den = factors.reduce((all, [, { den }]) => leastMultiple(all, den), 1n);
    this.#den = Number(den);
    this.#factors = new Map(factors.map(([id, { num, den: own }]) => [id, Number((num * den) / own)]));
  }

  pvOf(no: number): number {
    const weighed = this.#weighed[no] ?? 0;
    return weighed <= 0 ? 0 : Math.floor(weighed / this.#den);
  }

  /** Takes in what was booked since the last time. */
  async follow(tx: Tx, of: { companyId: number; periodNo: number }): Promise<void> {
    const pages = await tx<(Packed<"distributorNos" | "classes" | "pv"> & Sums<"last">)[]>`
      select array_send(array_agg(distributor_no)) as "distributorNos", array_send(array_agg(commission_class)) as classes,
             array_send(array_agg(pv)) as pv, max(last)::bigint as last
        from (select distributor_no, commission_class, sum(pv)::float8 as pv, max(entry_no) as last from volume_entries
               where company_id = ${of.companyId} and period_no = ${of.periodNo} and entry_no > ${this.#upto}
               group by distributor_no, commission_class) booked
      having count(*) > 0`;
    for (const page of pages) {
      const classes = packedTexts(page.classes);
      const pv = packedNumbers(page.pv);
      for (const [index, no] of packedNumbers(page.distributorNos).entries())
        this.#add(no, (pv[index] as number) * (this.#factors.get(classes[index] as string) ?? 0));
      this.#upto = String(page.last);
    }
  }

  #add(no: number, weighed: number): void {
    if (weighed === 0) return;
    if (no >= this.#weighed.length) {
      const wide = new Float64Array(Math.ceil((no + 1) * 1.25));
      wide.set(this.#weighed);
      this.#weighed = wide;
    }
    const before = this.pvOf(no);
    this.#weighed[no] = (this.#weighed[no] as number) + weighed;
    for (const groups of this.#groups) groups.add(no, this.pvOf(no) - before);
  }

  async groupsIn(sums: TreeSums): Promise<Groups> {
    const known = this.#groups.find((each) => each.sums === sums);
    const groups = known ?? (await this.#sumUp(sums));
    groups.grow((no) => this.pvOf(no));
    this.#groups = [groups, ...this.#groups.filter((each) => each !== groups)].slice(0, KEPT);
    return groups;
  }

  async #sumUp(sums: TreeSums): Promise<Groups> {
    const { size } = sums;
    const steps = sums.sumUp((no) => this.pvOf(no));
    let step = steps.next();
    for (; !step.done; step = steps.next()) await turn();
    return new Groups(sums, step.value, size);
  }
}

function leastMultiple(a: bigint, b: bigint): bigint {
  let [left, right] = [a, b];
  while (right !== 0n) [left, right] = [right, left % right];
  return (a / left) * b;
}

const kept = new WeakMap<Network, PeriodVolumes[]>();
/** Of one network one call after the other: what is booked is added once. */
const turns = new WeakMap<Network, Promise<unknown>>();

/** Volumes of the period that holds a time, of the calendar that ranks go by; what booked orders left, and nothing of those that wait to be booked. */
export function groupVolumes(db: Pick<Database, "app">): VolumesOfTree {
  return async (args) => {
    const { companyId, network, at, plan } = args;
    const periods = await asCompany(db, companyId, (tx) => listPeriods(tx, companyId));
    const calendar = mainCalendar(plan?.plan ?? null);
    const around = periods.filter((each) => each.calendar === calendar && each.startsAt <= at && at < each.endsAt);
    // Another plan may have periods of the same days.
    const period = around.find(({ planId }) => planId === plan?.plan.id) ?? around.at(-1);
    const active = plan === null ? null : activeRule(plan.plan);
    if (period === undefined) return { period: null, active, pvOf: () => null, gvOf: () => null };
    const before = turns.get(network) ?? Promise.resolve();
    const turnOf = before.then(() => inTurn(db, args, period));
    const over = turnOf.catch(() => kept.delete(network));
    turns.set(network, over);
    const { volumes, groups } = await turnOf;
    const { periodNo, name } = period;
    return {
      ...{ period: { id: String(periodNo), name }, active },
      pvOf: (no) => volumes.pvOf(no),
      gvOf: (no) => groups.of(no),
    };
  };
}

/** Sums the present volumes of a company at once, so that whoever looks first does not wait for it. */
export function readVolumesAhead(db: Pick<Database, "app">, seen: SeenCompany): (companyId: number) => Promise<void> {
  const volumesOf = groupVolumes(db);
  return async (companyId) => {
    const at = new Date();
    const company = await seen(companyId);
    const sums = await treeSumsOf(company.network, at.getTime());
    await volumesOf({ companyId, network: company.network, sums, at, plan: company.planAt(at.getTime()) });
  };
}

async function inTurn(
  db: Pick<Database, "app">,
  { companyId, network, sums, plan }: Parameters<VolumesOfTree>[0],
  { periodNo }: Period,
): Promise<{ volumes: PeriodVolumes; groups: Groups }> {
  const key = `${periodNo} ${plan?.hash}`;
  const known = kept.get(network) ?? [];
  const volumes = known.find((each) => each.key === key) ?? new PeriodVolumes(key, plan?.plan ?? null);
  await asCompany(db, companyId, (tx) => volumes.follow(tx, { companyId, periodNo }));
  kept.set(network, [volumes, ...known.filter((each) => each !== volumes)].slice(0, KEPT));
  return { volumes, groups: await volumes.groupsIn(sums) };
}

const activeRule = ({ active }: Plan) => ({
  statuses: active.statuses,
  minimumPv: volumeOf(active.minimumPv),
  isByVolumeAlone: active.condition === undefined,
});
