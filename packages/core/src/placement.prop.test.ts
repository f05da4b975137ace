import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { PlacementTree } from "./placement.ts";

const act = fc.oneof(
  fc.record({
    kind: fc.constant("place" as const),
    under: fc.nat(20),
    mode: fc.constantFrom(
      "breadth-first" as const,
      "depth-first" as const,
      "fewest-children" as const,
      "leftmost" as const,
      "rightmost" as const,
    ),
  }),
  fc.record({
    kind: fc.constant("move" as const),
    no: fc.nat(20),
    parent: fc.nat(20),
    leg: fc.nat(2),
    at: fc.integer({ min: 100, max: 120 }),
  }),
  fc.record({
    kind: fc.constant("leave" as const),
    no: fc.integer({ min: 1, max: 20 }),
    mode: fc.constantFrom("promote-earliest" as const, "holding-tank" as const),
  }),
);

test("after any acts nobody stands above themselves at any time, and no leg holds two", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.integer({ min: 2, max: 3 }), (acts, width) => {
      const tree = new PlacementTree({ width });
      tree.plant(0, 0);
      let next = 1;
      let clock = 200;
      for (const act of acts) {
        if (act.kind === "place") tree.place(next++, act.under % next, act.mode, clock++);
        else if (act.kind === "move") tree.move(act.no, act.parent, act.leg % width, clock++ + (act.at % 7));
        else tree.leave(act.no, act.mode, clock++ + 10);
        clock += 20;
      }
      for (const at of [clock + 100]) {
        const taken = new Set<string>();
        for (let no = 0; no < next; no++) {
          const upline = tree.uplineAsOf(no, at, 1000);
          assert.ok(upline.length < 1000, "a circle");
          expect(new Set([no, ...upline]).size).toBe(upline.length + 1);
          const own = tree.placeAsOf(no, at);
          if (own === null || own.parent < 0) continue;
          assert.ok(!taken.has(`${own.parent}/${own.leg}`), "two in one leg");
          assert.ok(own.leg < width);
          taken.add(`${own.parent}/${own.leg}`);
        }
      }
    }),
    runs(150),
  );
});

test("breadth-first places nobody deeper than a complete tree needs", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 80 }), (width, count) => {
      const tree = new PlacementTree({ width });
      tree.plant(0, 0);
      for (let no = 1; no < count; no++) tree.place(no, 0, "breadth-first", no);
      let level = 0;
      let room = 1;
      for (let held = 1; held < count; held += room) {
        room *= width;
        level++;
      }
      for (let no = 0; no < count; no++) assert.ok(tree.uplineAsOf(no, 1e9).length <= level);
    }),
    runs(100),
  );
});
