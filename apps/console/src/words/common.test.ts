import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commonWords } from "./common-en.ts";

test("parts that the portal uses too say nothing but what it loads", () => {
  const source = join(import.meta.dirname, "..");
  const said = globSync("{portal,shared,design}/**/*.{ts,tsx}", { cwd: source })
    .map((path) => readFileSync(join(source, path), "utf8"))
    // What asks for the portal's own texts says so.
    .filter((text) => text.includes("useTranslation()"))
    .flatMap((text) => [...text.matchAll(/\bt\(\s*["'`]([^"'`]+)/g)].map(([, key = ""]) => key));
  expect(said.length).toBeGreaterThan(4);
  expect(said.filter((key) => !Object.hasOwn(commonWords, key))).toStrictEqual([]);
});
