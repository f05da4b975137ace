import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { countryOf, Network } from "./network.ts";
import { bytesOf } from "./text-index.ts";
import { treeSumsOf } from "./tree-sums.ts";

const TIMES = [0, 2, 4, 6];
const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("enrol" as const), sponsor: fc.nat(12), at: fc.nat(6) }) },
  fc.record({ kind: fc.constant("move" as const), who: fc.nat(12), sponsor: fc.nat(12), at: fc.nat(6) }),
  fc.record({ kind: fc.constant("look" as const), at: fc.constantFrom(...TIMES) }),
);

function carryOut(network: Network, act: { kind: "enrol" | "move"; who?: number; sponsor: number; at: number }): void {
  if (act.kind === "enrol") {
    const no = network.size + 1;
    network.enrol(no, { id: bytesOf(`D${no}`), enrolledAt: act.at, country: countryOf(null) });
    network.follow(no, { sponsorNo: act.sponsor % no, from: act.at });
    return;
  }
  if (network.size === 0) return;
  const no = 1 + ((act.who ?? 0) % network.size);
  const sponsorNo = act.sponsor % (network.size + 1);
  if (network.tree.judgeMove(no, sponsorNo === 0 ? -1 : sponsorNo, act.at).kind === "done")
    network.follow(no, { sponsorNo, from: act.at });
}

/** By looking at everybody's upline, one after the other. */
function plainly(network: Network, at: number) {
  const everyone = Array.from({ length: network.size }, (_, index) => index + 1);
  const there = everyone.filter((no) => network.enrolledAtOf(no) <= at);
  const uplines = new Map(everyone.map((no) => [no, [...network.uplineAt(no, at), 0]]));
  return [0, ...everyone].map((no) => ({
    below: there.filter((other) => uplines.get(other)?.includes(no)).length,
    members: there.filter((other) => uplines.get(other)?.[0] === no),
    volume: everyone
      .filter((other) => other === no || uplines.get(other)?.includes(no))
      .reduce((sum, other) => sum + 10 ** other, 0),
  }));
}

test("what is counted of a whole tree, and what grows with it, is what everybody's upline says one by one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
      const network = new Network();
      for (const act of [...acts, ...TIMES.map((at) => ({ kind: "look" as const, at }))]) {
        if (act.kind !== "look") {
          carryOut(network, act);
          continue;
        }
        const sums = await treeSumsOf(network, act.at);
        const steps = sums.sumUp((no) => 10 ** no);
        let step = steps.next();
        while (!step.done) step = steps.next();
        const volumes = step.value;
        const found = plainly(network, act.at).map((_, no) => ({
          below: sums.belowOf(no),
          members: sums.membersUnder(network, no).sort((a, b) => a - b),
          volume: volumes[no],
        }));
        expect(found).toStrictEqual(plainly(network, act.at));
        expect(found.map(({ members }) => members.length)).toStrictEqual(found.map((_, no) => sums.frontlineOf(no)));
      }
    }),
    runs(300),
  );
});
