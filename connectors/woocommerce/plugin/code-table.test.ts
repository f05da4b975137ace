import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODE_TABLE_PATH, codeTablePhp } from "./code-table.ts";

test("the plugin's table of what a referral code is, is the one that core's rule makes", () => {
  const kept = readFileSync(new URL(`../../../${CODE_TABLE_PATH}`, import.meta.url), "utf8");
  expect(kept === codeTablePhp(), "run pnpm generate").toBe(true);
});
