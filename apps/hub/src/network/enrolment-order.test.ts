import fc from "fast-check";
import { assert, describe, expect, test } from "vitest";
import { sponsorsFirst } from "./enrolment-order.ts";

const row = (distributorId: string, sponsorId: string | null) => ({ distributorId, sponsorId });
const ids = (rows: readonly { distributorId: string }[]) => rows.map((one) => one.distributorId);

describe("sponsorsFirst", () => {
  test("keeps the order given where sponsors come first already", () => {
    const rows = [row("a", null), row("c", "a"), row("b", "a")];
    expect(ids(sponsorsFirst(rows).ordered)).toStrictEqual(["a", "c", "b"]);
  });

  test("moves sponsors before those they sponsor, and ignores sponsors from elsewhere", () => {
    const rows = [row("d", "c"), row("c", "b"), row("x", "enrolled"), row("b", "a"), row("a", null)];
    expect(ids(sponsorsFirst(rows).ordered)).toStrictEqual(["a", "b", "c", "d", "x"]);
  });

  test("tells each circle once and leaves out whoever stands below one", () => {
    const rows = [row("below", "a"), row("a", "b"), row("b", "c"), row("c", "a"), row("later", "below"), row("fine", null)];
    const { ordered, circles } = sponsorsFirst(rows);
    expect(ids(ordered)).toStrictEqual(["fine"]);
    expect(circles.map(ids)).toStrictEqual([["a", "b", "c"]]);
  });

  test("a line of 200,000 does not exhaust the stack", () => {
    const rows = Array.from({ length: 200_000 }, (_, no) => row(`${no}`, no === 199_999 ? null : `${no + 1}`));
    expect(sponsorsFirst(rows).ordered[0]?.distributorId).toBe("199999");
  });

  test("whatever the order of a tree's rows, every sponsor comes before those sponsored", () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 60 })
      .map((picks) => picks.map((pick, no) => row(`${no}`, no === 0 ? null : `${pick % no}`)));
    const shuffled = tree.chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }));
    fc.assert(
      fc.property(shuffled, (rows) => {
        const { ordered, circles } = sponsorsFirst(rows);
        expect(circles.length).toBe(0);
        expect(ordered.length).toBe(rows.length);
        const at = new Map(ordered.map((one, index) => [one.distributorId, index]));
        for (const { distributorId, sponsorId } of ordered)
          if (sponsorId !== null) assert.ok((at.get(sponsorId) as number) < (at.get(distributorId) as number));
      }),
    );
  });
});
