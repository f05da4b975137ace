import { divideHalfUp } from "./money.ts";
import { netOfLine, refundedNet } from "./net.ts";
import type { OrderState } from "./order.ts";
import type { CommissionEntry } from "./order-facts.ts";

/** Where value sits. Distributor accounts belong to one distributor, company accounts to the company. */
export const ACCOUNTS = {
  held: 1,
  payable: 2,
  paid: 3,
  recoverable: 4,
  "commission-expense": 10,
  breakage: 11,
  "payout-clearing": 12,
  "tax-withheld": 13,
} as const;
export type AccountName = keyof typeof ACCOUNTS;

/** Null owner is the company. */
export interface Account {
  readonly owner: string | null;
  readonly name: AccountName;
}

export type TransferKind = "commission" | "clawback" | "breakage" | "breakage-clawback";

/** One row of the ledger: value moves from the debit to the credit account, so it cannot be unbalanced. */
export interface Transfer {
  readonly seq: number;
  readonly entryKey: string;
  readonly kind: TransferKind;
  readonly debit: Account;
  readonly credit: Account;
  readonly amountMinor: bigint;
}

/** What an entry should stand at now. */
export interface Target {
  readonly earner: string | null;
  readonly amountMinor: bigint;
}

/**
 * What every entry of an order should stand at, given the order's newest state: nothing unless it is
 * earned, else the original less the refunded share of its line,
 * `original − round(original × refunded net ÷ net)`. Cumulative, so that any split of a refund sums to the whole.
 */
export function targetsOf(state: OrderState, entries: readonly CommissionEntry[]): Map<string, Target> {
  const back = refundedNet(state);
  const net = new Map(state.lines.map((line) => [line.lineId, netOfLine(line)]));
  return new Map(
    entries.map((entry) => {
      const whole = net.get(entry.lineId) ?? 0n;
      const refunded = back.get(entry.lineId) ?? 0n;
      const kept =
        state.stage.kind !== "earned" || whole === 0n
          ? 0n
          : entry.amountMinor - divideHalfUp(entry.amountMinor * refunded, whole);
      return [entry.entryKey, { earner: entry.earner, amountMinor: kept }];
    }),
  );
}

/**
 * The transfers that bring the ledger from what is posted to the targets: created, paid, edited,
 * partly refunded, cancelled and replayed orders all go this one way. An entry that is no longer
 * among the targets goes to zero. Sorted by entry, so that the same difference gives the same rows.
 */
export function converge(targets: ReadonlyMap<string, Target>, posted: ReadonlyMap<string, Target>): Transfer[] {
  const keys = [...new Set([...targets.keys(), ...posted.keys()])].sort();
  const transfers: Transfer[] = [];
  for (const entryKey of keys) {
    const target = targets.get(entryKey);
    const before = posted.get(entryKey);
    const difference = (target?.amountMinor ?? 0n) - (before?.amountMinor ?? 0n);
    if (difference === 0n) continue;
    const earner = (target ?? before)?.earner ?? null;
    transfers.push({ seq: transfers.length, entryKey, ...move(earner, difference) });
  }
  return transfers;
}

function move(earner: string | null, difference: bigint): Pick<Transfer, "kind" | "debit" | "credit" | "amountMinor"> {
  const expense: Account = { owner: null, name: "commission-expense" };
  const side: Account = earner === null ? { owner: null, name: "breakage" } : { owner: earner, name: "held" };
  if (difference > 0n)
    return { kind: earner === null ? "breakage" : "commission", debit: expense, credit: side, amountMinor: difference };
  return { kind: earner === null ? "breakage-clawback" : "clawback", debit: side, credit: expense, amountMinor: -difference };
}
