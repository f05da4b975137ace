import assert from "node:assert/strict";
import { test } from "node:test";
import { PlacementTree, type SpilloverMode } from "./placement.ts";

function filled(mode: SpilloverMode, width: number, count: number, depth = 9): PlacementTree {
  const tree = new PlacementTree({ width, depth });
  tree.plant(0, 0);
  for (let no = 1; no < count; no++) tree.place(no, 0, mode, no);
  return tree;
}

const place = (tree: PlacementTree, no: number): string => {
  const at = tree.placeAsOf(no, 1e9);
  return `${at?.parent}/${at?.leg}`;
};

test("spillover modes choose their place", () => {
  const breadth = filled("breadth-first", 3, 6);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((no) => place(breadth, no)),
    ["0/0", "0/1", "0/2", "1/0", "1/1"],
  );
  const depth = filled("depth-first", 2, 4, 3);
  assert.deepEqual(
    [1, 2, 3].map((no) => place(depth, no)),
    ["0/0", "1/0", "2/0"],
  );
  const fewest = filled("fewest-children", 2, 7);
  assert.deepEqual(
    [3, 4, 5, 6].map((no) => place(fewest, no)),
    ["1/0", "2/0", "1/1", "2/1"],
  );
  assert.deepEqual(
    [1, 2].map((no) => place(filled("leftmost", 2, 3), no)),
    ["0/0", "1/0"],
  );
  assert.deepEqual(
    [1, 2].map((no) => place(filled("rightmost", 2, 3), no)),
    ["0/1", "1/1"],
  );
});

test("a full matrix, a taken leg and an unknown parent are refused", () => {
  const tree = filled("breadth-first", 2, 7, 2);
  assert.deepEqual(tree.place(7, 0, "breadth-first", 7), { kind: "refused", reason: "no-free-place" });
  assert.deepEqual(tree.placeAt(7, 0, 1, 7), { kind: "refused", reason: "leg-taken" });
  assert.deepEqual(tree.placeAt(7, 3, 2, 7), { kind: "refused", reason: "no-such-leg" });
  assert.deepEqual(tree.placeAt(7, 99, 0, 7), { kind: "refused", reason: "unknown-parent" });
  assert.deepEqual(tree.place(3, 0, "breadth-first", 7), { kind: "refused", reason: "already-placed" });
});

test("a move counts from its date, keeps the past, and never closes a circle", () => {
  const tree = filled("breadth-first", 2, 5);
  assert.equal(tree.move(3, 2, 0, 100).kind, "placed");
  assert.deepEqual(tree.uplineAsOf(3, 99), [1, 0]);
  assert.deepEqual(tree.uplineAsOf(3, 100), [2, 0]);
  assert.deepEqual(tree.move(2, 3, 0, 200), { kind: "refused", reason: "cycle" });
  assert.deepEqual(tree.move(3, 1, 0, 100), { kind: "refused", reason: "before-latest-move" });
  assert.deepEqual(tree.move(9, 1, 0, 100), { kind: "refused", reason: "not-placed" });
});

test("the holding tank waits, by hand or all at once", () => {
  const tree = filled("breadth-first", 2, 3);
  tree.hold(7);
  tree.hold(5);
  assert.deepEqual(tree.waiting, [5, 7]);
  assert.equal(tree.placeAsOf(5, 1e9), null);
  tree.placeWaiting(() => 0, "breadth-first", 50);
  assert.deepEqual([place(tree, 5), place(tree, 7), tree.waiting.length], ["1/0", "1/1", 0]);
});

test("the place of a leaver is kept, taken by the earliest below, or everyone below waits", () => {
  assert.deepEqual(filled("breadth-first", 2, 7).leave(1, "keep", 50), []);
  const promoted = filled("breadth-first", 2, 7);
  promoted.leave(1, "promote-earliest", 50);
  assert.deepEqual([place(promoted, 3), place(promoted, 4)], ["0/0", "3/0"]);
  assert.deepEqual(promoted.uplineAsOf(4, 49), [1, 0]);
  const tank = filled("breadth-first", 2, 7);
  tank.leave(1, "holding-tank", 50);
  assert.deepEqual(tank.waiting, [3, 4]);
  tank.placeWaiting(() => 2, "breadth-first", 60);
  assert.deepEqual(tank.uplineAsOf(3, 61).at(-1), 0);
});
