import { float64At, int32At, itemAt, uint8At, uint16At } from "../typed.ts";
import type { CloseOrders } from "./input.ts";

/** Owners of rows that give volume back: of them a close has to know what earlier ones counted. */
export function returningOwners(
  orders: Pick<CloseOrders, "owner" | "pv" | "qv" | "cv" | "netMinor" | "retailMinor">,
): Set<number> {
  const owners = new Set<number>();
  const { pv, qv, cv, netMinor, retailMinor } = orders;
  const columns = [cv, pv, qv, netMinor, retailMinor].filter((column) => column !== undefined);
  for (let row = 0; row < orders.owner.length; row++)
    if (columns.some((column) => float64At(column, row) < 0)) owners.add(int32At(orders.owner, row));
  return owners;
}

/** The rows of earlier closes of whoever gives volume back in this one, as one set of columns; undefined where nobody does. */
export function rowsBefore(earlier: readonly CloseOrders[], orders: CloseOrders): CloseOrders | undefined {
  const owners = returningOwners(orders);
  if (owners.size === 0) return undefined;
  const markets = [...new Set(earlier.flatMap((columns) => columns.markets))];
  const deductIds = [...new Set(earlier.flatMap(({ lessMinor }) => Object.keys(lessMinor ?? {})))];
  const openSets = earlier.flatMap((columns) => columns.openSets ?? [[]]);
  const rows = earlier.flatMap((columns, i) => {
    const sets = earlier.slice(0, i).reduce((sum, { openSets: own }) => sum + (own?.length ?? 1), 0);
    return Array.from(columns.owner.keys())
      .filter((row) => owners.has(int32At(columns.owner, row)))
      .map((row) => ({ from: columns, row, set: sets + (columns.openSet?.[row] ?? 0) }));
  });
  const numbers = (valueIn: (from: CloseOrders, row: number) => number): number[] =>
    rows.map(({ from, row }) => valueIn(from, row));
  return {
    owner: Int32Array.from(numbers((from, row) => int32At(from.owner, row))),
    classNo: Uint16Array.from(numbers((from, row) => uint16At(from.classNo, row))),
    marketNo: Uint16Array.from(numbers((from, row) => markets.indexOf(itemAt(from.markets, uint16At(from.marketNo, row))))),
    markets,
    self: Uint8Array.from(numbers((from, row) => uint8At(from.self, row))),
    pv: Float64Array.from(numbers((from, row) => float64At(from.pv, row))),
    qv: Float64Array.from(numbers((from, row) => float64At(from.qv, row))),
    cv: Float64Array.from(numbers((from, row) => float64At(from.cv, row))),
    netMinor: Float64Array.from(numbers((from, row) => from.netMinor?.[row] ?? 0)),
    ...(earlier.some(({ retailMinor }) => retailMinor !== undefined)
      ? { retailMinor: Float64Array.from(numbers((from, row) => from.retailMinor?.[row] ?? from.netMinor?.[row] ?? 0)) }
      : {}),
    ...(earlier.some(({ subscription }) => subscription !== undefined)
      ? { subscription: Uint8Array.from(numbers((from, row) => from.subscription?.[row] ?? 0)) }
      : {}),
    ...(deductIds.length === 0
      ? {}
      : {
          lessMinor: Object.fromEntries(
            deductIds.map((id) => [id, Float64Array.from(numbers((from, row) => from.lessMinor?.[id]?.[row] ?? 0))]),
          ),
        }),
    openSet: Uint16Array.from(rows, ({ set }) => set),
    openSets,
  };
}
