import { closePeriod } from "../src/period/close.ts";
import { naiveClose } from "./naive.ts";
import { basePlan, companyOf, fullPlan } from "./network.ts";

/**
 * The close of a large company in one process: seconds and memory, and the same close by a plain
 * recursive program at a smaller size, as oracle and as a ratio.
 *
 *   node packages/core/bench/close.ts [distributors] [orders]
 */

const distributors = Number(process.argv[2] ?? 1_000_000);
const orders = Number(process.argv[3] ?? 5 * distributors);
const SMALL = 20_000;

const oracle = compareWithNaive(Math.min(SMALL, distributors));
const rows = [
  measure("PV, GV, ranks, 7 levels compressed, differential", basePlan),
  measure("the same with binary and matching", fullPlan),
];

console.log(`\nclose of ${distributors.toLocaleString("en")} distributors and ${orders.toLocaleString("en")} order lines`);
console.table(
  Object.fromEntries(
    rows.map((row) => [
      row.name,
      { seconds: row.seconds, "CPU seconds": row.cpuSeconds, "memory MB": row.memoryMb, "paid in millions": row.paidMillions },
    ]),
  ),
);
console.log(
  `oracle: ${oracle.distributors} distributors, ${oracle.amounts} amounts equal, the plain program takes ${oracle.ratio} times as long`,
);
console.log(
  JSON.stringify({
    distributors,
    orders,
    baseSeconds: rows[0]?.seconds,
    baseCpuSeconds: rows[0]?.cpuSeconds,
    fullSeconds: rows[1]?.seconds,
    fullCpuSeconds: rows[1]?.cpuSeconds,
    peakMemoryMb: peakMb(),
    oracleDistributors: oracle.distributors,
    oracleEqual: oracle.equal,
    naiveRatio: oracle.ratio,
  }),
);
if (!oracle.equal) process.exit(1);

function measure(
  name: string,
  plan: typeof basePlan,
): { name: string; seconds: number; cpuSeconds: number; memoryMb: number; paidMillions: number } {
  const input = companyOf(plan, distributors, orders);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = closePeriod(input);
  const seconds = Math.round(performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuSeconds = Math.round((used.user + used.system) / 1000) / 1000;
  const paid = result.bonuses.reduce((sum, bonus) => sum + bonus.amounts.reduce((all, amount) => all + amount, 0), 0);
  return {
    name,
    seconds,
    cpuSeconds,
    memoryMb: Math.round(process.memoryUsage().rss / 1e6),
    paidMillions: Math.round(paid / 1e6) / 100,
  };
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1000);
}

function compareWithNaive(count: number): { distributors: number; amounts: number; equal: boolean; ratio: number } {
  const input = companyOf(fullPlan, count, 5 * count);
  const t0 = performance.now();
  const people = naiveClose(input);
  const t1 = performance.now();
  const result = closePeriod(input);
  const t2 = performance.now();
  let amounts = 0;
  let equal = true;
  for (const bonus of result.bonuses) {
    for (const person of people) {
      const expected = Number(person.earned[bonus.bonusId] ?? 0n);
      if (expected !== bonus.amounts[person.no]) equal = false;
      if (expected !== 0) amounts++;
    }
  }
  const ranksEqual = people.every((person) => person.rank === result.ranks.paidAs[person.no]);
  return { distributors: count, amounts, equal: equal && ranksEqual, ratio: Math.round((t1 - t0) / (t2 - t1)) };
}
