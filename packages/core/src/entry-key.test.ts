import fc from "fast-check";
import { expect, test } from "vitest";
import { entryKeyOf, placeOfEntry } from "./entry-key.ts";

test("names a commission by its bonus, line, level and earner", () => {
  expect(entryKeyOf({ bonusId: "level-pay", lineId: "1", level: 2, earner: "9012" })).toBe("level-pay:1:2:9012");
  expect(entryKeyOf({ bonusId: "level-pay", lineId: "1", level: 0, earner: null })).toBe("level-pay:1:0:company");
});

test("property: a name leads back to its parts, whatever colons are in the ids", () => {
  const id = fc.string({ unit: fc.constantFrom(":", "1", "a", "é"), minLength: 1 });
  const place = fc.record({
    bonusId: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/),
    lineId: id,
    level: fc.nat(100_000),
    earner: fc.option(id),
  });
  fc.assert(
    fc.property(place, (one) => {
      expect(placeOfEntry(entryKeyOf(one), one.earner)).toEqual(one);
    }),
  );
});
