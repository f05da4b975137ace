import type { Facts, Sentence } from "./sentence.ts";

/** A distributor's close: activity, rank, what is missing, and where each bonus came from. */
export const CLOSES = {
  money: (f) => `${f.amount} ${f.currency}`,
  "status-not-earning": () => "not active: the status does not earn",
  active: (f) => `active: ${f.pv} PV of ${f.needed} needed`,
  "pv-needed": (f) => `not active: ${f.needed} PV needed, had ${f.had}`,
  "pv-short": (f) => `not active: needs ${f.needed} PV, had ${f.had}: ${f.short} PV short`,
  "not-active": (_, [short]) => `not active: ${short}`,
  "paid-as": (f, [how]) =>
    `paid as ${f.rank ?? NONE}${how === undefined ? "" : `, ${how}`}; highest title ${f.title ?? NONE}${
      f.tree === undefined ? "" : `; legs and groups are those of the tree "${f.tree}"`
    }`,
  "left-by-close": (f) => `as the last close of "${f.calendar}" left it`,
  "figures-give": (f, [why]) => `though the period's figures give ${f.rank ?? NONE} (${why})`,
  "directive-in-force": (f) => `an admin's ${f.directive} is in force`,
  "kept-by-grace": (f) => `kept by grace, ${f.used} of the periods allowed`,
  "taken-as-paid": () => "taken as already paid",
  "for-rank": (f) => `for ${f.rank ?? NONE}:`,
  "volume-short": (f) => `${VOLUMES[f.of ?? ""] ?? f.of}: needs ${f.needed}, had ${f.had}: ${f.short} short`,
  "active-legs-short": (f) => `active frontline: needs ${f.needed}, had ${f.had}`,
  "legs-with-rank-short": (f) => `legs with ${f.rank} or higher: needs ${f.needed}, had ${f.had}`,
  "held-short": (f) => `${f.rank} held in the ${f.needed} periods before: had ${f.had}`,
  "level-from-rank": (f, short) =>
    `level ${f.level} is paid from ${f.rank}: ${short.join("; ") || "qualified, but paid as another rank"}`,
  "of-source": (f, [text]) => `${f.source}: ${text}`,
  "and-more": (f) => `and ${f.count} more`,
  "of-many-below": () => "of many people below: ask what came from one of them",
  "level-paid": (f) => `level ${f.level}${f.source === undefined ? "" : ` on ${f.source}`}: ${f.amount} ${f.currency}`,
  "does-not-qualify": (_, [short]) => `does not qualify: ${short}`,
  "returns-wait": (f) =>
    `${f.currency === undefined ? `${f.volume} ${f.of}` : `${f.amount} ${f.currency}`} of returned goods wait and are taken off what comes next`,
  cut: (f, before) =>
    `earned ${f.earned} ${f.currency}, cap ${f.cap} ${f.currency}${lessBefore(f, before)}: ${f.paid} ${f.currency} stay`,
  bonus: (f) => `"${f.bonus}"`,
  "binary-cycles": (f) => `new volume ${sides(f)}: ${f.matched} cycles`,
  "binary-matched": (f) => `new volume ${sides(f)}: ${f.matched} matched`,
  "no-own-volume": () => "no own volume takes a side",
  "own-volume": (f) => `own volume in it: ${sides(f)}`,
  "pairs-unpaid": (f) => `used up and not paid, because of not qualifying: ${sides(f)}`,
  "rules-in-turn": (f) => `used by ${f.rules} rules in turn: ${sides(f)}`,
  "leg-deficit": (f) => `${f.side}: ${f.volume} of returned goods are still to be made up for by new volume`,
  "due-from-group": (f) => `from the group of ${f.leader}: ${f.amount} ${f.currency}`,
  "due-shortfall": (f) =>
    `${f.amount} ${f.currency} of it go on to the next leader: the own group falls short of the minimum on ${f.volume} CV`,
  "due-not-kept": (f, [keeps = ""]) => `${f.amount} ${f.currency} of it go on to the next leader: ${keeps}`,
  "keeping-needs": (f) =>
    `keeping needs a personal group of ${f.needed}, had ${f.had}: ${f.short} short; or ${f.groups} groups that pay, had ${f.hadGroups}`,
  "due-pays": (f) => `the own group pays ${f.amount} ${f.currency} to ${f.leader}`,
  "due-for-rank": (f) => `nothing received: it is for ${f.rank} or higher`,
  "due-for-active": () => "nothing received: it is for the active, and what groups below owe went on above",
  "due-no-group": () => "nothing received: no group below has broken away and sold anything",
  "pool-later": () => "shared by everybody: its size is known once the period is closed",
  "pool-empty": () => "the pool holds nothing",
  "pool-for-active": () => "no member: only the active share the pool",
  "pool-no-units": (_, sources) => `no units (${sources.join(", ")})`,
  "pool-share": (f, sources) => `${f.units} of ${f.all} units (${sources.join(", ")}) of a pool of ${f.amount} ${f.currency}`,
  "pool-cut": (f) => `nobody gets more than ${f.amount} ${f.currency}; the rest ${CUT[f.goesTo ?? ""] ?? f.goesTo}`,
  "units-by-rank": (f) => `rank: ${f.units}`,
  "units-by-volume": (f) => `${f.volume}: ${f.units}`,
  "units-by-measure": (f) => `${f.measure} ${f.value} × ${f.each}: ${f.units}`,
} as const satisfies Record<string, Sentence>;

const NONE = "no rank";

const VOLUMES: Readonly<Record<string, string>> = {
  pv: "personal volume",
  gv: "group volume",
  "gv-under-max-leg": "group volume counted under the max-leg rule",
  "personal-group-volume": "personal group volume",
  "retail-volume": "volume of own customers",
};

const CUT: Readonly<Record<string, string>> = {
  others: "goes to the others by their units",
  company: "stays with the company",
  "roll-over": "goes into the next pool",
};

const sides = ({ left, right }: Facts): string => `left ${left}, right ${right}`;

function lessBefore({ paidBefore, currency }: Facts, bonuses: readonly string[]): string {
  return bonuses.length === 0 ? "" : ` less ${paidBefore} ${currency} that ${bonuses.join(", ")} paid before it`;
}
