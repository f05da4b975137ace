import { multiplyRatio } from "../money.ts";
import type { BinaryBonus } from "../plan/binary.ts";
import { baseRateOf } from "../plan/bonus-base.ts";
import { ownRow } from "../plan/own-rates.ts";
import { type PlanMoney, reduceRatio, volumeOf } from "../plan/parts.ts";
import { byRank, compileRankRates, rowCount } from "../plan/rates.ts";
import type { Table } from "../plan/tables.ts";
import type { CloseContext } from "./context.ts";
import { plainRatio } from "./exact.ts";
import { amountIn } from "./input.ts";
import type { PairCap, PairPay } from "./pairing.ts";
import { perVolumeUnit } from "./volumes.ts";

/** How one position's pairs are paid, by one rule after the other, and capped. */
export interface PositionPay {
  readonly pays: readonly PairPay[];
  readonly cap: PairCap | null;
}

export function payOfPosition(bonus: BinaryBonus, context: CloseContext): (no: number) => PositionPay {
  const paysOf = rulesOf(bonus, context);
  const capOf = capOfPosition(bonus, context);
  return (no) => ({ pays: paysOf(no), cap: capOf(no) });
}

type PayRule = BinaryBonus["pay"];
/** What a rule pays by the rows of its table; null where it has no row. */
interface PayRows {
  readonly table: Table<unknown>;
  readonly rows: readonly (PairPay | null)[];
}

/** Of several rules those that have a row for the person; a single one pays at 0 whom it has no row for. */
function rulesOf(bonus: BinaryBonus, context: CloseContext): (no: number) => readonly PairPay[] {
  const { people } = context;
  const further = bonus.thenPays ?? [];
  const rules = [bonus.pay, ...further].map((pay) => {
    const { table, rows } = payRows(bonus, pay, context);
    return { rowOf: ownRow(table), rows: rows.map((row) => (row === null ? [] : [row])) };
  });
  const [first, ...then] = rules;
  if (first !== undefined && then.length === 0) return (no) => first.rows[first.rowOf(people, no) + 1] as readonly PairPay[];
  return (no) => rules.flatMap(({ rowOf, rows }) => rows[rowOf(people, no) + 1] ?? []);
}

function payRows(bonus: BinaryBonus, pay: PayRule, context: CloseContext): PayRows {
  const { plan, currency } = context.input;
  if (pay.mode === "table") {
    const steps = pay.steps.map((step) => ({ weak: Number(volumeOf(step.weak)), paysMinor: amountIn(step.pays, currency) }));
    const everyone = Array.from({ length: rowCount({}, plan) }, (): PairPay => ({ mode: "table", steps }));
    return { table: {}, rows: everyone };
  }
  const { table, payOf } = pay.mode === "cycle" ? cyclePay(pay, context) : sharePay(bonus, pay, context);
  const named = byRank<unknown>(table, plan.ranks);
  const alone = bonus.thenPays === undefined;
  const rows = Array.from({ length: rowCount(table, plan) }, (_, i) =>
    alone || named(i - 1) !== undefined ? payOf(i - 1) : null,
  );
  return { table, rows };
}

interface RowPay {
  readonly table: Table<unknown>;
  readonly payOf: (row: number) => PairPay;
}

function cyclePay(pay: PayRule & { mode: "cycle" }, context: CloseContext): RowPay {
  const { plan, currency } = context.input;
  const pays = byRank(pay.pays, plan.ranks);
  const [strong, weak] = [Number(volumeOf(pay.strong)), Number(volumeOf(pay.weak))];
  const minorOf = (amount: PlanMoney | undefined): number => (amount === undefined ? 0 : amountIn(amount, currency));
  return { table: pay.pays, payOf: (row) => ({ mode: "cycle", strong, weak, paysMinor: minorOf(pays(row)) }) };
}

function sharePay(bonus: BinaryBonus, pay: Exclude<PayRule, { mode: "cycle" | "table" }>, context: CloseContext): RowPay {
  const rates = compileRankRates(pay.rates, context.input.plan.ranks);
  const perUnit = multiplyRatio(perVolumeUnit(context.input, "*"), baseRateOf(bonus));
  const payOf = (row: number): PairPay => ({
    mode: pay.mode,
    ...plainRatio(reduceRatio(multiplyRatio(perUnit, rates.rate(rates.units(row, 1)).ratio))),
  });
  return { table: pay.rates, payOf };
}

/** The position cap and the cycle cap of a position; null where neither binds it. */
function capOfPosition(bonus: BinaryBonus, context: CloseContext): (no: number) => PairCap | null {
  const { currency } = context.input;
  if (bonus.positionCap === undefined && bonus.cycleCap === undefined) return () => null;
  const atMost = limitOf(bonus.positionCap, context, (cap: PlanMoney) => amountIn(cap, currency));
  const cycles = limitOf(bonus.cycleCap, context, (most: number) => most);
  return (no) => {
    const cap = { atMostMinor: atMost(no), atMostCycles: cycles(no), volume: bonus.cappedVolume };
    return cap.atMostMinor === Number.POSITIVE_INFINITY && cap.atMostCycles === Number.POSITIVE_INFINITY ? null : cap;
  };
}

/** The most that a side of a position may carry, ten-thousandths. */
export function carryCapOf(bonus: BinaryBonus, context: CloseContext): (no: number) => number {
  return limitOf(bonus.carryCap, context, (most: string) => Number(volumeOf(most)));
}

/** A limit that is one for everybody, or by a table; whoever has no row has no limit. */
function limitOf<Cell extends string | number | PlanMoney>(
  limit: Extract<Cell, string | number> | Table<Cell> | undefined,
  { input, people }: CloseContext,
  read: (cell: Cell) => number,
): (no: number) => number {
  if (limit === undefined) return () => Number.POSITIVE_INFINITY;
  if (typeof limit !== "object") {
    const one = read(limit);
    return () => one;
  }
  const cellOf = byRank<Cell>(limit, input.plan.ranks);
  const rows = Array.from({ length: rowCount(limit, input.plan) }, (_, i) => {
    const cell = cellOf(i - 1);
    return cell === undefined ? Number.POSITIVE_INFINITY : read(cell);
  });
  const rowOf = ownRow(limit);
  return (no) => rows[rowOf(people, no) + 1] as number;
}

/** Who is paid at all: active, and where the plan asks for it with an active enrolment of their own on each side. */
export function eligibility(bonus: BinaryBonus, context: CloseContext): (no: number) => boolean {
  const { active } = context;
  const earns = bonus.earnsIf === undefined ? null : context.people.holds(bonus.earnsIf);
  if (bonus.activeEnrolledEachSide !== true) return (no) => active[no] === 1 && (earns?.(no) ?? true);
  const { network } = context.input;
  const { above: parent, leg } = context.trees.named(bonus.tree);
  const sides = new Uint8Array(network.count);
  for (let no = 0; no < network.count; no++) {
    const sponsor = network.sponsor[no] as number;
    if (active[no] !== 1 || sponsor < 0) continue;
    let position = no;
    while (position >= 0 && parent[position] !== sponsor) position = parent[position] as number;
    if (position >= 0) sides[sponsor] = (sides[sponsor] as number) | (leg?.[position] === 0 ? 1 : 2);
  }
  return (no) => active[no] === 1 && sides[no] === 3 && (earns?.(no) ?? true);
}
