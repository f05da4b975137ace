import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import type { Listener } from "../golden/play.ts";
import { runGoldenCase } from "../golden/run.ts";
import { explainClose } from "../period/explain.ts";
import { reasonOfStep } from "../plan/explain.ts";
import { lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import { ENGLISH } from "./english.ts";
import { GERMAN, inGerman } from "./german.ts";
import { inEnglish } from "./in-english.ts";
import { type Reason, type ReasonKind, reason } from "./reason.ts";
import { SAMPLES } from "./reason-samples.ts";

const docs = new URL("../../../../docs/", import.meta.url);
const survey = new URL("plans/survey/cases/", docs);
const folders = [new URL("golden/", docs), new URL("golden/worked/", docs), new URL("../golden/cases/", import.meta.url), survey];
const read = (file: URL): unknown => JSON.parse(readFileSync(file, "utf8"));

/** By its English sentence, once each. */
const reasons = new Map<string, Reason>();
const hear = (told: Reason): void => void reasons.set(inEnglish(told), told);

/** All golden cases and plans of the survey are listened to while they are played. */
const listener: Listener = {
  order: ({ walk }) => {
    for (const step of walk) hear(reasonOfStep(step));
  },
  close: (input, result) => {
    for (let no = 0; no < input.network.count; no++) {
      const { reasons: own, bonuses } = explainClose(input, result, no);
      for (const told of [own.activity, own.rank, ...own.nextRank]) hear(told);
      for (const bonus of bonuses) for (const told of [bonus.reasons.amount, ...bonus.reasons.lines]) hear(told);
    }
  },
};

function hearPlan(file: URL): void {
  const document = read(file);
  // A list of plans is none.
  if (typeof document !== "object" || document === null || !("bonuses" in document)) return;
  for (const { reasons: why } of lintPlan(parsePlan(document), [])) for (const told of [why.wrong, why.right]) hear(told);
}

beforeAll(() => {
  for (const folder of folders)
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".json")))
      runGoldenCase(read(new URL(name, folder)), (path) => read(new URL(path, survey)), listener);
  for (const folder of [new URL("plans/", docs), new URL("plans/survey/", docs)])
    for (const name of readdirSync(folder).filter((one) => one.endsWith(".json"))) hearPlan(new URL(name, folder));
}, 120_000);

/** Words that are English and no German ones. */
const ENGLISH_WORDS =
  /(?<![\p{L}-])(the|of|needs?|had|levels?|short|earns?|earned|and|or|is|were|to|for|by|on|at|as|paid|pays?|no|not|with|this|that|nobody|units|volume|left|right|rank|title|period|order|orders|store|shop's|higher|active|than|more|it|from|below|above|least|most|half|goods|received|group|groups|stay|goes|go|counts?)(?![\p{L}-])/u;
/** A figure as English writes it: a point before one, two or more than three digits. */
const ENGLISH_FIGURE = /\d\.(\d{1,2}|\d{4,})(?!\d)/;

/** What a plan or a shop calls things by is left as it is: it is taken out before a sentence is looked at. */
function withoutNames(text: string, { facts, parts = [] }: Reason): string {
  const names = Object.values(facts).filter((fact) => !/^-?\d+(\.\d+)?$/.test(fact));
  const left = names.sort((a, b) => b.length - a.length).reduce((rest, name) => rest.replaceAll(aloneIn(name), "·"), text);
  return parts.reduce((rest, part) => withoutNames(rest, part), left);
}

/** A name where it stands by itself, and not inside of a word. */
const aloneIn = (name: string): RegExp =>
  new RegExp(`(?<!\\p{L})${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\p{L})`, "gu");

function englishIn(told: Reason): string | undefined {
  const text = withoutNames(inGerman(told) ?? inEnglish(told), told);
  return ENGLISH_WORDS.exec(text)?.[0] ?? ENGLISH_FIGURE.exec(text)?.[0];
}

test("German has a sentence for every kind and no other, and each says something of its own", () => {
  expect(Object.keys(GERMAN).sort()).toStrictEqual(Object.keys(ENGLISH).sort());
  const part = reason("own-purchase");
  const same: readonly ReasonKind[] = [
    "country",
    "money",
    "of-source",
    "bonus",
    "why-condition",
    "short-all",
    "is-all",
    "is-any",
    "at-field",
  ];
  const nearly: readonly ReasonKind[] = ["paid-fixed", "units-by-volume", "units-by-measure", "is-named", "word"];
  for (const [kind, facts] of Object.entries(SAMPLES) as [ReasonKind, Reason["facts"]][]) {
    const told = reason(kind, facts, [part]);
    expect(englishIn(told), `${kind}: ${inGerman(told)}`).toBeUndefined();
    const bare = reason(kind, facts);
    if (!same.includes(kind) && !nearly.includes(kind)) expect(inGerman(bare), kind).not.toBe(inEnglish(bare));
  }
});

test("every figure of a reason stands in its German sentence, as German writes it", () => {
  for (const [kind, facts] of Object.entries(SAMPLES) as [ReasonKind, Reason["facts"]][]) {
    const said = inGerman(reason(kind, facts, [reason("own-purchase")])) ?? "";
    const figures = Object.entries(facts).filter(([name, fact]) => /^\d+(\.\d+)?$/.test(fact) && name !== "lowest");
    for (const [name, fact] of figures) expect(said, `${kind} leaves out ${name}`).toContain(german(name, fact));
  }
});

const RATES = ["rate", "own", "paidBelow", "share"];

/** By the marks that the platform itself knows of German. */
function german(name: string, fact: string): string {
  const isRate = RATES.includes(name) && fact.startsWith("0.");
  const value = isRate ? Number(fact) * 100 : Number(fact);
  return new Intl.NumberFormat("de-DE", { maximumFractionDigits: 8, minimumFractionDigits: 0, useGrouping: true }).format(value);
}

test("of all golden cases and surveyed plans, orders and closes, no English is left on a German screen", () => {
  const left = [...reasons.values()].flatMap((told) => {
    const found = englishIn(told);
    return found === undefined ? [] : [`${found}: ${inGerman(told)}`];
  });
  expect(left).toStrictEqual([]);
  expect(reasons.size).toBeGreaterThan(1_000);
  const kinds = new Set([...reasons.values()].flatMap(kindsOf));
  // What the cases never come to is left to the samples: whose an order is, stores, and rare steps.
  expect(kinds.size).toBeGreaterThan(60);
});

const kindsOf = ({ kind, parts = [] }: Reason): ReasonKind[] => [kind, ...parts.flatMap(kindsOf)];

test("German sentences as people read them", () => {
  const pv = reason("why-pv", { rank: "Silver", neededPv: "1000", hadPv: "800.5", shortPv: "199.5" });
  expect(inGerman(reason("at-level", { level: "2" }, [reason("skipped", {}, [pv])]))).toBe(
    "Ebene 2: Silver braucht 1.000 PV, hatte 800,5: 199,5 PV fehlen; übersprungen, die Ebene geht an die nächste Person",
  );
  const paid = { rank: "Gold", rate: "0.0525", base: "1234.00", amount: "64.79", currency: "EUR" };
  expect(inGerman(reason("paid", paid))).toBe("Gold verdient 5,25 % von 1.234,00 = 64,79 EUR");
  expect(inGerman(reason("is-enrolled", { from: "2026-03-01" }))).toBe("eingeschrieben ab dem 1. März 2026");
  expect(inGerman(reason("volume-short", { of: "gv", needed: "700", had: "533.33", short: "166.67" }))).toBe(
    "Gruppenvolumen: nötig sind 700, da waren 533,33: 166,67 fehlen",
  );
  expect(inGerman(reason("orders-differ", { count: "1" }))).toBe("1 Bestellung ist im Shop anders als im Hub.");
});

test("German findings of a plan as people read them", () => {
  const open = reason("not-bounded", { bonus: "pairs" }, [reason("paired-everywhere")]);
  expect(inGerman(reason("no-ceiling", { ofCv: "46.5" }, [open]))).toBe(
    "hat keine bewiesene Obergrenze: Unbegrenzt sind „pairs“ (eine Bestellung wird an jedem Platz über ihr noch einmal gepaart; nur eine Obergrenze der Firma begrenzt das); der Rest kann 46,5 % vom CV auszahlen",
  );
  const fixed = [reason("is-named", { name: "steps" })];
  expect(inGerman(reason("pays-out-at-most", { ofCv: "40", ofNet: "3" }, fixed))).toBe(
    "kann höchstens 40 % vom CV und 3 % vom Netto auszahlen, und außerdem, was kein Anteil an Verkäufen ist: „steps“",
  );
});

test("a kind of a newer hub is none of this version's, wherever in a reason it stands", () => {
  const newer = { kind: "of-tomorrow" as ReasonKind, facts: {} };
  expect(inGerman(newer)).toBeNull();
  expect(inGerman(reason("skipped", {}, [newer]))).toBeNull();
});
