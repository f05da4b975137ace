import { compareRatio, type Ratio } from "../money.ts";
import { type Reason, type ReasonKind, reason } from "../reasons/reason.ts";
import { payoutCeiling } from "./ceiling.ts";
import { needsOf as conditionNeeds } from "./condition-leaves.ts";
import { currencyFindings } from "./currency-references.ts";
import { isCloseBonus } from "./dependencies.ts";
import { type Finding, findingOf } from "./finding.ts";
import { capFindings } from "./lint-caps.ts";
import { payForRecruiting, unusedNames } from "./lint-conditions.ts";
import { guarantees } from "./lint-guarantee.ts";
import { nothingPassedUp, nothingShared, paidTwice, paysNobody, paysOnSales } from "./lint-pay.ts";
import { treeFindings } from "./lint-trees.ts";
import { trimmed } from "./order-bonuses.ts";
import { volumeOf } from "./parts.ts";
import { promotionSets, withPromotions } from "./promoted.ts";
import type { RankRequirement } from "./ranks.ts";
import { compileLevelRates, type RateTable } from "./rates.ts";
import { rankNoOf } from "./rules.ts";
import type { Bonus, Plan } from "./schema.ts";
import { rowsOf } from "./tables.ts";
import { classFilter } from "./takes.ts";
import { uncomputed } from "./uncomputed.ts";
import type { OpenCeiling } from "./worst-sales.ts";

/** Everything a parsed plan can be told without running it; `trees` are the placement trees there are, where that is known. Circular bonuses and dead names were refused when it was parsed. */
export function lintPlan(plan: Plan, trees?: readonly string[]): Finding[] {
  return [...lintDocument(plan, trees), ...lintPromoted(plan, trees)];
}

/** What is found in a plan as promotions change it, and not in the plan itself. The ceiling is one of both already. */
function lintPromoted(plan: Plan, trees: readonly string[] | undefined): Finding[] {
  if (plan.promotions === undefined) return [];
  const textOf = ({ rule, path, wrong }: Finding): string => `${rule} ${path} ${wrong}`;
  const known = new Set(lintDocument(withPromotions(plan, []), trees).map(textOf));
  const sets = (["order-date", "period-start"] as const).flatMap((decidedBy) => promotionSets(plan, decidedBy).slice(1));
  return sets.flatMap((together) =>
    lintDocument(withPromotions(plan, together), trees)
      .filter((found) => found.severity !== "note" && found.rule !== "ceiling" && !known.has(textOf(found)))
      .map((found) => ({ ...found, path: `promotions ${together.map(({ id }) => `"${id}"`).join(" and ")}: ${found.path}` })),
  );
}

function lintDocument(plan: Plan, trees?: readonly string[]): Finding[] {
  return [
    ...uncomputed(plan).map(({ path, ...why }) => findingOf("error", "not-computed", path, why)),
    ...unreachableRanks(plan),
    ...deadLevels(plan),
    ...enrolmentFees(plan),
    ...payForRecruiting(plan),
    ...unusedNames(plan),
    ...ceilingFindings(plan),
    ...qualification(plan),
    ...exactness(plan),
    ...paysNobody(plan, trees),
    ...treeFindings(plan, trees),
    ...paidTwice(plan),
    ...nothingShared(plan),
    ...nothingPassedUp(plan),
    ...guarantees(plan),
    ...capFindings(plan),
    ...currencyFindings(plan),
    ...returnedGoods(plan),
  ];
}

/** Whether a plan may be published. */
export function isPublishable(findings: readonly Finding[]): boolean {
  return !findings.some((finding) => finding.severity === "error");
}

/** Ranks whose conditions need each other, and ranks that a higher one always takes the place of. */
function unreachableRanks(plan: Plan): Finding[] {
  const reachable = new Set<number>();
  for (let grew = true; grew; ) {
    const more = plan.ranks.findIndex(
      (rank, i) =>
        !reachable.has(i) && needsOf(plan, rank.requires).every((need) => [...reachable].some((rankNo) => rankNo >= need)),
    );
    grew = more >= 0;
    if (grew) reachable.add(more);
  }
  const circular = plan.ranks.flatMap((rank, i) =>
    reachable.has(i)
      ? []
      : [
          findingOf("error", "unreachable-rank", `ranks[${i}].requires`, {
            wrong: reason("rank-circular", { rank: rank.id }),
            right: reason("lower-ranks-only"),
          }),
        ],
  );
  const shadowed = plan.ranks.flatMap((rank, i) => {
    const above = plan.ranks.findIndex(
      (higher, j) => j > i && reachable.has(j) && asksNoMore(plan, higher.requires, rank.requires),
    );
    return above < 0
      ? []
      : [
          findingOf("error", "unreachable-rank", `ranks[${i}].requires`, {
            wrong: reason("rank-shadowed", { rank: rank.id, above: plan.ranks[above]?.id }),
            right: reason("condition-tightened", { above: plan.ranks[above]?.id }),
          }),
        ];
  });
  return [...circular, ...shadowed];
}

function needsOf(plan: Plan, requires: RankRequirement): number[] {
  const held = requires.heldBefore === undefined ? [] : [rankNoOf(plan, requires.heldBefore.rank)];
  return [...held, ...(requires.legsWithRank ?? []).map((leg) => rankNoOf(plan, leg.rank))];
}

/** Whether meeting `lower` always means meeting `higher`. */
function asksNoMore(plan: Plan, higher: RankRequirement, lower: RankRequirement): boolean {
  const atMost = (a: string | undefined, b: string | undefined): boolean => volumeOf(a ?? "0") <= volumeOf(b ?? "0");
  if (!atMost(higher.pv, lower.pv) || !atMost(higher.retailVolume, lower.retailVolume)) return false;
  if (!atMost(higher.personalGroupVolume, lower.personalGroupVolume) || (higher.activeLegs ?? 0) > (lower.activeLegs ?? 0))
    return false;
  if (
    higher.gv !== undefined &&
    (lower.gv === undefined ||
      !atMost(higher.gv.volume, lower.gv.volume) ||
      JSON.stringify(higher.gv.maxLeg) !== JSON.stringify(lower.gv.maxLeg))
  )
    return false;
  if (higher.condition !== undefined && JSON.stringify(higher.condition) !== JSON.stringify(lower.condition)) return false;
  if (higher.heldBefore !== undefined && JSON.stringify(higher.heldBefore) !== JSON.stringify(lower.heldBefore)) return false;
  return (higher.legsWithRank ?? []).every((need) =>
    (lower.legsWithRank ?? []).some((own) => rankNoOf(plan, own.rank) >= rankNoOf(plan, need.rank) && own.legs >= need.legs),
  );
}

/** Levels nobody is paid at, rates below the depth of a matrix, "*" rows nobody falls under. */
function deadLevels(plan: Plan): Finding[] {
  return plan.bonuses.flatMap((bonus, i) => {
    const path = `bonuses[${i}].rates`;
    const found: Finding[] = [];
    const table = levelTable(bonus, plan);
    if (table === null || !("rates" in bonus)) return found;
    for (let level = 1; level <= table.levels; level++) {
      if (table.highest(level) === 0)
        found.push(
          findingOf("error", "dead-level", path, {
            wrong: reason("level-pays-nobody", { level: String(level) }),
            right: reason("rate-or-fewer-levels"),
          }),
        );
    }
    if (bonus.kind === "matrix" && rowsOf(bonus.rates).some(([, row]) => row.length > bonus.depth)) {
      found.push(
        findingOf("error", "dead-level", path, {
          wrong: reason("rates-below-depth", { depth: String(bonus.depth) }),
          right: reason("rates-at-most", { depth: String(bonus.depth) }),
        }),
      );
    }
    const rows = rowsOf<unknown>(bonus.rates).map(([key]) => key);
    if (rows.includes("*") && rows.includes("none") && plan.ranks.every((rank) => rows.includes(rank.id))) {
      found.push(findingOf("warning", "dead-row", `${path}.*`, { wrong: reason("row-of-nobody"), right: reason("left-out") }));
    }
    return found;
  });
}

function levelTable(bonus: Bonus, plan: Plan): RateTable | null {
  switch (bonus.kind) {
    case "matrix":
      return bonus.completion === undefined ? compileLevelRates(trimmed(bonus), plan.ranks) : null;
    case "unilevel":
    case "fast-start":
    case "generation":
    case "matching":
      return compileLevelRates(bonus.rates, plan.ranks);
    default:
      return null;
  }
}

/** Pay on joining instead of selling is the mark of a pyramid: refused. */
function enrolmentFees(plan: Plan): Finding[] {
  return plan.commissionClasses.flatMap((commissionClass, i) => {
    if (commissionClass.enrolmentFee !== true) return [];
    const paying = plan.bonuses.filter((bonus) => paysOnSales(bonus) && classFilter(bonus, plan)(commissionClass.id));
    if (paying.length === 0) return [];
    return [
      findingOf("error", "enrolment-fee", `commissionClasses[${i}].bonuses`, {
        wrong: reason(
          "pays-on-fee",
          {},
          paying.map((bonus) => named(bonus.id)),
        ),
        right: reason("no-bonus-of-class"),
      }),
    ];
  });
}

const WARN_ABOVE: Ratio = { num: 60n, den: 100n };
const WHOLE: Ratio = { num: 1n, den: 1n };

function ceilingFindings(plan: Plan): Finding[] {
  const { ofCv, ofNet, bonuses } = payoutCeiling(plan);
  const facts = {
    ...(ofCv !== null && { ofCv: percentOf(ofCv) }),
    ...(ofNet !== null && ofNet.num !== 0n && { ofNet: percentOf(ofNet) }),
  };
  const found = (severity: Finding["severity"], wrong: Reason, right: Reason): Finding[] => [
    findingOf(severity, ofCv === null || ofNet === null ? "no-ceiling" : "ceiling", "bonuses", { wrong, right }),
  ];
  if (ofCv === null || ofNet === null) {
    const open = bonuses.flatMap(({ bonusId, open: why }) =>
      why === undefined ? [] : [reason("not-bounded", { bonus: bonusId }, [whyOpen(why)])],
    );
    return found("warning", reason("no-ceiling", facts, open), reason("cap-by-share"));
  }
  const fixed = [...new Set(bonuses.filter((bonus) => bonus.of === "fixed").map(({ bonusId }) => bonusId))].map(named);
  const paysOut = reason("pays-out", facts, fixed);
  if (compareRatio(ofCv, WHOLE) > 0) return found("error", paysOut, reason("less-than-all"));
  if (compareRatio(ofNet, WHOLE) > 0) return found("error", paysOut, reason("less-than-net"));
  if (compareRatio(ofCv, WARN_ABOVE) > 0) return found("warning", paysOut, reason("usual-or-cap"));
  return found("note", reason("pays-out-at-most", facts, fixed), reason("nothing-to-do"));
}

/** "46.5 %", cut after four decimals upward so that the text never understates. */
export const shareText = (ratio: Ratio): string => `${percentOf(ratio)} %`;

function percentOf(ratio: Ratio): string {
  const units = (ratio.num * 1_000_000n + ratio.den - 1n) / ratio.den;
  const rest = (units % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${units / 10_000n}${rest === "" ? "" : `.${rest}`}`;
}

function qualification(plan: Plan): Finding[] {
  if (volumeOf(plan.active.minimumPv) === 0n || plan.ranks.some(({ requires }) => asksForCustomers(plan, requires))) return [];
  const why = { wrong: reason("own-purchases-alone"), right: reason("sales-to-customers") };
  return [findingOf("note", "own-purchases", "active.minimumPv", why)];
}

/** Whether a rank looks at sales to customers, by its own word or by a condition. */
function asksForCustomers(plan: Plan, { retailVolume, condition }: RankRequirement): boolean {
  if (retailVolume !== undefined || condition === undefined) return retailVolume !== undefined;
  return [...conditionNeeds(plan, condition).ownMeasures].some((id) => {
    const measure = plan.measures?.[id];
    if (measure === undefined) return false;
    if (measure.what === "customers-with-order" || measure.what === "new-customers") return true;
    return "from" in measure && measure.from === "customers";
  });
}

/** Things that are exact only under conditions the plan should know of. */
function exactness(plan: Plan): Finding[] {
  const found: Finding[] = [];
  const rates = new Set(Object.values(plan.cvRates));
  plan.bonuses.forEach((bonus, i) => {
    if (bonus.kind === "binary" && rates.size > 1)
      found.push(
        findingOf("warning", "mixed-markets", `bonuses[${i}]`, {
          wrong: reason("markets-mixed"),
          right: reason("one-rate-or-binary-each"),
        }),
      );
  });
  plan.caps?.forEach((cap, i) => {
    if (cap.kind === "company" && cap.enforcement === "hard-stop")
      found.push(
        findingOf("warning", "hard-stop", `caps[${i}].enforcement`, {
          wrong: reason("paid-by-ids"),
          right: reason("word", { word: "pro-rata" }),
        }),
      );
  });
  return found;
}

/** What becomes of goods that come back after their period was paid. */
function returnedGoods(plan: Plan): Finding[] {
  const policy = plan.refundAfterClose ?? "volume-only-next-period";
  const closes = plan.bonuses.filter(isCloseBonus);
  if (policy !== "volume-only-next-period" || closes.length === 0) return [];
  if (plan.negativeVolume === "forgive") {
    const why = { wrong: reason("returns-stay-paid"), right: reason("charge-or-carry") };
    return [findingOf("warning", "returned-goods", "negativeVolume", why)];
  }
  if (plan.negativeVolume !== undefined) return [];
  const why = { wrong: reason("returns-not-stated"), right: reason("charge-to-say-so") };
  return [findingOf("note", "returned-goods", "negativeVolume", why)];
}

function whyOpen({ because, bonus }: OpenCeiling): Reason {
  if (because === "pv" || because === "qv") return reason("share-of-volume", { of: because.toUpperCase() });
  return reason(OPEN[because], { bonus });
}

const OPEN = {
  binary: "paired-everywhere",
  price: "share-of-price",
  "same-generation": "generation-twice",
  "matched-generation": "generation-matched-twice",
  guarantee: "company-makes-up",
  "endless-matches": "matches-without-end",
  matched: "matched-not-bounded",
} as const satisfies Record<Exclude<OpenCeiling["because"], "pv" | "qv">, ReasonKind>;

const named = (id: string): Reason => reason("is-named", { name: id });
