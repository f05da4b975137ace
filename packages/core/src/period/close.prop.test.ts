import { runs } from "@upline/testing";
import fc from "fast-check";
import { assert, expect, test } from "vitest";
import { anyNetwork, anyPlan, anyRows, within } from "../plan/arbitrary.ts";
import { payoutCeiling } from "../plan/ceiling.ts";
import { parsePlan } from "../plan/parse.ts";
import { type CloseResult, closePeriod } from "./close.ts";
import type { CloseNetwork } from "./input.ts";
import { closeRows, paidMinor } from "./runs.ts";
import { closeOf, type TestRow } from "./testing.ts";

const RUNS = runs(200);

/** Every figure of a close as text: equal text is equal bytes. */
function bytesOf(result: CloseResult): string {
  const binary = Object.entries(result.binary).map(([id, out]) => [
    id,
    out.carry.left.map((a) => [...a]),
    out.carry.right.map((a) => [...a]),
    [...out.matched],
  ]);
  return JSON.stringify([
    [...closeRows(result)],
    [...result.ranks.paidAs],
    [...result.facts.gv],
    binary,
    result.carried.pools,
    result.caps,
  ]);
}

test("no plan, tree and orders pay more than the proven ceiling", () => {
  fc.assert(
    fc.property(anyPlan, anyNetwork, anyRows, (document, network, rows) => {
      const plan = parsePlan(document);
      const { ofCv } = payoutCeiling(plan);
      if (ofCv === null) return;
      const result = closePeriod(closeOf(plan, network, within(rows, network)), { details: true });
      const halves = BigInt(result.entries?.length ?? 0);
      // A company cap bounds what distributors are paid; without one the bound holds with breakage too.
      const breakage =
        plan.caps === undefined ? result.bonuses.reduce((sum, bonus) => sum + BigInt(bonus.breakageMinor), 0n) : 0n;
      const paid = BigInt(paidMinor(result)) + breakage;
      const limit = 2n * result.cvMinor * ofCv.num + (halves + 2n) * ofCv.den;
      assert.ok(2n * paid * ofCv.den <= limit, `paid ${paid} of ${result.cvMinor} at ceiling ${ofCv.num}/${ofCv.den}`);
    }),
    runs(400),
  );
});

test("a close repeated is the same to the byte, and so is one whose rows come in another order", () => {
  fc.assert(
    fc.property(anyPlan, anyNetwork, anyRows, fc.infiniteStream(fc.nat()), (document, network, rows, random) => {
      const plan = parsePlan(document);
      const own = within(rows, network);
      const first = bytesOf(closePeriod(closeOf(plan, network, own)));
      expect(bytesOf(closePeriod(closeOf(plan, network, own)))).toBe(first);
      const shuffled = own
        .map((row) => ({ row, at: random.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ row }) => row);
      expect(bytesOf(closePeriod(closeOf(plan, network, shuffled)))).toBe(first);
    }),
    RUNS,
  );
});

test("how distributors are numbered does not matter, only their ids", () => {
  fc.assert(
    fc.property(anyPlan, anyNetwork, anyRows, fc.nat(), (document, network, rows, seed) => {
      const plan = parsePlan(document);
      const own = within(rows, network);
      const turned = turn(network, own, 1 + (seed % network.count));
      const result = closePeriod(closeOf(plan, network, own));
      const two = closePeriod(closeOf(plan, turned.network, turned.rows));
      expect(byId(result, network)).toStrictEqual(byId(two, turned.network));
    }),
    RUNS,
  );
});

function byId(result: CloseResult, network: CloseNetwork): string[] {
  return [...closeRows(result)].map((row) => `${row.bonusId} ${network.ids?.[row.no] ?? "company"} ${row.amountMinor}`).sort();
}

/** Everyone's number plus `by`, modulo the count. */
function turn(network: CloseNetwork, rows: readonly TestRow[], by: number): { network: CloseNetwork; rows: TestRow[] } {
  const { count } = network;
  const to = (no: number): number => (no < 0 ? -1 : (no + by) % count);
  const column = <T extends Int32Array | Uint8Array | Int16Array>(from: T, value: (x: number) => number): T => {
    const turned = from.slice() as T;
    from.forEach((x, no) => {
      turned[to(no)] = value(x);
    });
    return turned;
  };
  const same = (x: number): number => x;
  const ids = new Array<string>(count);
  network.ids?.forEach((id, no) => {
    ids[to(no)] = id;
  });
  const binary = network.placements.binary;
  return {
    network: {
      ...network,
      ids,
      sponsor: column(network.sponsor, to),
      earning: column(network.earning, same),
      directives: network.directives.map((directive) => ({ ...directive, no: to(directive.no) })),
      placements: binary === undefined ? {} : { binary: { parent: column(binary.parent, to), leg: column(binary.leg, same) } },
    },
    rows: rows.map((row) => ({ ...row, owner: to(row.owner) })),
  };
}

test("caps hold: nobody above the distributor cap, the company not above its own", () => {
  fc.assert(
    fc.property(anyPlan, anyNetwork, anyRows, (document, network, rows) => {
      const plan = parsePlan(document);
      const company = plan.caps?.find((cap) => cap.kind === "company");
      if (company?.kind !== "company" || company.atMost.by !== "share") return;
      const result = closePeriod(closeOf(plan, network, within(rows, network)));
      assert.ok(paidMinor(result) <= Number(result.cvMinor) * Number(company.atMost.share) + 1e-6);
      for (let no = 0; no < network.count; no++) {
        assert.ok(result.bonuses.reduce((sum, bonus) => sum + (bonus.amounts[no] as number), 0) <= 2500);
        for (const bonus of result.bonuses) assert.ok((bonus.amounts[no] as number) >= 0);
      }
    }),
    RUNS,
  );
});

test("what was given back in any number of parts is to a close as if it had never been there", () => {
  const parts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      anyPlan,
      anyNetwork,
      anyRows,
      fc.array(parts, { minLength: 1, maxLength: 8 }),
      (document, network, rows, shares) => {
        const plan = parsePlan(document);
        const own = within(rows, network);
        const back = own.flatMap((row, index) => {
          let left = row.volume;
          return (shares[index % shares.length] ?? []).map((share) => {
            const part = Math.floor((left * share) / 100);
            left -= part;
            return { index, row: { ...row, volume: 0 - part } };
          });
        });
        const kept = own.map((row, index) => ({
          ...row,
          volume: back.reduce((sum, part) => (part.index === index ? sum + part.row.volume : sum), row.volume),
        }));
        const returned = closePeriod(closeOf(plan, network, [...own, ...back.map((part) => part.row)]));
        expect(bytesOf(returned)).toBe(bytesOf(closePeriod(closeOf(plan, network, kept))));
      },
    ),
    runs(100),
  );
});
