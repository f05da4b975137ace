import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyNetwork, anyPlan, anyRows, within } from "../plan/arbitrary.ts";
import { parsePlan } from "../plan/parse.ts";
import { type CloseResult, closePeriod, sharedByAll } from "./close.ts";
import { explainClose } from "./explain.ts";
import { wholePools } from "./explain-pool.ts";
import { explainSources } from "./explain-source.ts";
import type { CloseInput, CloseNetwork, ClosePart } from "./input.ts";
import { closeOf, type TestRow } from "./testing.ts";

/** Somebody with everyone below in both trees, and everyone below those: found by going round until nobody is added. */
function below(network: CloseNetwork, no: number): Set<number> {
  const found = new Set([no]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (let member = 0; member < network.count; member++)
      if (found.has(network.sponsor[member] as number) || found.has(network.placements.binary?.parent[member] as number))
        found.add(member);
  }
  return found;
}

/** Everybody whom a walk from one of them can meet. */
function above(network: CloseNetwork, own: ReadonlySet<number>): Set<number> {
  const found = new Set<number>();
  for (const column of [network.sponsor, network.placements.binary?.parent ?? network.sponsor])
    for (const no of own) for (let up = column[no] as number; up >= 0; up = column[up] as number) found.add(up);
  return found;
}

interface PartOfClose {
  readonly input: CloseInput;
  /** The whole's numbers, by the part's. */
  readonly numbers: readonly number[];
}

/** The same close of some people only, told what the whole came to where everybody decides. */
function partOf(whole: CloseInput, result: CloseResult, rows: readonly TestRow[], no: number): PartOfClose {
  const { network } = whole;
  const own = below(network, no);
  const upline = [...above(network, own)].filter((up) => !own.has(up));
  const numbers = [...own, ...upline].sort((a, b) => a - b);
  const placeOf = (number: number) => numbers.indexOf(number);
  const tree = (column: Int32Array) => Int32Array.from(numbers, (number) => placeOf(column[number] as number));
  const binary = network.placements.binary as CloseNetwork["placements"][string];
  const part: ClosePart = {
    given: Object.fromEntries(
      result.bonuses
        .filter(({ bonusId }) => whole.plan.bonuses.some((bonus) => bonus.id === bonusId && sharedByAll(bonus)))
        .map(({ bonusId, beforeCaps }) => [bonusId, Float64Array.from(numbers, (number) => beforeCaps[number] as number)]),
    ),
    pools: wholePools(whole, result),
    above: upline.map((up) => ({
      no: placeOf(up),
      rankNo: result.ranks.paidAs[up] as number,
      active: result.facts.active[up] === 1,
      pv: result.judgedBy.pv[up] as number,
      gv: result.facts.gv[up] as number,
      personalGroupVolume: result.ranks.personalGroupVolume[up] as number,
    })),
  };
  const partNetwork: CloseNetwork = {
    ...network,
    count: numbers.length,
    ids: numbers.map((number) => network.ids?.[number] ?? ""),
    sponsor: tree(network.sponsor),
    earning: Uint8Array.from(numbers, (number) => network.earning[number] as number),
    title: Int16Array.from(numbers, (number) => network.title[number] as number),
    graceUsed: new Uint8Array(numbers.length),
    directives: network.directives
      .filter((directive) => own.has(directive.no))
      .map((directive) => ({ ...directive, no: placeOf(directive.no) })),
    placements: { binary: { parent: tree(binary.parent), leg: Uint8Array.from(numbers, (n) => binary.leg[n] as number) } },
  };
  const ownRows = rows.filter(({ owner }) => own.has(owner)).map((row) => ({ ...row, owner: placeOf(row.owner) }));
  return { input: { ...closeOf(whole.plan, partNetwork, ownRows), part }, numbers };
}

test("a part of the tree comes to what the whole does, for everyone in it and to the last unit", () => {
  fc.assert(
    fc.property(anyPlan, anyNetwork, anyRows, fc.nat(100), (document, network, anyones, at) => {
      const plan = parsePlan(document);
      const rows = within(anyones, network);
      const no = at % network.count;
      const wholeInput = closeOf(plan, network, rows);
      const whole = closePeriod(wholeInput, { details: true });
      const { input, numbers } = partOf(wholeInput, whole, rows, no);
      const part = closePeriod(input, { details: true });
      const own = below(network, no);
      for (const bonus of whole.bonuses) {
        const same = part.bonuses.find(({ bonusId }) => bonusId === bonus.bonusId);
        for (const [place, number] of numbers.entries())
          if (own.has(number))
            expect([bonus.bonusId, number, same?.beforeCaps[place]]).toStrictEqual([
              bonus.bonusId,
              number,
              bonus.beforeCaps[number],
            ]);
      }
      const place = numbers.indexOf(no);
      const figures = ({ facts, ranks }: CloseResult, index: number) =>
        [...[facts.pv, facts.gv, facts.active, ranks.qualified, ranks.paidAs, ranks.title, ranks.personalGroupVolume]].map(
          (column) => column[index],
        );
      expect(figures(part, place)).toStrictEqual(figures(whole, no));
      // What the company's cap cuts is told with the amounts.
      if (plan.caps !== undefined) return;
      expect(explainClose(input, part, place)).toStrictEqual(explainClose(wholeInput, whole, no));
      const stepsOf = (closed: CloseInput, result: CloseResult, sources: readonly number[]) =>
        explainSources(closed, result, sources)
          .filter(({ distributorId }) => distributorId === network.ids?.[no])
          .map(({ bonusId, level, outcome, text }) => [bonusId, level, outcome, text]);
      expect(
        stepsOf(
          input,
          part,
          [...own].map((number) => numbers.indexOf(number)),
        ),
      ).toStrictEqual(stepsOf(wholeInput, whole, [...own]));
    }),
    runs(300),
  );
});
