import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOfIds } from "./id-order.ts";

/** Ids of few letters are often alike; some begin alike, some are of other alphabets, one may be empty. */
const short = fc.string({ unit: fc.constantFrom("a", "b", "Z", "9", "-"), maxLength: 9 });
const ids = fc.uniqueArray(
  fc.oneof(
    short,
    short.map((rest) => `EMEA-00${rest}`),
    fc.string({ unit: "binary", maxLength: 5 }),
  ),
  {
    maxLength: 40,
  },
);
const alike = fc.uniqueArray(
  short.map((rest) => `AM-0${rest}`),
  { maxLength: 40 },
);

test("ids come in the order of their text, whatever they are", () => {
  fc.assert(
    fc.property(fc.oneof(ids, alike, fc.uniqueArray(short, { maxLength: 40 })), (texts) => {
      const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1));
      expect([...orderOfIds(texts)].map((no) => texts[no])).toStrictEqual(sorted);
    }),
    runs(500),
  );
});
