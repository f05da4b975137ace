import { expect, test } from "vitest";
import { NOBODY, SponsorTree } from "./network.ts";

function chain(): SponsorTree {
  const tree = new SponsorTree(2);
  tree.enrol(0, NOBODY);
  tree.enrol(1, 0);
  tree.enrol(2, 1);
  tree.enrol(3, 2);
  return tree;
}

test("the upline comes nearest first and stops at the asked depth", () => {
  const tree = chain();
  expect(tree.uplineAsOf(3, 0)).toStrictEqual([2, 1, 0]);
  expect(tree.uplineAsOf(3, 0, 2)).toStrictEqual([2, 1]);
  expect(tree.uplineAsOf(0, 0)).toStrictEqual([]);
});

test("a move counts from its date on and leaves the past as it was", () => {
  const tree = chain();
  expect(tree.move(3, 0, 1000)).toStrictEqual({ kind: "done" });
  expect(tree.uplineAsOf(3, 999)).toStrictEqual([2, 1, 0]);
  expect(tree.uplineAsOf(3, 1000)).toStrictEqual([0]);
  const below = (no: number, at: number) => {
    const found: number[] = [];
    tree.visitBelow(no, at, { from: 0, to: 0 }, (member) => found.push(member));
    return found.sort();
  };
  expect([below(0, 999), below(2, 999)]).toStrictEqual([[1], [3]]);
  expect([below(0, 1000), below(2, 1000)]).toStrictEqual([[1, 3], []]);
});

test("a cycle is refused, also one that only a later recorded move would close", () => {
  const tree = chain();
  expect(tree.move(1, 3, 1000)).toStrictEqual({ kind: "refused", reason: "cycle" });
  expect(tree.move(1, 1, 1000)).toStrictEqual({ kind: "refused", reason: "cycle" });
  tree.enrol(4, 0);
  expect(tree.move(0, 4, 1).kind).toBe("refused");
  expect(tree.move(4, 3, 2000).kind).toBe("done");
  expect(tree.move(1, 4, 1000)).toStrictEqual({ kind: "refused", reason: "cycle" });
});

test("unknown distributors, gaps in numbers and back-dated second moves are refused", () => {
  const tree = chain();
  expect(tree.enrol(9, 0)).toStrictEqual({ kind: "refused", reason: "unknown-distributor" });
  expect(tree.enrol(2, 0)).toStrictEqual({ kind: "refused", reason: "already-enrolled" });
  expect(tree.enrol(4, 77)).toStrictEqual({ kind: "refused", reason: "unknown-sponsor" });
  tree.move(3, 0, 1000);
  expect(tree.move(3, 1, 1000)).toStrictEqual({ kind: "refused", reason: "before-latest-move" });
  expect(tree.move(30, 1, 1)).toStrictEqual({ kind: "refused", reason: "unknown-distributor" });
});
