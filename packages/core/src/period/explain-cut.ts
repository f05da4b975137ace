import { formatAmount } from "../money.ts";
import { runningTotals } from "../plan/running-totals.ts";
import { type Reason, reason } from "../reasons/reason.ts";
import { int16At } from "../typed.ts";
import type { CloseResult } from "./close.ts";
import { amountIn, type CloseInput } from "./input.ts";
import { capOf } from "./running-total.ts";

/** Of a bonus that a running total cut: what was earned, what the bonuses before it had paid, and what was left to pay. */
export function cutReasons({ input, result }: { input: CloseInput; result: CloseResult }, bonusId: string, no: number): Reason[] {
  const money = (minor: number): string => formatAmount(BigInt(minor), result.currency);
  const paidOf = (id: string, column: "amounts" | "beforeCaps"): number =>
    (input.carried.earned[id]?.[no] ?? 0) + (result.bonuses.find((bonus) => bonus.bonusId === id)?.[column][no] ?? 0);
  const [paid, earned] = [paidOf(bonusId, "amounts"), paidOf(bonusId, "beforeCaps")];
  if (paid === earned) return [];
  return runningTotals(input.plan).flatMap((cap) => {
    const atMost = capOf(cap, bonusId, input.plan)(int16At(result.ranks.paidAs, no));
    if (cap.calendar !== input.calendar || !cap.bonuses.includes(bonusId) || atMost === undefined) return [];
    const before = cap.bonuses.slice(0, cap.bonuses.indexOf(bonusId));
    const sum = before.reduce((all, id) => all + paidOf(id, "amounts"), 0);
    const amounts = { earned: money(earned), cap: money(amountIn(atMost, input.currency)), paid: money(paid) };
    const names = before.map((bonus) => reason("bonus", { bonus }));
    return [reason("cut", { ...amounts, paidBefore: money(sum), currency: result.currency }, names)];
  });
}
