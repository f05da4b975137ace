import type { CONDITIONS as ENGLISH } from "./english-conditions.ts";
import { day, number, quoted } from "./german-marks.ts";
import type { Facts, Sentence } from "./sentence.ts";

/** Conditions of a plan in German, and what of one somebody does not meet. */
export const CONDITIONS: Readonly<Record<keyof typeof ENGLISH, Sentence>> = {
  "short-all": (_, parts) => parts.join("; und "),
  "short-any": (_, parts) => `eines davon: ${parts.join(", oder ")}`,
  "short-not": (_, [condition]) => `darf nicht so sein: ${condition}`,
  "needs-active": () => "muss aktiv sein",
  "needs-rank": (f) => `braucht ${f.needed}, ist ${f.had ?? "ohne Rang"}`,
  "needs-title": (f) => `braucht den Titel ${f.needed}, hat ${f.had ?? "keinen"}`,
  "needs-condition": (_, [condition]) => `nötig ist: ${condition}`,
  "measure-short": (f) =>
    `${f.measure}: nötig sind ${f.above === undefined ? number(f.atLeast) : `mehr als ${number(f.above)}`}, da waren ${number(f.had)}${
      f.short === undefined ? "" : `: ${number(f.short)} fehlen`
    }`,
  "measure-over": (f) =>
    `${f.measure}: erlaubt sind ${f.atMost === undefined ? `weniger als ${number(f.below)}` : `höchstens ${number(f.atMost)}`}, da waren ${number(f.had)}`,
  "is-active": () => "aktiv",
  "is-named": (f) => quoted(f.name),
  "is-all": (_, parts) => joined(parts, "und"),
  "is-any": (_, parts) => joined(parts, "oder"),
  "is-not": (_, [condition]) => `nicht ${condition}`,
  "is-rank": (f) => `${f.rank} oder höher`,
  "is-title": (f) => `der Titel ${f.title} oder höher`,
  "lives-in": (_, countries) => `wohnhaft in ${countries.join(" oder ")}`,
  country: (f) => `${f.country}`,
  "is-enrolled": (f) => enrolledText(f),
  "measure-is": ({ measure, ...bounds }) =>
    `${measure} ${Object.entries(bounds)
      .map(([word, bound]) => `${BOUNDS[word as keyof typeof BOUNDS]} ${number(bound)}`)
      .join(" und ")}`,
};

const BOUNDS = { atLeast: "mindestens", above: "über", atMost: "höchstens", below: "unter" } as const;

function joined(texts: readonly string[], word: "und" | "oder"): string {
  return texts.length === 1 ? `${texts[0]}` : `(${texts.join(` ${word} `)})`;
}

function enrolledText({ from, before }: Facts): string {
  const parts = [
    from === undefined ? [] : [`ab dem ${day(from)}`],
    before === undefined ? [] : [`vor dem ${day(before)}`],
  ].flat();
  return `eingeschrieben ${parts.join(" und ")}`;
}
