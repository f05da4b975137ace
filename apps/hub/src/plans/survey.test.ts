import { readdirSync, readFileSync } from "node:fs";
import { type Plan, parsePlan } from "@upline/core";
import { placementTrees } from "@upline/core/engine";
import { expect, test } from "vitest";
import { planFindings } from "./findings.ts";

const FOLDER = new URL("../../../../docs/plans/survey/", import.meta.url);
const read = (name: string): Plan => parsePlan(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".json") && name !== "rules.json");

test("the hub publishes every plan of the survey, in a company that has its trees", () => {
  expect(NAMES).toHaveLength(38);
  const refused = NAMES.flatMap((name) => {
    const plan = read(name);
    const errors = planFindings(plan, placementTrees(plan)).filter(({ severity }) => severity === "error");
    return errors.map(({ path, wrong }) => `${name} ${path}: ${wrong}`);
  });
  expect(refused).toStrictEqual([]);
});
