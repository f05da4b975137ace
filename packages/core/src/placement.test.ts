import { expect, test } from "vitest";
import { findFreePlace, type SpilloverMode, TAKEN } from "./free-place.ts";
import { PlacementTree } from "./placement.ts";

function filled(mode: SpilloverMode, width: number, count: number, depth = 9): PlacementTree {
  const tree = new PlacementTree({ width, depth });
  tree.plant(0, 0);
  for (let no = 1; no < count; no++) tree.place(no, 0, mode, no);
  return tree;
}

const place = (tree: PlacementTree, no: number): string => {
  const place = tree.placeAsOf(no, 1e9);
  return `${place?.parent}/${place?.leg}`;
};

test("spillover modes choose their place", () => {
  const breadth = filled("breadth-first", 3, 6);
  expect([1, 2, 3, 4, 5].map((no) => place(breadth, no))).toStrictEqual(["0/0", "0/1", "0/2", "1/0", "1/1"]);
  const depth = filled("depth-first", 2, 4, 3);
  expect([1, 2, 3].map((no) => place(depth, no))).toStrictEqual(["0/0", "1/0", "2/0"]);
  const fewest = filled("fewest-children", 2, 7);
  expect([3, 4, 5, 6].map((no) => place(fewest, no))).toStrictEqual(["1/0", "2/0", "1/1", "2/1"]);
  expect([1, 2].map((no) => place(filled("leftmost", 2, 3), no))).toStrictEqual(["0/0", "1/0"]);
  expect([1, 2].map((no) => place(filled("rightmost", 2, 3), no))).toStrictEqual(["0/1", "1/1"]);
});

test("a leg that is free for a while only is no place, and nobody is looked for below it", () => {
  // 0 has 1 on the left, and on the right somebody who comes later; 1 has one leg of each kind.
  const legs: Record<number, number[]> = { 0: [1, TAKEN], 1: [TAKEN] };
  const asked: number[] = [];
  const tree = {
    ...{ width: 2, depth: 4 },
    legsOf: (parent: number) => {
      asked.push(parent);
      return legs[parent] ?? [];
    },
  };
  const found = (mode: SpilloverMode) => findFreePlace(tree, 0, mode);
  for (const mode of ["breadth-first", "depth-first", "fewest-children"] as const)
    expect(found(mode), mode).toStrictEqual({ parent: 1, leg: 1 });
  expect([found("leftmost"), found("rightmost")]).toStrictEqual([null, null]);
  legs[1] = [TAKEN, TAKEN];
  for (const mode of ["breadth-first", "depth-first", "fewest-children"] as const) expect(found(mode), mode).toBe(null);
  expect(new Set(asked)).toStrictEqual(new Set([0, 1]));
});

test("a full matrix, a taken leg and an unknown parent are refused", () => {
  const tree = filled("breadth-first", 2, 7, 2);
  expect(tree.place(7, 0, "breadth-first", 7)).toStrictEqual({ kind: "refused", reason: "no-free-place" });
  expect(tree.placeAt(7, 0, 1, 7)).toStrictEqual({ kind: "refused", reason: "leg-taken" });
  expect(tree.placeAt(7, 3, 2, 7)).toStrictEqual({ kind: "refused", reason: "no-such-leg" });
  expect(tree.placeAt(7, 99, 0, 7)).toStrictEqual({ kind: "refused", reason: "unknown-parent" });
  expect(tree.place(3, 0, "breadth-first", 7)).toStrictEqual({ kind: "refused", reason: "already-placed" });
});

test("a move counts from its date, keeps the past, and never closes a circle", () => {
  const tree = filled("breadth-first", 2, 5);
  expect(tree.move(3, 2, 0, 100).kind).toBe("placed");
  expect(tree.uplineAsOf(3, 99)).toStrictEqual([1, 0]);
  expect(tree.uplineAsOf(3, 100)).toStrictEqual([2, 0]);
  expect(tree.move(2, 3, 0, 200)).toStrictEqual({ kind: "refused", reason: "cycle" });
  expect(tree.move(3, 1, 0, 100)).toStrictEqual({ kind: "refused", reason: "before-latest-move" });
  expect(tree.move(9, 1, 0, 100)).toStrictEqual({ kind: "refused", reason: "not-placed" });
});

test("the holding tank waits, by hand or all at once", () => {
  const tree = filled("breadth-first", 2, 3);
  tree.hold(7);
  tree.hold(5);
  expect(tree.waiting).toStrictEqual([5, 7]);
  expect(tree.placeAsOf(5, 1e9)).toBe(null);
  tree.placeWaiting(() => 0, "breadth-first", 50);
  expect([place(tree, 5), place(tree, 7), tree.waiting.length]).toStrictEqual(["1/0", "1/1", 0]);
});

test("the place of a leaver is kept, taken by the earliest below, or everyone below waits", () => {
  expect(filled("breadth-first", 2, 7).leave(1, "keep", 50)).toStrictEqual([]);
  const promoted = filled("breadth-first", 2, 7);
  promoted.leave(1, "promote-earliest", 50);
  expect([place(promoted, 3), place(promoted, 4)]).toStrictEqual(["0/0", "3/0"]);
  expect(promoted.uplineAsOf(4, 49)).toStrictEqual([1, 0]);
  const tank = filled("breadth-first", 2, 7);
  tank.leave(1, "holding-tank", 50);
  expect(tank.waiting).toStrictEqual([3, 4]);
  tank.placeWaiting(() => 2, "breadth-first", 60);
  expect(tank.uplineAsOf(3, 61).at(-1)).toStrictEqual(0);
});
