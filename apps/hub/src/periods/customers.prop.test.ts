import fc from "fast-check";
import { expect, test } from "vitest";
import { type CustomerOrder, customersOf } from "./customers.ts";

const marks = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 3 });
const order = fc.record({ marks, pv: fc.nat(100), first: fc.boolean() }).map(({ marks: known, ...rest }): CustomerOrder => {
  return { ...rest, buyer: known.join(",") };
});

const told = (orders: readonly CustomerOrder[]) =>
  [...customersOf(orders)].map(({ pv, isNew, marks: all }) => `${[...all].sort().join()} ${pv} ${isNew}`).sort();

test("property: customers are who shares a mark, by way of others too, in whatever order their orders come", () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 12 }), (orders) => {
      expect(told([...orders].reverse())).toStrictEqual(told(orders));
      // Spread until nothing changes: the same number by another way.
      const group = orders.map((_, index) => index);
      const share = (a: string, b: string) => a !== "" && a.split(",").some((mark) => b.split(",").includes(mark));
      for (let changed = true; changed; ) {
        changed = false;
        for (const [i, one] of orders.entries())
          for (const [j, other] of orders.entries())
            if (share(one.buyer, other.buyer) && (group[i] as number) < (group[j] as number)) {
              group[j] = group[i] as number;
              changed = true;
            }
      }
      expect(told(orders)).toHaveLength(new Set(group).size);
    }),
  );
});
