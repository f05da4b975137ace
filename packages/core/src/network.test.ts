import assert from "node:assert/strict";
import { test } from "node:test";
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
  assert.deepEqual(tree.uplineAsOf(3, 0), [2, 1, 0]);
  assert.deepEqual(tree.uplineAsOf(3, 0, 2), [2, 1]);
  assert.deepEqual(tree.uplineAsOf(0, 0), []);
});

test("a move counts from its date on and leaves the past as it was", () => {
  const tree = chain();
  assert.deepEqual(tree.move(3, 0, 1000), { kind: "done" });
  assert.deepEqual(tree.uplineAsOf(3, 999), [2, 1, 0]);
  assert.deepEqual(tree.uplineAsOf(3, 1000), [0]);
  assert.deepEqual(tree.downline(0), [1, 3, 2]);
  assert.deepEqual(tree.downline(2), []);
});

test("a cycle is refused, also one that only a later recorded move would close", () => {
  const tree = chain();
  assert.deepEqual(tree.move(1, 3, 1000), { kind: "refused", reason: "cycle" });
  assert.deepEqual(tree.move(1, 1, 1000), { kind: "refused", reason: "cycle" });
  tree.enrol(4, 0);
  assert.equal(tree.move(0, 4, 1).kind, "refused");
  assert.equal(tree.move(4, 3, 2000).kind, "done");
  assert.deepEqual(tree.move(1, 4, 1000), { kind: "refused", reason: "cycle" });
});

test("unknown distributors, gaps in numbers and back-dated second moves are refused", () => {
  const tree = chain();
  assert.deepEqual(tree.enrol(9, 0), { kind: "refused", reason: "unknown-distributor" });
  assert.deepEqual(tree.enrol(2, 0), { kind: "refused", reason: "already-enrolled" });
  assert.deepEqual(tree.enrol(4, 77), { kind: "refused", reason: "unknown-sponsor" });
  tree.move(3, 0, 1000);
  assert.deepEqual(tree.move(3, 1, 1000), { kind: "refused", reason: "before-latest-move" });
  assert.deepEqual(tree.move(30, 1, 1), { kind: "refused", reason: "unknown-distributor" });
});
