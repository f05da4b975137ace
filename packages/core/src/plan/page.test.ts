import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { calendars } from "./calendars.ts";
import { planCap } from "./caps.ts";
import { conditions } from "./conditions.ts";
import { planCurrency } from "./currency.ts";
import { lintPlan } from "./lint.ts";
import { measures } from "./measures.ts";
import { parsePlan } from "./parse.ts";
import { promotion } from "./promotions.ts";
import { bonus } from "./schema.ts";
import { levelTable, opens } from "./tables.ts";
import { trees } from "./trees.ts";

/** Whoever writes a plan from the page alone must be able to: what it shows is what the language takes. */

const page = readFileSync(new URL("../../../../docs/plan-language.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text as string);

const FIELDS: Readonly<Record<string, z.ZodType>> = {
  ...{ calendars, conditions, measures, opens, rates: levelTable, trees, currency: planCurrency },
  ...{ caps: z.array(planCap), promotions: z.array(promotion), bonuses: z.array(z.unknown()) },
};

/** A block is a document, fields of one, or things one after the other. */
function shown(text: string): Record<string, unknown>[] {
  const readings = [text, `{${text}}`, `[${text.replaceAll(/\}\n(?=\{)/g, "},\n")}]`, ...lines(text)];
  const found = readings.flatMap((reading) => {
    try {
      return [JSON.parse(reading) as unknown];
    } catch {
      return [];
    }
  })[0];
  return (Array.isArray(found) ? found : [found]) as Record<string, unknown>[];
}

/** Forms of one field below each other. */
const lines = (text: string): string[] => {
  const each = text.trim().split(/\n(?=")/);
  return [`[${each.map((line) => `{${line}}`).join(",")}]`];
};

const things = blocks.flatMap(shown);
const isWhole = (thing: Record<string, unknown>): boolean => thing.format === "upline-plan/1";

test("every block of the page is read", () => {
  expect(things.filter((thing) => typeof thing !== "object")).toStrictEqual([]);
  expect(things.filter((thing) => "kind" in thing).length).toBeGreaterThan(20);
});

test.each(things.filter((thing) => "kind" in thing && "id" in thing))("the bonus $id is one", (thing) => {
  expect(bonus.safeParse(thing).error?.issues).toBeUndefined();
});

test("fields of a plan are what the language takes", () => {
  const fields = things.filter((thing) => !isWhole(thing) && !("kind" in thing)).flatMap(Object.entries<unknown>);
  const known = fields.filter(([name]) => name in FIELDS);
  for (const [name, value] of known) expect(FIELDS[name]?.safeParse(value).error?.issues, name).toBeUndefined();
  expect(new Set(known.map(([name]) => name)).size).toBe(Object.keys(FIELDS).length);
});

test("the whole plan of the page may be published", () => {
  const [whole] = things.filter(isWhole);
  expect(lintPlan(parsePlan(whole)).filter(({ severity }) => severity !== "note")).toStrictEqual([]);
});

test("every kind of bonus is written out", () => {
  const kinds = bonus.options.map((option) => option.shape.kind.value);
  const written = new Set(things.map(({ kind }) => kind));
  expect(kinds.filter((kind) => !written.has(kind))).toStrictEqual([]);
});
