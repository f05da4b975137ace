import { compareRatio, type Ratio } from "../money.ts";
import { payoutCeiling } from "./ceiling.ts";
import { needsOf as conditionNeeds } from "./condition-leaves.ts";
import { currencyFindings } from "./currency-references.ts";
import { isCloseBonus } from "./dependencies.ts";
import type { Finding } from "./finding.ts";
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
    ...uncomputed(plan).map(({ path, wrong, right }) => finding("error", "not-computed", path, wrong, right)),
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
          finding(
            "error",
            "unreachable-rank",
            `ranks[${i}].requires`,
            `asks for ranks that cannot be reached before "${rank.id}" itself`,
            "conditions that ask for lower ranks only",
          ),
        ],
  );
  const shadowed = plan.ranks.flatMap((rank, i) => {
    const above = plan.ranks.findIndex(
      (higher, j) => j > i && reachable.has(j) && asksNoMore(plan, higher.requires, rank.requires),
    );
    return above < 0
      ? []
      : [
          finding(
            "error",
            "unreachable-rank",
            `ranks[${i}].requires`,
            `is never paid as: whoever meets "${rank.id}" also meets "${plan.ranks[above]?.id}"`,
            `at least one condition that "${plan.ranks[above]?.id}" tightens`,
          ),
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
          finding(
            "error",
            "dead-level",
            path,
            `pays nobody at level ${level}`,
            "a rate above 0 there for some rank, or fewer levels",
          ),
        );
    }
    if (bonus.kind === "matrix" && rowsOf(bonus.rates).some(([, row]) => row.length > bonus.depth)) {
      found.push(
        finding(
          "error",
          "dead-level",
          path,
          `has rates below the matrix's depth of ${bonus.depth}`,
          `at most ${bonus.depth} rates a rank`,
        ),
      );
    }
    const rows = rowsOf<unknown>(bonus.rates).map(([key]) => key);
    if (rows.includes("*") && rows.includes("none") && plan.ranks.every((rank) => rows.includes(rank.id))) {
      found.push(finding("warning", "dead-row", `${path}.*`, "is the row of nobody: every rank has its own", "to leave it out"));
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
    const names = paying.map((bonus) => `"${bonus.id}"`).join(", ");
    return [
      finding(
        "error",
        "enrolment-fee",
        `commissionClasses[${i}].bonuses`,
        `lets ${names} pay on an enrolment fee, without any product sold`,
        "[] for this class, so that no bonus takes part",
      ),
    ];
  });
}

const WARN_ABOVE: Ratio = { num: 60n, den: 100n };
const WHOLE: Ratio = { num: 1n, den: 1n };

function ceilingFindings(plan: Plan): Finding[] {
  const { ofCv, ofNet, bonuses } = payoutCeiling(plan);
  const path = "bonuses";
  if (ofCv === null || ofNet === null) {
    const open = bonuses
      .filter((bonus) => bonus.share === null && bonus.of !== "fixed")
      .map((bonus) => `"${bonus.bonusId}" (${bonus.why})`);
    const known = [
      ...(ofCv === null ? [] : [`${shareText(ofCv)} of CV`]),
      ...(ofNet === null || ofNet.num === 0n ? [] : [`${shareText(ofNet)} of net`]),
    ];
    const rest = known.length === 0 ? "" : `; the rest can pay out ${known.join(" and ")}`;
    return [
      finding(
        "warning",
        "no-ceiling",
        path,
        `has no proven payout ceiling: not bounded are ${open.join("; ")}${rest}`,
        'a company cap by share over these bonuses in "caps"',
      ),
    ];
  }
  const fixed = [...new Set(bonuses.filter((bonus) => bonus.of === "fixed").map(({ bonusId }) => `"${bonusId}"`))];
  const besides = fixed.length === 0 ? "" : `, and what is no share of sales besides: ${fixed.join(", ")}`;
  const text = `${shareText(ofCv)} of CV${ofNet.num === 0n ? "" : ` and ${shareText(ofNet)} of net`}${besides}`;
  if (compareRatio(ofCv, WHOLE) > 0)
    return [finding("error", "ceiling", path, `can pay out ${text}`, "less than 100 %, or a company cap")];
  if (compareRatio(ofNet, WHOLE) > 0)
    return [finding("error", "ceiling", path, `can pay out ${text}`, "less than 100 % of net: that is all that came in")];
  if (compareRatio(ofCv, WARN_ABOVE) > 0)
    return [finding("warning", "ceiling", path, `can pay out ${text}`, "60 % or less, as is usual, or a company cap")];
  return [finding("note", "ceiling", path, `can pay out at most ${text}`, "nothing to do")];
}

/** "46.5 %", cut after four decimals upward so that the text never understates. */
export function shareText(ratio: Ratio): string {
  const units = (ratio.num * 1_000_000n + ratio.den - 1n) / ratio.den;
  const rest = (units % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${units / 10_000n}${rest === "" ? "" : `.${rest}`} %`;
}

function qualification(plan: Plan): Finding[] {
  if (volumeOf(plan.active.minimumPv) === 0n || plan.ranks.some(({ requires }) => asksForCustomers(plan, requires))) return [];
  return [
    finding(
      "note",
      "own-purchases",
      "active.minimumPv",
      "can be met by own purchases alone",
      "a retailVolume in the ranks or a condition on sales to customers, where the law of a market looks at sales to customers",
    ),
  ];
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
        finding(
          "warning",
          "mixed-markets",
          `bonuses[${i}]`,
          'pairs volume of markets whose CV is worth different money, at the rate of "*"',
          "one cvRate, or a binary bonus per market",
        ),
      );
  });
  plan.caps?.forEach((cap, i) => {
    if (cap.kind === "company" && cap.enforcement === "hard-stop")
      found.push(
        finding(
          "warning",
          "hard-stop",
          `caps[${i}].enforcement`,
          "pays by the order of ids, so late ids may get nothing",
          '"pro-rata"',
        ),
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
    const wrong = "lets what was paid on returned goods stay paid, as far as they outweigh new sales";
    return [finding("warning", "returned-goods", "negativeVolume", wrong, '"charge" or "carry"')];
  }
  if (plan.negativeVolume !== undefined) return [];
  const wrong = "is not stated: goods returned after a close are charged to whoever would earn on them in the next one";
  return [finding("note", "returned-goods", "negativeVolume", wrong, '"charge" to say so, or "carry"')];
}

function finding(severity: Finding["severity"], rule: string, path: string, wrong: string, right: string): Finding {
  return { severity, rule, path, wrong, right };
}
