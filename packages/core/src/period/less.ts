import { multiplyRatio, parseDecimal, type Ratio } from "../money.ts";
import { type Base, type BaseKind, baseOf, isLess, isMoney, type LessBase } from "../plan/base.ts";
import { standingFastStarts } from "../plan/fast-start-windows.ts";
import { minorPerVolumeUnit } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import { commonDenominator } from "./exact.ts";
import { type CloseInput, CloseInputError, type CloseOrders } from "./input.ts";

/** Bases of which a close takes off what order-time bonuses paid on the same rows. */

interface LessBonus {
  readonly id: string;
  readonly base: LessBase;
}
type Values = Pick<CloseInput, "plan" | "currency">;
type Rows = Pick<CloseInput, "plan" | "currency" | "orders">;

/** What every row is worth is whole over this: of all markets and classes of the plan, so that closes agree. */
export function lessDenominator(values: Values, base: Base): bigint {
  const kind = baseOf(base);
  if (isMoney(kind)) return 1n;
  const markets = Object.keys(values.plan.cvRates);
  return commonDenominator(
    values.plan.commissionClasses.flatMap(({ id }) => markets.map((market) => unitWorth(values, { kind, classId: id, market }))),
  );
}

/** What is left of each row's base, in parts of a minor unit. Below zero is what came back. */
export function leftOfRows(input: Rows, bonus: LessBonus): Float64Array {
  const left = leftOfRow(input, bonus);
  return Float64Array.from(input.orders.owner, (_, row) => left(row));
}

function leftOfRow({ plan, currency, orders }: Rows, { id, base }: LessBonus): (row: number) => number {
  const kind = baseOf(base);
  const den = lessDenominator({ plan, currency }, base);
  const column = columnOf(orders, kind);
  const perUnit = plan.commissionClasses.map(({ id: classId }) =>
    orders.markets.map((market) => {
      const unit = unitWorth({ plan, currency }, { kind, classId, market });
      return Number((unit.num * den) / unit.den);
    }),
  );
  const deducted = orders.lessMinor?.[id];
  return (row) => {
    const unit = perUnit[orders.classNo[row] as number]?.[orders.marketNo[row] as number] ?? 0;
    const whole = (column[row] as number) * unit;
    const off = (deducted?.[row] ?? 0) * Number(den);
    const left = whole - off;
    if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(off) || !Number.isSafeInteger(left))
      throw new CloseInputError(`orders row ${row} is worth more than a close can take anything off`);
    return left;
  };
}

/** What a base comes to on one row, minor units, deductions and parts taken off; for explanations. */
export function baseOfRow(input: Rows, { id, base }: { id: string; base: Base }, row: number): Ratio {
  const { plan, orders } = input;
  const classId = plan.commissionClasses[orders.classNo[row] as number]?.id ?? "";
  const part = partOf(plan, base, { open: orders.openSets?.[orders.openSet?.[row] ?? 0] ?? [], classId });
  const whole = isLess(base)
    ? { num: BigInt(leftOfRow(input, { id, base })(row)), den: lessDenominator(input, base) }
    : multiplyRatio(
        unitWorth(input, { kind: baseOf(base), classId, market: orders.markets[orders.marketNo[row] as number] ?? "*" }),
        { num: BigInt(columnOf(orders, baseOf(base))[row] as number), den: 1n },
      );
  return part === null ? whole : multiplyRatio(whole, part);
}

/** What of a base counts while a fast start runs; null is all of it. */
export function partOf(plan: Plan, base: Base, { open, classId }: { open: readonly string[]; classId: string }): Ratio | null {
  const part = typeof base === "object" ? base.partOf : undefined;
  if (part === undefined) return null;
  return standingFastStarts(plan, open, classId).some(({ id }) => id === part.window) ? parseDecimal(part.share) : null;
}

/** The column of a volume, or of a money. */
export function columnOf(orders: CloseOrders, kind: BaseKind): Float64Array {
  if (!isMoney(kind)) return orders[kind];
  const net = orders.netMinor ?? new Float64Array(orders.owner.length);
  return kind === "net" ? net : (orders.retailMinor ?? net);
}

const WHOLE: Ratio = { num: 1n, den: 1n };

/** Minor units for one unit of a column. */
function unitWorth(
  { plan, currency }: Values,
  { kind, classId, market }: { kind: BaseKind; classId: string; market: string },
): Ratio {
  if (isMoney(kind)) return WHOLE;
  const factor = plan.commissionClasses.find(({ id }) => id === classId)?.factors?.[kind] ?? "1";
  const rate = plan.cvRates[market] ?? plan.cvRates["*"] ?? "0";
  return multiplyRatio(minorPerVolumeUnit(parseDecimal(rate), currency), parseDecimal(factor));
}
