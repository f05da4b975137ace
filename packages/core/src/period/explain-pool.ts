import { formatAmount } from "../money.ts";
import { formatVolume } from "../plan/parts.ts";
import { compileCondition } from "../plan/people.ts";
import type { PoolBonus, PoolUnits } from "../plan/pool.ts";
import type { CloseResult } from "./close.ts";
import type { CloseInput } from "./input.ts";
import { poolUnitsOf, shareLimits, unitSources } from "./pool-shares.ts";

/** How much of a pool somebody has: their units by source, all units, the pool, and the limit of a share where it cut. */
export function poolLines({ input, result }: { input: CloseInput; result: CloseResult }, bonus: PoolBonus, no: number): string[] {
  const { plan, network, currency } = input;
  const standing = { plan, facts: result.facts, people: result.people };
  const units = poolUnitsOf(bonus, standing);
  const own = units(no);
  const sizeMinor = poolSizeOf(result, bonus);
  const money = (minor: bigint): string => `${formatAmount(minor, currency)} ${currency}`;
  if (sizeMinor <= 0n) return ["the pool holds nothing"];
  const sources = unitSources(bonus, standing).map(
    ({ source, units: of }) => `${nameOf(source, result, no)}: ${formatVolume(of(no))}`,
  );
  if (own <= 0n) {
    if (!result.people.isActive(no)) return ["no member: only the active share the pool"];
    const qualifies = bonus.earnsIf === undefined || compileCondition(bonus.earnsIf, plan)(result.people, no);
    return qualifies ? [`no units (${sources.join(", ")})`] : [];
  }
  let all = 0n;
  for (let other = 0; other < network.count; other++) {
    const theirs = units(other);
    if (theirs > 0n) all += theirs;
  }
  const limit = shareLimits(bonus, { ...standing, sizeMinor, currency })(no);
  const paid = result.bonuses.find(({ bonusId }) => bonusId === bonus.id)?.beforeCaps[no] ?? 0;
  const cut = limit !== null && BigInt(paid) === limit;
  return [
    `${formatVolume(own)} of ${formatVolume(all)} units (${sources.join(", ")}) of a pool of ${money(sizeMinor)}`,
    ...(cut ? [`nobody gets more than ${money(limit)}; the rest ${CUT[bonus.cutGoesTo ?? "company"]}`] : []),
  ];
}

const CUT = {
  others: "goes to the others by their units",
  company: "stays with the company",
  "roll-over": "goes into the next pool",
};

/** What was shared: everything paid, what stayed with the company, and what rolled over. */
function poolSizeOf(result: CloseResult, { id }: PoolBonus): bigint {
  const closed = result.bonuses.find((bonus) => bonus.bonusId === id);
  const paid = (closed?.beforeCaps ?? new Float64Array(0)).reduce((sum, minor) => sum + minor, 0);
  return BigInt(paid) + BigInt(closed?.breakageMinor ?? 0) + BigInt(result.carried.pools[id] ?? 0);
}

function nameOf(source: PoolUnits, { people }: CloseResult, no: number): string {
  if (source.by === "rank") return "rank";
  if (source.by === "volume") return source.volume.toUpperCase();
  return `${source.measure} ${formatVolume(BigInt(people.measure(source.measure, no)))} × ${source.each ?? 1}`;
}
