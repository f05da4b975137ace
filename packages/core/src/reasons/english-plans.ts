import type { Facts, Sentence } from "./sentence.ts";

/** What the linter finds in a plan, and what would be right. Each goes on behind the path of a plan, or behind "right would be". */
export const PLANS = {
  "rank-circular": (f) => `asks for ranks that cannot be reached before "${f.rank}" itself`,
  "lower-ranks-only": () => "conditions that ask for lower ranks only",
  "rank-shadowed": (f) => `is never paid as: whoever meets "${f.rank}" also meets "${f.above}"`,
  "condition-tightened": (f) => `at least one condition that "${f.above}" tightens`,
  "unless-imported": (_, [right]) => `${right}, unless ranks are imported`,
  "level-pays-nobody": (f) => `pays nobody at level ${f.level}`,
  "rate-or-fewer-levels": () => "a rate above 0 there for some rank, or fewer levels",
  "rates-below-depth": (f) => `has rates below the matrix's depth of ${f.depth}`,
  "rates-at-most": (f) => `at most ${f.depth} rates a rank`,
  "row-of-nobody": () => "is the row of nobody: every rank has its own",
  "left-out": () => "to leave it out",
  "pays-on-fee": (_, bonuses) => `lets ${bonuses.join(", ")} pay on an enrolment fee, without any product sold`,
  "no-bonus-of-class": () => "[] for this class, so that no bonus takes part",
  "not-bounded": (f, [why]) => `"${f.bonus}" (${why})`,
  "no-ceiling": (f, open) => `has no proven payout ceiling: not bounded are ${open.join("; ")}${rest(f)}`,
  "cap-by-share": () => 'a company cap by share over these bonuses in "caps"',
  "pays-out": (f, fixed) => `can pay out ${ceiling(f, fixed)}`,
  "pays-out-at-most": (f, fixed) => `can pay out at most ${ceiling(f, fixed)}`,
  "less-than-all": () => "less than 100 %, or a company cap",
  "less-than-net": () => "less than 100 % of net: that is all that came in",
  "usual-or-cap": () => "60 % or less, as is usual, or a company cap",
  "nothing-to-do": () => "nothing to do",
  "paired-everywhere": () => "one order is paired again in every position above it; only a company cap bounds it",
  "share-of-volume": (f) => `it is a share of ${f.of}, which is no share of CV`,
  "share-of-price": () => "it is a share of the price before discounts, which may be any number of times the net",
  "generation-twice": () => "more than one upline may be paid for the same generation",
  "generation-matched-twice": () => "more than one upline may match the same generation",
  "company-makes-up": () => "the company makes up what a group falls short of the guaranteed minimum, however little it sold",
  "matches-without-end": () => "matches of matches never end: the match rates sum to 100 % or more",
  "matched-not-bounded": (f) => `what it matches has no bound: ${f.bonus}`,
  "own-purchases-alone": () => "can be met by own purchases alone",
  "sales-to-customers": () =>
    "a retailVolume in the ranks or a condition on sales to customers, where the law of a market looks at sales to customers",
  "markets-mixed": () => 'pairs volume of markets whose CV is worth different money, at the rate of "*"',
  "one-rate-or-binary-each": () => "one cvRate, or a binary bonus per market",
  "paid-by-ids": () => "pays by the order of ids, so late ids may get nothing",
  word: (f) => `"${f.word}"`,
  "returns-stay-paid": () => "lets what was paid on returned goods stay paid, as far as they outweigh new sales",
  "charge-or-carry": () => '"charge" or "carry"',
  "returns-not-stated": () =>
    "is not stated: goods returned after a close are charged to whoever would earn on them in the next one",
  "charge-to-say-so": () => '"charge" to say so, or "carry"',
  "pays-for-recruiting": (_, measures) =>
    `pays for recruiting: it asks for nothing but ${measures.join(" and ")}, which ${measures.length > 1 ? "count" : "counts"} enrolments or kits`,
  "measure-of-sales": () => "a measure of sales to customers or of volume, or a count of people who meet one",
  "asked-by-nothing": () => "is asked for by nothing",
  "left-out-or-asked": () => "to leave it out, or the place that should ask for it",
  "caps-nothing": () => "names no cap, so that nothing is cut",
  "cap-of-one": () => "a cap of at least one bonus",
  "cap-too-late": (f) => `names "${f.bonus}", which is paid at order time: this cap does not reach it`,
  "running-total-or-close": () => 'a cap of kind "running-total", or the snapshot "close" for that bonus',
  "guarantees-nothing": () => "is 0, so that nothing is guaranteed",
  "breakaway-volume": () => "the volume at which a group breaks away",
  "one-rate-of-many": () => 'is worth the CV rate of "*", though markets differ',
  "one-rate-or-override-each": () => "one cvRate, or an override per market",
  "one-group-keeps": () => "is 1: whoever receives anything keeps it",
  "two-or-left-out": () => 'at least 2, or to leave "keeps" out',
  "nobody-without-tree": (f) => `pays nobody: there is no placement tree "${f.tree}"`,
  "add-the-tree": () => "to add the tree first",
  "tree-of-these": (f) => `one of ${f.trees}, or to add the tree first`,
  "nobody-without-class": () => "pays nobody: no commission class takes part in it",
  "class-that-names-it": () => "a class whose bonuses name it",
  "nobody-by-own": () => "pays nobody: own purchases pay nothing here",
  "customers-too": () => '"customer" among the buyers',
  "nobody-without-cv": () => "pays nobody: no market has money for CV",
  "cv-rate-above-0": () => 'a rate above 0 in "cvRates"',
  "nobody-on-nothing": () => "pays nobody: it is computed on nothing",
  "share-above-0": () => "a share above 0",
  "nobody-at-0": () => "pays nobody: every rate and amount is 0",
  "rate-above-0": () => "a rate above 0 for some rank",
  "nobody-over-0": () => "pays nobody: nobody may get more than 0",
  "share-or-amount-above-0": () => "a share or amount above 0",
  "nobody-by-match": () => "pays nobody: what it matches pays nothing",
  "bonus-that-pays": () => "a bonus that pays",
  "begins-too-low": (f) =>
    `begins ${f.first} above an order's owner, where "${f.bonus}" still pays, which reaches ${f.deepest} above`,
  "begins-higher": () => 'a higher "belowLevel", or "levelOne": "sponsor" where the levels begin at the sponsor',
  "rounds-what-nobody-shares": () => 'is "largest-remainder", but no bonus shares an amount among several people',
  "half-up": () => '"half-up", which comes to the same',
  "keeps-all": () => "keeps the whole rate, so that nothing is passed up",
  "less-than-rate": () => "less than the rate",
  "no-such-tree": () => "is a placement tree, and the company has none of this name",
  "tree-unused": () => "is gone by nowhere",
  "left-out-or-gone-by": () => "to leave it out, or the walk or measure that should go by it",
  "ranks-across-trees": (f) =>
    `asks for "${f.measure}", which counts ranks of people below by another tree than "${f.tree}": a close in which two people stand above each other in the two is refused`,
  "one-tree-for-both": () => "one tree for both, or to place everyone below whoever enrolled them",
  "caps-across-calendars": () =>
    "uses caps of a binary over the periods of another calendar: what one close pays would hang on the closes before it",
  "cap-of-longer": () =>
    'one of "caps" that names the longer calendar and this bonus; over shorter periods, a bonus of that calendar',
  "ranks-of-two-kinds": () => "uses two kinds of ranks in one calendar, while a close judges people once",
  "second-calendar": () => "a second calendar of the same length, and the one kind by each",
  "matches-before-caps": () =>
    'uses matching of another calendar\'s bonuses "before-caps", while a close keeps what it paid and not what caps cut',
  "after-caps": () => '"after-caps", or both in one calendar',
  "amounts-elsewhere": (f) => `has amounts in ${f.currencies} and none in ${f.currency}, the plan's currency`,
  "amount-in": (f) => `an amount in ${f.currency}`,
  "no-rates": () => "has no rate, so that orders in any other currency wait",
  "rates-or-dated": () => 'a rate for each currency, or "mode": "dated"',
} as const satisfies Record<string, Sentence>;

/** The rest of a plan that is not bounded as a whole. */
function rest({ ofCv, ofNet }: Facts): string {
  const known = [...(ofCv === undefined ? [] : [`${ofCv} % of CV`]), ...(ofNet === undefined ? [] : [`${ofNet} % of net`])];
  return known.length === 0 ? "" : `; the rest can pay out ${known.join(" and ")}`;
}

function ceiling({ ofCv, ofNet }: Facts, fixed: readonly string[]): string {
  const besides = fixed.length === 0 ? "" : `, and what is no share of sales besides: ${fixed.join(", ")}`;
  return `${ofCv} % of CV${ofNet === undefined ? "" : ` and ${ofNet} % of net`}${besides}`;
}
