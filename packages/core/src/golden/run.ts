import { formatAmount, parseAmount } from "../money.ts";
import { exactFact } from "../period/facts.ts";
import { parsePlan } from "../plan/parse.ts";
import { formatVolume, volumeOf } from "../plan/parts.ts";
import { PlanError } from "../plan/problem.ts";
import { rankNoOf } from "../plan/rules.ts";
import type { Plan } from "../plan/schema.ts";
import { float64At, int16At } from "../typed.ts";
import { type GoldenCase, type GoldenExpectation, type GoldenScenario, goldenCase } from "./case.ts";
import { buildNetwork, type CaseNetwork, numberOf } from "./network.ts";
import { comparePayouts } from "./payouts.ts";
import { type Listener, type Played, playPeriods } from "./play.ts";

/** One thing a case expected and did not get. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

export interface CaseResult {
  readonly id: string;
  readonly outcome: "passed" | "contradicted" | "refused" | "failed";
  /** For `contradicted` why the source is not followed; for `refused` what is wrong with the plan, for `failed` with the case itself. */
  readonly reason: string | null;
  readonly differences: readonly Difference[];
}

/** Gives the document of a plan that a case names by its path. */
export type ReadPlan = (path: string) => unknown;

/**
 * Runs a golden case document: one result for a plain case, one per scenario otherwise. Pure but for `readPlan`; never
 * throws: a document that cannot be read fails and says why. The format is in docs/golden-cases.md.
 */
export function runGoldenCase(document: unknown, readPlan?: ReadPlan, listener?: Listener): CaseResult[] {
  const parsed = goldenCase.safeParse(document);
  if (!parsed.success) {
    const name = typeof document === "object" && document !== null && "id" in document ? String(document.id) : "unnamed";
    const reason = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
    return [{ id: name, outcome: "failed", reason, differences: [] }];
  }
  const golden = parsed.data;
  const scenarios: GoldenScenario[] = golden.scenarios ?? [{ name: "", expected: golden.expected ?? {} }];
  return scenarios.map((scenario) => runScenario(golden, scenario, { readPlan, listener }));
}

/** The counts a run of many cases ends with. */
export function tally(
  results: readonly CaseResult[],
): Record<"cases" | "passed" | "contradicted" | "refused" | "failed", number> {
  const count = (outcome: CaseResult["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
  return {
    cases: results.length,
    passed: count("passed"),
    contradicted: count("contradicted"),
    refused: count("refused"),
    failed: count("failed"),
  };
}

interface Reading {
  readonly readPlan: ReadPlan | undefined;
  readonly listener: Listener | undefined;
}

function runScenario(golden: GoldenCase, scenario: GoldenScenario, reading: Reading): CaseResult {
  const id = scenario.name === "" ? golden.id : `${golden.id}/${scenario.name}`;
  try {
    const differences = differencesOf(golden, scenario, reading);
    if (scenario.contradicted !== undefined && differences.length > 0)
      return { id, outcome: "contradicted", reason: scenario.contradicted, differences };
    return { id, outcome: differences.length === 0 ? "passed" : "failed", reason: null, differences };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // A plan that the language does not allow is a finding about the plan; nothing was played that could be wrong.
    return { id, outcome: error instanceof PlanError ? "refused" : "failed", reason, differences: [] };
  }
}

function planOf({ plan }: GoldenCase, readPlan: ReadPlan | undefined): object {
  if (typeof plan !== "string") return plan;
  const read = readPlan?.(plan);
  if (typeof read !== "object" || read === null) throw new Error(`the case's plan "${plan}" cannot be read here`);
  return read;
}

function differencesOf(golden: GoldenCase, scenario: GoldenScenario, reading: Reading): Difference[] {
  const plan = parsePlan({ ...planOf(golden, reading.readPlan), ...scenario.plan });
  const network = buildNetwork(scenario.distributors ?? golden.distributors, golden.spillover);
  const periods = scenario.periods ?? golden.periods;
  const played = playPeriods(plan, golden.currency, network, periods, reading.listener);
  const payouts = comparePayouts({ plan, network, periods, played }, scenario.expected);
  return [
    ...compare({ plan, network, played, currency: golden.currency, expected: scenario.expected }),
    ...payouts.filter((pair) => pair.expected !== pair.actual),
  ];
}

interface Comparison {
  readonly plan: Plan;
  readonly network: CaseNetwork;
  readonly played: Played;
  readonly currency: string;
  readonly expected: GoldenExpectation;
}

function compare(all: Comparison): Difference[] {
  const pairs = [...comparePaid(all), ...compareSides(all), ...compareRanks(all), ...compareMeasures(all), ...comparePlaces(all)];
  return pairs.filter((pair) => pair.expected !== pair.actual);
}

function comparePaid({ played, currency, expected }: Comparison): Difference[] {
  const claims = (expected.paid ?? []).map((claim) => {
    const matching = played.amounts.filter(
      (amount) =>
        amount.to === claim.to &&
        (claim.period === undefined || amount.period === claim.period) &&
        (claim.bonus === undefined || amount.bonus === claim.bonus) &&
        (claim.from === undefined || amount.from === claim.from) &&
        (claim.level === undefined || amount.level === claim.level) &&
        (claim.order === undefined || amount.order === claim.order),
    );
    const what = Object.entries(claim).flatMap(([key, value]) => (key === "amount" ? [] : [`${key} ${value ?? "company"}`]));
    return { what: `paid ${what.join(", ")}`, expected: money(claim.amount, currency), actual: sum(matching, currency) };
  });
  if (expected.total === undefined) return claims;
  const paidOut = played.amounts.filter((amount) => amount.to !== null);
  return [...claims, { what: "paid in all", expected: money(expected.total, currency), actual: sum(paidOut, currency) }];
}

const money = (text: string, currency: string): string => formatAmount(parseAmount(text, currency), currency);

function sum(amounts: readonly { amountMinor: bigint }[], currency: string): string {
  return formatAmount(
    amounts.reduce((all, amount) => all + amount.amountMinor, 0n),
    currency,
  );
}

function closeOf(played: Played, period: string): Played["closes"][number] {
  const found = played.closes.find((close) => close.periodId === period);
  if (found === undefined) throw new Error(`the case expects something of the period "${period}", which it does not have`);
  return found;
}

function compareSides({ played, network, expected }: Comparison): Difference[] {
  const sides = (expected.carry ?? []).flatMap(({ period, bonus, distributor, left, right }) => {
    const carry = closeOf(played, period).carried.binary[bonus];
    const no = numberOf(network.numbers, distributor);
    const held = (ages: readonly Float64Array[] | undefined): string =>
      formatVolume(BigInt((ages ?? []).reduce((all, age) => all + float64At(age, no), 0)));
    const what = `carry of ${distributor} after ${period}`;
    return [
      { what: `${what}, left`, expected: volume(left), actual: held(carry?.left) },
      { what: `${what}, right`, expected: volume(right), actual: held(carry?.right) },
    ];
  });
  const matched = (expected.matched ?? []).map(({ period, bonus, distributor, amount }) => {
    const outcome = closeOf(played, period).binary[bonus];
    const value = outcome?.matched[numberOf(network.numbers, distributor)] ?? 0;
    return {
      what: `matched by ${distributor} in ${period}`,
      expected: volume(amount),
      actual: outcome?.counts === "cycles" ? String(value) : formatVolume(BigInt(value)),
    };
  });
  return [...sides, ...matched];
}

const volume = (text: string): string => formatVolume(volumeOf(text));

function compareRanks({ plan, played, network, expected }: Comparison): Difference[] {
  const name = (rankNo: number): string => plan.ranks[rankNo]?.id ?? "none";
  const ranks = (expected.ranks ?? []).map(({ period, distributor, rank }) => ({
    what: `rank of ${distributor} in ${period}`,
    expected: rank === null ? "none" : name(rankNoOf(plan, rank)),
    actual: name(int16At(closeOf(played, period).ranks.paidAs, numberOf(network.numbers, distributor))),
  }));
  const volumes = (expected.volumes ?? []).flatMap(({ period, distributor, pv, gv }) => {
    const { facts } = closeOf(played, period);
    const no = numberOf(network.numbers, distributor);
    const claims: Difference[] = [];
    if (pv !== undefined)
      claims.push({
        what: `PV of ${distributor} in ${period}`,
        expected: volume(pv),
        actual: formatVolume(exactFact(facts, "pv", no)),
      });
    if (gv !== undefined)
      claims.push({
        what: `GV of ${distributor} in ${period}`,
        expected: volume(gv),
        actual: formatVolume(exactFact(facts, "gv", no)),
      });
    return claims;
  });
  return [...ranks, ...volumes];
}

function compareMeasures({ played, network, expected }: Comparison): Difference[] {
  return (expected.measures ?? []).map(({ period, distributor, measure, value }) => ({
    what: `${measure} of ${distributor} in ${period}`,
    expected: volume(value),
    actual: formatVolume(BigInt(closeOf(played, period).people.measure(measure, numberOf(network.numbers, distributor)))),
  }));
}

function comparePlaces({ network, expected }: Comparison): Difference[] {
  return (expected.places ?? []).map(({ tree, distributor, parent, leg }) => {
    const no = numberOf(network.numbers, distributor);
    const columns = network.placements[tree];
    const actualParent = network.distributors[columns?.parent[no] ?? -1]?.id ?? "nobody";
    return {
      what: `place of ${distributor} in ${tree}`,
      expected: `${parent}/${leg}`,
      actual: `${actualParent}/${columns?.leg[no] ?? "none"}`,
    };
  });
}
