import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { type Downline, walkDownline } from "./downline.ts";
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
  /** Whether a move closes a circle at any time: judged by every moment at which anything changes. */
  wouldClose(no: number, sponsor: number, at: number): boolean {
    const moments = [at, ...this.rows.map(({ from }) => from).filter((from) => from > at)];
    return moments.some((moment) => no === sponsor || this.upline(sponsor, moment).includes(no));
  }
}

const TIMES = [-1, 0, 5, 10, 20, 21];

const act = fc.oneof(
  fc.record({ kind: fc.constant("enrol" as const), sponsor: fc.nat(30), learntLater: fc.boolean() }),
  fc.record({ kind: fc.constant("move" as const), no: fc.nat(30), sponsor: fc.nat(30), at: fc.nat(20) }),
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

function grown(acts: readonly Act[]): { tree: SponsorTree; edges: Edges } {
  const tree = new SponsorTree(1);
  const edges = new Edges();
  tree.enrol(0, NOBODY);
  edges.rows.push({ no: 0, sponsor: NOBODY, from: Number.NEGATIVE_INFINITY });
  for (const act of acts) {
    if (act.kind === "enrol") {
      const no = tree.size;
      const sponsor = act.sponsor % (no + 1) === no ? NOBODY : act.sponsor % no;
      const later = act.learntLater && sponsor !== NOBODY;
      expect(tree.enrol(no, later ? NOBODY : sponsor).kind).toBe("done");
      if (later) expect(tree.settle(no, sponsor).kind).toBe("done");
      edges.rows.push({ no, sponsor, from: Number.NEGATIVE_INFINITY });
      continue;
    }
    const { no, sponsor, at } = act;
    const known = no < tree.size && sponsor < tree.size;
    const latest = Math.max(...edges.rows.filter((row) => row.no === no).map(({ from }) => from));
    const fits = known && at > latest && !edges.wouldClose(no, sponsor, at);
    expect(tree.move(no, sponsor, at).kind).toBe(fits ? "done" : "refused");
    if (fits) edges.rows.push({ no, sponsor, from: at });
  }
  return { tree, edges };
}

/** The end of a walk that nothing happens beside. */
function walked(
  tree: SponsorTree,
  from: { no: number; at: number; depth: number },
  enrolledAt: (no: number) => number,
): Downline {
  const walk = walkDownline(tree, from, enrolledAt);
  for (;;) {
    const step = walk.next();
    if (step.done) return step.value;
  }
}

test("exactly the moves that close no circle at any time are made, and every as-of answer equals the naive one", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const { tree, edges } = grown(acts);
      for (let no = 0; no < tree.size; no++)
        for (const at of TIMES) expect(tree.uplineAsOf(no, at)).toStrictEqual(edges.upline(no, at));
      for (const at of TIMES) {
        const span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
        const sponsors = [...tree.sponsorsAsOf(at, span)];
        expect(span.from <= at && at < span.to).toBe(true);
        for (const moment of TIMES.filter((time) => span.from <= time && time < span.to))
          expect(sponsors).toStrictEqual(sponsors.map((_, no) => edges.sponsor(no, moment)));
      }
    }),
    runs(150),
  );
});

test("a downline equals the naive one at every time of its span, whoever was enrolled by then", () => {
  const depths = fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY);
  const enrolments = fc.array(fc.constantFrom(Number.NEGATIVE_INFINITY, 3, 12), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), depths, enrolments, (acts, depth, since) => {
      const { tree, edges } = grown(acts);
      const enrolledAt = (no: number) => since[no % since.length] as number;
      const everyone = Array.from({ length: tree.size }, (_, no) => no);
      const naive = (no: number, at: number) => {
        const levels = everyone.map((member) => edges.upline(member, at).indexOf(no) + 1);
        const listed = (level: number) => everyone.filter((member) => levels[member] === level && enrolledAt(member) <= at);
        const deepest = Math.min(depth, Math.max(...levels));
        return Array.from({ length: deepest }, (_, index) => listed(index + 1));
      };
      for (const no of everyone) {
        const at = TIMES[no % TIMES.length] as number;
        const { members, starts, span } = walked(tree, { no, at, depth }, enrolledAt);
        const levels = starts.slice(1).map((end, index) => [...members.subarray(starts[index], end)]);
        expect(span.from <= at && at < span.to).toBe(true);
        for (const moment of TIMES.filter((time) => span.from <= time && time < span.to)) {
          const found = naive(no, moment);
          while (found.at(-1)?.length === 0) found.pop();
          expect(levels).toStrictEqual(found);
        }
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
