import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { planJsonSchema } from "./json-schema.ts";
import { planOf } from "./testing.ts";

const docs = new URL("../../../../docs/", import.meta.url);
const kept = readFileSync(new URL("plan-language.schema.json", docs), "utf8");
/** What an editor makes of the kept file, read by zod's own reader of JSON Schema. */
const editor = z.fromJSONSchema(JSON.parse(kept));

test("the kept file is what the code says: run `pnpm generate` where it is not", () => {
  expect(JSON.parse(kept)).toStrictEqual(JSON.parse(JSON.stringify(planJsonSchema())));
});

test("every ready plan is valid by it", () => {
  const plans = readdirSync(new URL("plans/", docs)).filter((name) => name.endsWith(".json"));
  expect(plans.length).toBeGreaterThanOrEqual(5);
  for (const name of plans) {
    const plan: unknown = JSON.parse(readFileSync(new URL(`plans/${name}`, docs), "utf8"));
    expect(editor.safeParse(plan).error?.issues ?? [], name).toStrictEqual([]);
  }
});

test("what an editor should mark is marked: a misspelt field, a mode that is none, a share above 1, a number for a text", () => {
  const levels = { id: "levels", kind: "retail", snapshot: "order" };
  for (const wrong of [{ surprise: 1 }, { rounding: "up" }, { version: "1" }, { bonuses: [levels] }, { ranks: undefined }])
    expect(editor.safeParse(JSON.parse(JSON.stringify({ ...planOf({}), ...wrong }))).success, JSON.stringify(wrong)).toBe(false);
  expect(editor.safeParse(JSON.parse(JSON.stringify(planOf({})))).success).toBe(true);
});

test("a share is one for editors exactly where it is a decimal text from 0 to 1", () => {
  const { pattern } = (JSON.parse(kept) as { $defs: Record<string, { pattern: string }> }).$defs.share ?? {};
  const isShare = (text: string): boolean => new RegExp(pattern ?? "$^").test(text);
  for (const text of ["0", "1", "0.05", "1.0", "00.5", "1.00000000", "0.00000001"]) expect(isShare(text), text).toBe(true);
  for (const text of ["", "1.00000001", "2", "-0", ".5", "0.", "0,5", "5%", "0.123456789", "10"])
    expect(isShare(text), text).toBe(false);
  fc.assert(
    fc.property(fc.nat(3), fc.nat(99_999_999), (whole, fraction) => {
      const text = `${whole}.${String(fraction).padStart(8, "0")}`;
      expect(isShare(text)).toBe(BigInt(whole) * 100_000_000n + BigInt(fraction) <= 100_000_000n);
    }),
  );
});
