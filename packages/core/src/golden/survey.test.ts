import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { isPublishable, lintPlan } from "../plan/lint.ts";
import { parsePlan } from "../plan/parse.ts";
import { runGoldenCase } from "./run.ts";

/** Plans of real companies, said whole: each of their rules has its place in the document, and an amount that was worked by hand. */

const folder = new URL("../../../../docs/plans/survey/", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, folder), "utf8"));

const survey = z
  .strictObject({
    whole: z.array(
      z.strictObject({
        plan: z.string(),
        name: z.string(),
        rules: z.array(z.strictObject({ rule: z.string(), at: z.array(z.string()).min(1) })).min(1),
      }),
    ),
    partly: z.array(z.strictObject({ name: z.string(), missing: z.string() })),
    not: z.array(z.strictObject({ name: z.string(), missing: z.string() })),
  })
  .parse(read("rules.json"));

/** What stands at a path such as "bonuses.match.rates": lists are looked through by id. */
function at(document: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, part) => {
    if (Array.isArray(value))
      return value.find((item) => typeof item === "object" && item !== null && "id" in item && item.id === part);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }, document);
}

test.each(survey.whole)(
  "$name: every rule has its place, the plan may be published, and pays what was worked by hand",
  ({ plan, rules }) => {
    const document = read(`${plan}.json`);
    for (const { rule, at: paths } of rules)
      for (const path of paths) expect(at(document, path), `${rule}: ${path}`).toBeDefined();
    const findings = lintPlan(parsePlan(document));
    expect(isPublishable(findings), JSON.stringify(findings.filter(({ severity }) => severity === "error"))).toBe(true);
    const results = runGoldenCase(read(`cases/${plan}.json`), (path) => read(`cases/${path}`));
    for (const { outcome, reason, differences } of results)
      expect({ outcome, reason, differences }).toStrictEqual({ outcome: "passed", reason: null, differences: [] });
  },
);

test("the table counts all 56 plans, and no document stands beside it", () => {
  const { whole, partly, not } = survey;
  expect(whole.length + partly.length + not.length).toBe(56);
  const documents = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "rules.json");
  expect(documents.sort()).toStrictEqual(whole.map(({ plan }) => `${plan}.json`).sort());
  const page = readFileSync(new URL("README.md", folder), "utf8");
  for (const { name } of [...whole, ...partly, ...not]) expect(page).toContain(`| ${name} |`);
  expect(page).toContain(`**${whole.length} whole, ${partly.length} partly, ${not.length} not**`);
});
