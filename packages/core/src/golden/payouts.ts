import { formatAmount, parseAmount } from "../money.ts";
import { blendedPayout, payoutAt, RateTable } from "../plan/exchange.ts";
import { volumeOf } from "../plan/parts.ts";
import type { Plan } from "../plan/schema.ts";
import { int32At } from "../typed.ts";
import type { GoldenExpectation, GoldenPeriod } from "./case.ts";
import { type CaseNetwork, numberOf } from "./network.ts";
import type { Played } from "./play.ts";

interface PlayedCase {
  readonly plan: Plan;
  readonly network: CaseNetwork;
  readonly periods: readonly GoldenPeriod[];
  readonly played: Played;
}

/** What is expected of payouts beside what they come to, as texts. */
export function comparePayouts(
  { plan, network, periods, played }: PlayedCase,
  expected: GoldenExpectation,
): { what: string; expected: string; actual: string }[] {
  return (expected.payouts ?? []).map(({ to, currency, rate, home, amount }) => {
    const amountMinor = played.amounts.reduce((sum, paid) => (paid.to === to ? sum + paid.amountMinor : sum), 0n);
    const from = plan.currency?.plan ?? currency;
    const table = new RateTable(rate === undefined ? [] : [{ from, to: currency, validFrom: 0, rate }]);
    const minor =
      home === undefined
        ? payoutAt(plan, { amountMinor, currency, at: 0 }, table)
        : (blendedPayout(plan, { amountMinor, home, volumes: volumesBelow(network, periods, to) })?.minor ?? null);
    const actual = minor === null ? "no rate" : formatAmount(minor, currency);
    return { what: `payout to ${to} in ${currency}`, expected: formatAmount(parseAmount(amount, currency), currency), actual };
  });
}

/** CV by market of somebody's own orders and of everyone below. */
function volumesBelow(network: CaseNetwork, periods: readonly GoldenPeriod[], id: string): Record<string, bigint> {
  const top = numberOf(network.numbers, id);
  const volumes: Record<string, bigint> = {};
  for (const order of periods.flatMap(({ orders }) => orders)) {
    let no = numberOf(network.numbers, order.owner);
    while (no >= 0 && no !== top) no = int32At(network.sponsor, no);
    const market = order.market ?? "*";
    if (no === top) volumes[market] = (volumes[market] ?? 0n) + volumeOf(order.cv ?? order.pv ?? "0");
  }
  return volumes;
}
