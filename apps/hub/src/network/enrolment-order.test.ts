import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { sponsorsFirst } from "./enrolment-order.ts";

const row = (distributorId: string, sponsorId: string | null) => ({ distributorId, sponsorId });
const ids = (rows: readonly { distributorId: string }[]) => rows.map((one) => one.distributorId);

describe("sponsorsFirst", () => {
  test("keeps the order given where sponsors come first already", () => {
    const rows = [row("a", null), row("c", "a"), row("b", "a")];
    assert.deepEqual(ids(sponsorsFirst(rows).ordered), ["a", "c", "b"]);
  });

  test("moves sponsors before those they sponsor, and ignores sponsors from elsewhere", () => {
    const rows = [row("d", "c"), row("c", "b"), row("x", "enrolled"), row("b", "a"), row("a", null)];
    assert.deepEqual(ids(sponsorsFirst(rows).ordered), ["a", "b", "c", "d", "x"]);
  });

  test("tells each circle once and leaves out whoever stands below one", () => {
    const rows = [row("below", "a"), row("a", "b"), row("b", "c"), row("c", "a"), row("later", "below"), row("fine", null)];
    const { ordered, circles } = sponsorsFirst(rows);
    assert.deepEqual(ids(ordered), ["fine"]);
    assert.deepEqual(circles.map(ids), [["a", "b", "c"]]);
  });

  test("a line of 200,000 does not exhaust the stack", () => {
    const rows = Array.from({ length: 200_000 }, (_, no) => row(`${no}`, no === 199_999 ? null : `${no + 1}`));
    assert.equal(sponsorsFirst(rows).ordered[0]?.distributorId, "199999");
  });

  test("whatever the order of a tree's rows, every sponsor comes before those sponsored", () => {
    const tree = fc
      .array(fc.nat(), { minLength: 1, maxLength: 60 })
      .map((picks) => picks.map((pick, no) => row(`${no}`, no === 0 ? null : `${pick % no}`)));
    const shuffled = tree.chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }));
    fc.assert(
      fc.property(shuffled, (rows) => {
        const { ordered, circles } = sponsorsFirst(rows);
        assert.equal(circles.length, 0);
        assert.equal(ordered.length, rows.length);
        const at = new Map(ordered.map((one, index) => [one.distributorId, index]));
        for (const { distributorId, sponsorId } of ordered)
          if (sponsorId !== null) assert.ok((at.get(sponsorId) as number) < (at.get(distributorId) as number));
      }),
    );
  });
});
