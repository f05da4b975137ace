import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, TextIndex, UNKNOWN } from "./text-index.ts";

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.stringMatching(/^D[0-9]{1,3}$/), fc.constant(""));

test("texts are numbered in the order in which they came and found again, as a Map does it", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 80 }), fc.array(text, { maxLength: 20 }), fc.nat(200), (added, asked, expected) => {
      const index = new TextIndex();
      if (expected % 2 === 0) index.reserve(expected);
      const known = new Map<string, number>();
      for (const [step, each] of added.entries()) {
        if (!known.has(each)) known.set(each, known.size);
        expect(step % 2 === 0 ? index.add(each) : index.addBytes(bytesOf(each))).toBe(known.get(each));
      }
      expect(index.size).toBe(known.size);
      for (const [each, no] of known) expect([index.find(each), index.textOf(no)]).toStrictEqual([no, each]);
      for (const each of asked) expect(index.find(each)).toBe(known.get(each) ?? UNKNOWN);
    }),
    runs(200),
  );
});

test("a hundred thousand that count upwards, long ones and half a surrogate pair among them", () => {
  const index = new TextIndex();
  const long = "x".repeat(65_535);
  expect(index.add("\uFFFD")).toBe(0);
  expect(index.add(long)).toBe(1);
  for (let no = 2; no < 100_000; no++) expect(index.add(`D${no}`)).toBe(no);
  for (let no = 2; no < 100_000; no++) if (index.find(`D${no}`) !== no || index.textOf(no) !== `D${no}`) expect(no).toBe(-1);
  expect([index.find("\uD800"), index.find("D100000"), index.find(long), index.textOf(1)]).toStrictEqual([
    UNKNOWN,
    UNKNOWN,
    1,
    long,
  ]);
  expect(() => index.add(`${long}x`)).toThrow("too long");
});
