import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldCode, readCode } from "./referral-code.ts";

/** The plugin's PHPUnit reads the same table. */
const CASES: { typed: string; code: string | null; why?: string }[] = JSON.parse(
  readFileSync(new URL("./referral-code-cases.json", import.meta.url), "utf8"),
);

test("one table says what a code is", () => {
  for (const { typed, code, why } of CASES) {
    const read = readCode(typed);
    expect("code" in read ? read.code : null, `${JSON.stringify(typed)} ${why ?? ""}`).toBe(code);
  }
});

test("codes fold by NFKC, case and surrounding space", () => {
  expect(foldCode("  ＡＮＮＡ77 ")).toBe("anna77");
  expect(readCode("ＡＮＮＡ77")).toStrictEqual({ code: "ＡＮＮＡ77", folded: "anna77" });
  expect(foldCode("JOA\u0303O")).toBe(foldCode("joão"));
});

test("a code that is refused says what is wrong and what to do", () => {
  const wrong = (typed: string) => (readCode(typed) as { wrong: string }).wrong;
  expect(wrong("anna 77")).toMatch(/no spaces/);
  expect(wrong("АNNA")).toMatch(/write it in one alphabet/);
  expect(wrong("-")).toMatch(/add one/);
  expect(wrong("x".repeat(61))).toMatch(/60 characters/);
});

test("property: whatever is typed is read or refused, and a code that was read is read again the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (typed) => {
      const read = readCode(typed);
      if ("code" in read) expect(readCode(read.code)).toStrictEqual(read);
    }),
  );
});
