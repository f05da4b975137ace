import type { Facts, Sentence } from "./sentence.ts";

/** Conditions of a plan, and what of one somebody does not meet. */
export const CONDITIONS = {
  "short-all": (_, parts) => parts.join("; and "),
  "short-any": (_, parts) => `one of these: ${parts.join(", or ")}`,
  "short-not": (_, [condition]) => `must not be so: ${condition}`,
  "needs-active": () => "needs to be active",
  "needs-rank": (f) => `needs ${f.needed}, is ${f.had ?? "no rank"}`,
  "needs-title": (f) => `needs the title ${f.needed}, has ${f.had ?? "no rank"}`,
  "needs-condition": (_, [condition]) => `needs ${condition}`,
  "measure-short": (f) =>
    `${f.measure} needs ${f.above === undefined ? f.atLeast : `more than ${f.above}`}, had ${f.had}${f.short === undefined ? "" : `: ${f.short} short`}`,
  "measure-over": (f) =>
    `${f.measure} may be ${f.atMost === undefined ? `less than ${f.below}` : `${f.atMost} at most`}, was ${f.had}`,
  "is-active": () => "being active",
  "is-named": (f) => `"${f.name}"`,
  "is-all": (_, parts) => joined(parts, "and"),
  "is-any": (_, parts) => joined(parts, "or"),
  "is-not": (_, [condition]) => `not ${condition}`,
  "is-rank": (f) => `${f.rank} or higher`,
  "is-title": (f) => `the title ${f.title} or higher`,
  "lives-in": (_, countries) => `living in ${countries.join(" or ")}`,
  country: (f) => `${f.country}`,
  "is-enrolled": (f) => enrolledText(f),
  "measure-is": ({ measure, ...bounds }) =>
    `${measure} ${Object.entries(bounds)
      .map(([word, bound]) => `${BOUNDS[word as keyof typeof BOUNDS]} ${bound}`)
      .join(" and ")}`,
} as const satisfies Record<string, Sentence>;

const BOUNDS = { atLeast: "at least", above: "above", atMost: "at most", below: "below" } as const;

function joined(texts: readonly string[], word: "and" | "or"): string {
  return texts.length === 1 ? `${texts[0]}` : `(${texts.join(` ${word} `)})`;
}

function enrolledText({ from, before }: Facts): string {
  const parts = [from === undefined ? [] : [`on ${from} or later`], before === undefined ? [] : [`before ${before}`]].flat();
  return `enrolled ${parts.join(" and ")}`;
}
