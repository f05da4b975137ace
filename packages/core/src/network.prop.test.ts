import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { NOBODY, SponsorTree } from "./network.ts";

/** The oracle: every edge ever accepted, in order; the sponsor as of a time is the last one not later. */
class Edges {
  readonly rows: { no: number; sponsor: number; from: number }[] = [];
  sponsor(no: number, at: number): number {
    const own = this.rows.filter((row) => row.no === no && row.from <= at).sort((a, b) => a.from - b.from);
    return own.at(-1)?.sponsor ?? NOBODY;
  }
  upline(no: number, at: number): number[] {
    const found: number[] = [];
    for (let s = this.sponsor(no, at); s !== NOBODY; s = this.sponsor(s, at)) {
      assert.ok(found.length <= 100, "a cycle");
      found.push(s);
    }
    return found;
  }
}

const act = fc.oneof(
  fc.record({ kind: fc.constant("enrol" as const), sponsor: fc.nat(30) }),
  fc.record({ kind: fc.constant("move" as const), no: fc.nat(30), sponsor: fc.nat(30), at: fc.nat(20) }),
);

test("after any acts there is no cycle at any time, and every as-of answer equals the naive one", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const tree = new SponsorTree(1);
      const edges = new Edges();
      tree.enrol(0, NOBODY);
      for (const act of acts) {
        if (act.kind === "enrol") {
          const no = tree.size;
          const sponsor = act.sponsor % (no + 1) === no ? NOBODY : act.sponsor % no;
          expect(tree.enrol(no, sponsor).kind).toBe("done");
          edges.rows.push({ no, sponsor, from: Number.NEGATIVE_INFINITY });
        } else if (tree.move(act.no, act.sponsor, act.at).kind === "done") {
          edges.rows.push({ no: act.no, sponsor: act.sponsor, from: act.at });
        }
      }
      for (let no = 0; no < tree.size; no++) {
        expect(tree.sponsorsAsOf(7)[no]).toBe(edges.sponsor(no, 7));
        for (const at of [-1, 0, 5, 10, 20, 21]) expect(tree.uplineAsOf(no, at)).toStrictEqual(edges.upline(no, at));
      }
      const everyone = Array.from({ length: tree.size }, (_, no) => no);
      for (const no of everyone) {
        const below = everyone.filter((other) => edges.upline(other, 1000).includes(no));
        expect(tree.downline(no).sort((a, b) => a - b)).toStrictEqual(below);
      }
    }),
    runs(150),
  );
});

test("a refused move changes nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10), { minLength: 2, maxLength: 20 }), fc.nat(20), fc.nat(20), (sponsors, no, to) => {
      const tree = new SponsorTree();
      tree.enrol(0, NOBODY);
      sponsors.forEach((sponsor, i) => {
        tree.enrol(i + 1, sponsor % (i + 1));
      });
      const before = Array.from({ length: tree.size }, (_, member) => tree.uplineAsOf(member, 50));
      if (tree.move(no, to, 10).kind === "done") return;
      expect(Array.from({ length: tree.size }, (_, member) => tree.uplineAsOf(member, 50))).toStrictEqual(before);
    }),
    runs(150),
  );
});
