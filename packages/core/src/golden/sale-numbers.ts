import { int32At } from "../typed.ts";
import type { GoldenOrder } from "./case.ts";
import { type CaseNetwork, numberOf } from "./network.ts";

/** Which sale of the owner's sponsor each order of a case is: by the time it was placed, then as the case lists them. */
export function saleNumbers(
  network: CaseNetwork,
  orders: readonly GoldenOrder[],
  { usualTime, usualClass }: { usualTime: string; usualClass: string },
): Map<GoldenOrder, Record<string, number>> {
  const timeOf = (order: GoldenOrder): number => Date.parse(order.placedAt ?? usualTime);
  const counts = new Map<string, number>();
  const next = (key: string): number => {
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return number;
  };
  return new Map(
    [...orders]
      .sort((a, b) => timeOf(a) - timeOf(b))
      .map((order) => {
        const sponsor = int32At(network.sponsor, numberOf(network.numbers, order.owner));
        const commissionClass = order.class ?? usualClass;
        return [order, { "*": next(`${sponsor}`), [commissionClass]: next(`${sponsor} ${commissionClass}`) }];
      }),
  );
}
