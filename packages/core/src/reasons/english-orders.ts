import { percent } from "./percent.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** The steps of an order's walk: whoever was looked at, and why they were paid or passed over. */
export const ORDERS = {
  "at-level": (f, [text]) => `level ${f.level}: ${text}`,
  paid: (f) => `${ranked(f)} earns ${percent(f.rate)} of ${f.base} = ${money(f)}`,
  "paid-passed-share": (f) =>
    `earns the share ${f.passedFrom} did not qualify for: ${percent(f.rate)} of ${f.base} = ${money(f)}`,
  "paid-difference": (f) =>
    `${ranked(f)} has ${percent(f.own)}, ${percent(f.paidBelow)} was paid below: ${percent(f.rate)} of ${f.base} = ${money(f)}`,
  converted: (f) => `${f.net} ${f.from} are ${f.converted} ${f.to} at ${f.rate}`,
  "paid-fixed": (f) => `${f.quantity} × ${f.each} = ${money(f)}`,
  base: (f, less) => baseText(f, less),
  "base-left": (f) =>
    `paid on ${BASES[f.of ?? ""] ?? f.of}: of ${f.whole} ${f.base} ${f.currency} count, after what orders were paid and where a part counts`,
  "less-paid": (f) => `${f.amount} that "${f.bonus}" paid`,
  replaced: (f) => `this order pays "${f.by}" in place of this bonus`,
  "rounded-to-zero": (f) => `${percent(f.rate)} of ${f.base} rounds to nothing${rounded(f)}`,
  "passed-up-coded": (f) =>
    `${f.of === "sales" ? "sale" : "recruit"} number ${f.number} is among the first ${f.count}, whose pay is passed up`,
  "paid-to-company": (f) =>
    `of ${percent(f.own)} of ${f.base} ${percent(f.paidBelow)} is kept below: ${f.amount} ${f.currency} go to the company${rounded(f)}`,
  breakage: (f) =>
    `nobody qualified for ${percent(f.rate)} of ${f.base}: ${f.amount} ${f.currency} stay with the company${rounded(f)}`,
  "end-of-upline": (f) =>
    f.from === f.to
      ? `the upline ends here: level ${f.from} has nobody`
      : `the upline ends here: levels ${f.from} to ${f.to} have nobody`,
  "no-margin": () => "no retail margin is known for this line",
  promotion: (f) => `the promotion "${f.promotion}" runs: what it sets counts in place of the plan's own`,
  tree: (f) => `goes by the tree "${f.tree}"`,
  "own-purchase": () => "an own purchase pays nobody under this plan",
  "class-excluded": (f) => `the commission class "${f.class}" takes no part in this bonus`,
  skipped: (_, [why]) => `${why}; skipped, the level goes to the next`,
  unearned: (_, [why]) => `${why}; not earned, the level is used`,
  "source-dropped": (_, [why]) => `${why}; this volume pays nobody`,
  "source-rolled-up": (f, [why]) => `${why}; this volume counts as ${f.to}'s`,
  "why-status": (f) => `status is "${f.status}", which does not earn`,
  "why-pv": (f) => `${f.rank ?? "being active"} needs ${f.neededPv} PV, had ${f.hadPv}: ${f.shortPv} PV short`,
  "why-blocked": (f) => `somebody of ${ranked(f)} or higher stands between`,
  "why-already-paid": () => "a share at least as high was already paid on this volume",
  "why-condition": (_, [short = ""]) => short,
  "why-closed": (f) =>
    `level ${f.level} is not open: ${f.measure} was ${f.had}${f.needed === undefined ? "" : `, ${f.needed} open it`}`,
  "why-row": (f) =>
    `${f.measure ?? TABLES[f.by ?? ""] ?? f.by} was ${f.had ?? (isByRank(f) ? "no rank" : "another")}, which has no rate here${
      f.needed === undefined ? "" : `: ${f.needed} is the least that has`
    }`,
  "why-passed-up": () => "this enrolment is among the first, whose pay is passed up",
  "why-rank": (f) =>
    f.lowest === undefined
      ? `${ranked(f)} is not paid here`
      : `${ranked(f)} is not paid here, ${f.neededRank ?? "no rank"} is the lowest rank that is`,
  "no-longer-earned": (_, [before]) => `no longer earned; before: ${before}`,
} as const satisfies Record<string, Sentence>;

const ranked = ({ rank }: Facts): string => rank ?? "no rank";
const money = (f: Facts): string => `${f.amount} ${f.currency}${rounded(f)}`;

/** Whether a table goes by a rank, which somebody may have none of. */
const isByRank = ({ by }: Facts): boolean => by === "title" || by === "rank";

const TABLES: Readonly<Record<string, string>> = {
  title: "the title",
  rank: "the rank",
  "source-rank": "the rank of whose volume it is",
  "leg-rank": "the rank of the leg",
  "order-size": "the order's size",
};

const BASES: Readonly<Record<string, string>> = {
  net: "net",
  retail: "retail price",
  cv: "money for CV",
  pv: "money for PV",
  qv: "money for QV",
};

/** What a bonus is computed on, where something is taken off or only a part counts. */
function baseText({ of = "", whole, rest, currency, window, share, base }: Facts, less: readonly string[]): string {
  const left = less.length === 0 ? `${whole} ${currency}` : `${whole} less ${less.join(" and ")} = ${rest} ${currency}`;
  const part = window === undefined ? "" : `; ${percent(share)} of it counts while "${window}" runs: ${base} ${currency}`;
  return `paid on ${BASES[of] ?? of}: ${left}${part}`;
}

/** What an amount was before it was rounded together with the order's other shares. */
function rounded({ exact, amount }: Facts): string {
  if (exact === undefined || exact === amount) return "";
  return ` (exactly ${exact}: an order's shares are rounded together, the largest remainders up)`;
}
