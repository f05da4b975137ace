import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "../json.ts";
import { planHash } from "../plan/hash.ts";
import { parsePlan } from "../plan/parse.ts";
import { sha256Hex } from "../plan/sha256.ts";
import { goldenCase } from "./case.ts";
import { buildNetwork } from "./network.ts";
import { playPeriods } from "./play.ts";

/**
 * A published plan keeps its hash and pays to the byte what it paid, however the language grows. What stands in
 * `published.json` was written before the language had a second edition and is never written anew for a plan in it.
 */

interface Published {
  readonly planHash: string;
  /** SHA-256 over every amount of every order and close. */
  readonly amounts: string;
}

const folders = ["../../../../docs/golden/", "cases/"].map((folder) => new URL(folder, import.meta.url));
const known = JSON.parse(readFileSync(new URL("published.json", import.meta.url), "utf8")) as Record<string, Published>;

function publishedOf(file: URL): [string, Published][] {
  const golden = goldenCase.parse(JSON.parse(readFileSync(file, "utf8")));
  return (golden.scenarios ?? [{ name: "" }]).flatMap((scenario) => {
    const name = `${golden.id}/${scenario.name}`;
    if (known[name] === undefined) return [];
    const more = "plan" in scenario ? scenario.plan : {};
    const plan = parsePlan({ ...(golden.plan as object), ...more });
    const distributors = ("distributors" in scenario ? scenario.distributors : undefined) ?? golden.distributors;
    const periods = ("periods" in scenario ? scenario.periods : undefined) ?? golden.periods;
    const { amounts } = playPeriods(plan, golden.currency, buildNetwork(distributors, golden.spillover), periods);
    const text = canonicalJson(
      amounts.map((amount) => ({ ...amount, amountMinor: String(amount.amountMinor) })) as unknown as Json,
    );
    return [[name, { planHash: planHash(plan), amounts: sha256Hex(text) }] as [string, Published]];
  });
}

test("every plan published before has the hash and the amounts that it had", () => {
  const found = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => publishedOf(new URL(name, folder))),
  );
  expect(Object.fromEntries(found)).toStrictEqual(known);
  expect(found.length).toBeGreaterThanOrEqual(50);
});
