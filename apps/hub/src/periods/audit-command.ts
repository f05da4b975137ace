import { formatAmount } from "@upline/core";
import type { Command } from "commander";
import { example, printList, type Row, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { HubError } from "../errors.ts";
import { type AuditResult, auditLedger } from "../orders/audit.ts";
import { openPipeline } from "../orders/pipeline.ts";
import { auditCloses, type CloseAudit } from "./audit.ts";

/** What a person can look at; JSON has all of them. */
const MOST_SHOWN = 100;

/** Computes every commission of orders and closes again, and compares: the proof that the ledger is what its inputs give. */
export function auditCommand(program: Command, terminal: Terminal): void {
  const audit = program
    .command("audit")
    .description("Compute every commission again from what is stored and compare it with the ledger; 1 where anything differs")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        terminal.err("computing the commissions of every order again\n");
        const ofOrders = await auditLedger(openPipeline(parts), companyId);
        const onPeriod = (name: string) => terminal.err(`computing the close of ${name} again\n`);
        const ofCloses = await auditCloses(parts, { companyId, onPeriod });
        const rows = rowsOf(ofOrders, ofCloses);
        const counted = `orders ${ofOrders.orders}, their commissions ${ofOrders.entries}, closed periods ${ofCloses.periods}`;
        if (options.json) printJson(terminal, ofOrders, ofCloses, rows);
        else if (rows.length > 0) printList(terminal, rows.slice(0, MOST_SHOWN), { empty: "" });
        const wrong = wrongs(ofOrders, ofCloses);
        if (wrong.length > 0)
          throw new HubError(
            "conflict",
            `The ledger is not what its stored inputs give. Computed again: ${counted}. ${wrong.join("; ")}.`,
          );
        if (!options.json) terminal.out(`Computed again: ${counted}. All is as posted, and every currency balances.\n`);
      }),
    );
  example(audit, "pnpm upline audit", "pnpm upline audit --json > audit.json");
}

function rowsOf(ofOrders: AuditResult, ofCloses: CloseAudit): Row[] {
  return [
    ...ofOrders.differences.map(({ orderNo, entryKey, postedMinor, recomputedMinor }) => ({
      what: `order ${orderNo}`,
      entry: entryKey,
      missing: `${recomputedMinor - postedMinor} minor units`,
    })),
    ...ofOrders.folds.map(({ what, currency, foldedMinor, summedMinor }) => ({
      what: "folded",
      entry: `${what}, ${currency}`,
      missing: `${summedMinor - foldedMinor} minor units`,
    })),
    ...ofCloses.differences.map(({ period, bonus, distributorId, missingMinor, currency }) => ({
      what: `period ${period}`,
      entry: `${bonus}:${distributorId ?? "company"}`,
      missing: `${formatAmount(missingMinor, currency)} ${currency}`,
    })),
  ];
}

function wrongs(ofOrders: AuditResult, ofCloses: CloseAudit): string[] {
  const unbalanced = ofOrders.sums.filter(({ sumMinor }) => sumMinor !== 0n).map(({ currency }) => currency);
  const counts: [count: number, text: string][] = [
    [ofOrders.differences.length, `Commissions of orders that differ: ${ofOrders.differences.length}`],
    [ofOrders.folds.length, `Balances and daily figures that are not the sum of what they stand for: ${ofOrders.folds.length}`],
    [ofCloses.differences.length, `Amounts of closes that differ: ${ofCloses.differences.length}`],
    [ofCloses.changed.length, `Closes that no longer come to what was committed: ${ofCloses.changed.join(", ")}`],
    [unbalanced.length, `Currencies that do not balance: ${unbalanced.join(", ")}`],
  ];
  return counts.filter(([count]) => count > 0).map(([, text]) => text);
}

function printJson(terminal: Terminal, ofOrders: AuditResult, ofCloses: CloseAudit, differences: readonly Row[]): void {
  const { orders, entries, sums } = ofOrders;
  const { periods, changed } = ofCloses;
  const balances = sums.map(({ currency, sumMinor }) => ({ currency, sumMinor: String(sumMinor) }));
  terminal.out(`${JSON.stringify({ orders, entries, periods, changedPeriods: changed, balances, differences }, null, 2)}\n`);
}
