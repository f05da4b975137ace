import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  allocate,
  currencyExponent,
  divideFloor,
  divideHalfUp,
  formatAmount,
  MoneyError,
  parseAmount,
  parseDecimal,
} from "./money.ts";

test("amounts follow the currency's own decimals", () => {
  assert.equal(parseAmount("53.45", "EUR"), 5345n);
  assert.equal(parseAmount("65", "JPY"), 65n);
  assert.equal(parseAmount("49.9000", "JPY"), 50n);
  assert.equal(parseAmount("39.430", "KWD"), 39430n);
  assert.equal(parseAmount("-53.45", "EUR"), -5345n);
  assert.equal(parseAmount("83.3333", "USD"), 8333n);
  assert.equal(parseAmount("8.5e1", "USD"), 8500n);
  assert.equal(formatAmount(-5n, "EUR"), "-0.05");
  assert.equal(formatAmount(39430n, "KWD"), "39.430");
  assert.equal(formatAmount(65n, "JPY"), "65");
  assert.equal(currencyExponent("USD"), 2);
});

test("what is no amount is refused with its text", () => {
  for (const text of ["", "12,50", "1.2.3", "NaN", "0x10", "--1", "1e400"])
    assert.throws(() => parseDecimal(text), MoneyError, text);
  assert.throws(() => currencyExponent("eur"), /"eur" is not an ISO 4217/);
});

test("halves go away from zero, so that a reversal mirrors what it reverses", () => {
  assert.deepEqual(
    [1n, 3n, 5n, -1n, -3n].map((n) => divideHalfUp(n, 2n)),
    [1n, 2n, 3n, -1n, -2n],
  );
  assert.equal(divideFloor(-1n, 2n), -1n);
  assert.throws(() => divideHalfUp(1n, 0n), MoneyError);
});

test("a split sums to the whole, and spare units go to the largest remainder, ties to the smaller key", () => {
  const parts = [
    { key: "b", weight: 1n },
    { key: "a", weight: 1n },
    { key: "c", weight: 1n },
  ];
  assert.deepEqual(Object.fromEntries(allocate(100n, parts)), { a: 34n, b: 33n, c: 33n });
  assert.deepEqual(Object.fromEntries(allocate(-100n, parts)), { a: -34n, b: -33n, c: -33n });
  assert.deepEqual(Object.fromEntries(allocate(7n, [{ key: "x", weight: 0n }])), { x: 7n });
});

test("property: every split sums to the whole and ignores the order of its parts", () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), weights, (total, list) => {
      const parts = list.map((weight, index) => ({ key: `k${index}`, weight }));
      const split = allocate(total, parts);
      assert.equal(
        [...split.values()].reduce((sum, part) => sum + part, 0n),
        total,
      );
      const reversed = allocate(total, [...parts].reverse());
      for (const [key, part] of split) assert.equal(reversed.get(key), part);
    }),
  );
});

test("property: text and minor units are each other's inverse", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.constantFrom("EUR", "JPY", "KWD", "CLF"),
      (minor, currency) => {
        assert.equal(parseAmount(formatAmount(minor, currency), currency), minor);
      },
    ),
  );
});
