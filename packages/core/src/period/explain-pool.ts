import { formatAmount } from "../money.ts";
import { formatVolume } from "../plan/parts.ts";
import { compileCondition } from "../plan/people.ts";
import type { PoolBonus, PoolUnits } from "../plan/pool.ts";
import { type Reason, reason } from "../reasons/reason.ts";
import type { CloseResult } from "./close.ts";
import { type CloseInput, underDates } from "./input.ts";
import { poolUnitsOf, shareLimits, unitSources } from "./pool-shares.ts";

/** How much of a pool somebody has: their units by source, all units, the pool, and the limit of a share where it cut. */
export function poolReasons(
  { input, result }: { input: CloseInput; result: CloseResult },
  bonus: PoolBonus,
  no: number,
): Reason[] {
  const { plan, currency } = input;
  const standing = { plan, facts: result.facts, people: result.people };
  const units = poolUnitsOf(bonus, standing);
  const own = units(no);
  const whole = wholePool({ input, result }, bonus);
  if (whole === null) return [reason("pool-later")];
  const { sizeMinor, units: all } = whole;
  const money = (minor: bigint) => ({ amount: formatAmount(minor, currency), currency });
  if (sizeMinor <= 0n) return [reason("pool-empty")];
  const sources = unitSources(bonus, standing).map(({ source, units: of }) =>
    unitsReason(source, formatVolume(of(no)), result, no),
  );
  if (own <= 0n) {
    if (!result.people.isActive(no)) return [reason("pool-for-active")];
    const qualifies = bonus.earnsIf === undefined || compileCondition(bonus.earnsIf, plan)(result.people, no);
    return qualifies ? [reason("pool-no-units", {}, sources)] : [];
  }
  const limit = shareLimits(bonus, { ...standing, sizeMinor, currency })(no);
  const paid = result.bonuses.find(({ bonusId }) => bonusId === bonus.id)?.beforeCaps[no] ?? 0;
  const cut = limit !== null && BigInt(paid) === limit;
  return [
    reason("pool-share", { units: formatVolume(own), all: formatVolume(all), ...money(sizeMinor) }, sources),
    ...(cut ? [reason("pool-cut", { ...money(limit), goesTo: bonus.cutGoesTo ?? "company" })] : []),
  ];
}

export interface WholePool {
  readonly units: bigint;
  readonly sizeMinor: bigint;
}

const known = new WeakMap<CloseResult, Map<string, WholePool>>();

/** All units of a pool and what was shared; null where a part of a company was not told. */
export function wholePool({ input, result }: { input: CloseInput; result: CloseResult }, bonus: PoolBonus): WholePool | null {
  if (input.part !== undefined) return input.part.pools[bonus.id] ?? null;
  const pools = known.get(result) ?? new Map<string, WholePool>();
  known.set(result, pools);
  const found = pools.get(bonus.id);
  if (found !== undefined) return found;
  const units = poolUnitsOf(bonus, { plan: input.plan, facts: result.facts, people: result.people });
  let all = 0n;
  for (let no = 0; no < input.network.count; no++) {
    const theirs = units(no);
    if (theirs > 0n) all += theirs;
  }
  const whole = { units: all, sizeMinor: poolSizeOf(result, bonus) };
  pools.set(bonus.id, whole);
  return whole;
}

/** Every pool of a close, for whoever explains a part of it later. */
export function wholePools(given: CloseInput, result: CloseResult): Record<string, WholePool> {
  const input = underDates(given);
  return Object.fromEntries(
    input.plan.bonuses.flatMap((bonus) => {
      const whole = bonus.kind === "pool" ? wholePool({ input, result }, bonus) : null;
      return whole === null ? [] : [[bonus.id, whole]];
    }),
  );
}

/** What was shared: everything paid, what stayed with the company, and what rolled over. */
function poolSizeOf(result: CloseResult, { id }: PoolBonus): bigint {
  const closed = result.bonuses.find((bonus) => bonus.bonusId === id);
  const paid = (closed?.beforeCaps ?? new Float64Array(0)).reduce((sum, minor) => sum + minor, 0);
  return BigInt(paid) + BigInt(closed?.breakageMinor ?? 0) + BigInt(result.carried.pools[id] ?? 0);
}

function unitsReason(source: PoolUnits, units: string, { people }: CloseResult, no: number): Reason {
  if (source.by === "rank") return reason("units-by-rank", { units });
  if (source.by === "volume") return reason("units-by-volume", { volume: source.volume.toUpperCase(), units });
  const value = formatVolume(BigInt(people.measure(source.measure, no)));
  return reason("units-by-measure", { measure: source.measure, value, each: String(source.each ?? 1), units });
}
