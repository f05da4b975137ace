import { randomBytes } from "node:crypto";
import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "./packing.ts";

test("property: what is packed comes back byte for byte, whatever it is", () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text.repeat(200))),
  );
  fc.assert(
    fc.property(body, (one) => {
      const { bytes, packedFrom } = pack(one);
      expect(unpack(bytes, packedFrom).equals(one)).toBe(true);
      expect(bytes.length).toBeLessThanOrEqual(one.length);
    }),
    runs(100),
  );
});

test("an order is a fraction of itself; what is short or cannot be made shorter stays as it is", () => {
  const order = Buffer.from(
    JSON.stringify({ line_items: Array.from({ length: 40 }, (_, id) => ({ id, price: "99.80", properties: [] })) }),
  );
  expect(pack(order).packedFrom).toBe(order.length);
  expect(pack(order).bytes.length).toBeLessThan(order.length / 3);
  expect(pack(Buffer.from("{}")).packedFrom).toBeNull();
  expect(pack(randomBytes(5_000)).packedFrom).toBeNull();
});

test("a body of another size than it had is refused", () => {
  const { bytes } = pack(Buffer.alloc(2_000, "a"));
  expect(() => unpack(bytes, 1_999)).toThrow();
  expect(() => unpack(bytes, 2_001)).toThrow(/size/);
});
