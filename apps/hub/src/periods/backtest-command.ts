import { writeFile } from "node:fs/promises";
import { formatAmount } from "@upline/core";
import { backTestSummary } from "@upline/core/engine";
import type { Command } from "commander";
import { example, printList, progressOn, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { csvText } from "../csv-text.ts";
import { readPlanFile } from "../plans/plan-file.ts";
import { DATE_HINT, readDate } from "../row-errors.ts";
import { backTestPlan, type PastComparison } from "./backtest.ts";

interface Options extends CompanyOption {
  readonly from?: string;
  readonly to?: string;
  readonly json?: string;
  readonly csv?: string;
}

const SHOWN = 10;

/** `plan backtest <file>`: a draft plan over the company's real past orders, beside the plan in force. Writes nothing. */
export function backtestCommand(plan: Command, terminal: Terminal): void {
  const backtest = plan
    .command("backtest <file>")
    .description("Try a draft plan on the company's real past orders and compare it with the plan in force; nothing is written")
    .option("--from <date>", "from this day on; the first order unless given")
    .option("--to <date>", "up to this day, without it; the last order unless given")
    .option("--json <file>", "everything, for programs")
    .option("--csv <file>", "who wins and who loses, for spreadsheets")
    .option("--company <slug>", "needed where there are several companies")
    .action(async (file: string, options: Options) => {
      const draft = await readPlanFile(file);
      const [from, to] = [dateOf(options.from, "--from"), dateOf(options.to, "--to")];
      await withCompany(terminal, options, async (parts, { companyId }) => {
        const shown = new Map<string, ReturnType<typeof progressOn>>();
        const onProgress = (what: string, progress: { done: number; total: number }) => {
          if (!shown.has(what)) shown.set(what, progressOn(terminal, what));
          shown.get(what)?.(progress);
        };
        const compared = await backTestPlan(parts, { companyId, draft, from, to, onProgress });
        for (const warning of compared.warnings) terminal.err(`warning: ${warning}\n`);
        if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(jsonOf(compared), null, 2)}\n`);
        if (options.csv !== undefined) await writeFile(options.csv, csvOf(compared));
        printComparison(terminal, compared);
      });
    });
  example(backtest, "pnpm upline plan backtest draft.json --from 2026-01-01 --to 2026-07-01 --csv movers.csv");
}

function dateOf(text: string | undefined, option: string): Date | undefined {
  const date = text === undefined ? undefined : readDate(text);
  if (date === null) throw new Error(`${option} "${text}" is no date: ${DATE_HINT}.`);
  return date;
}

function moversOf({ test, ids }: PastComparison) {
  const money = (minor: number) => formatAmount(BigInt(minor), test.currency);
  return (movers: PastComparison["test"]["winners"]) =>
    movers.map(({ no, beforeMinor, afterMinor }) => {
      const change = money(afterMinor - beforeMinor);
      return { distributor: ids[no] ?? "", inForce: money(beforeMinor), draft: money(afterMinor), change };
    });
}

function csvOf(compared: PastComparison): string {
  const { winners, losers, currency } = compared.test;
  const rows = moversOf(compared)([...winners, ...losers]).map(({ inForce, ...row }) => ({
    ...row,
    in_force: inForce,
    currency,
  }));
  return csvText(["distributor", "in_force", "draft", "change", "currency"], rows);
}

function bonusesOf({ test }: PastComparison, which: "inForce" | "draft") {
  const money = (minor: number) => formatAmount(BigInt(minor), test.currency);
  return Object.fromEntries(Object.entries(test[which].byBonus).map(([bonus, minor]) => [bonus, money(minor)]));
}

function jsonOf(compared: PastComparison) {
  const { test, orders, spans, rankMoves, warnings } = compared;
  const movers = moversOf(compared);
  return {
    summary: { ...backTestSummary(test), orders, rankMoves: rankMoves.length },
    periods: spans,
    bonuses: { inForce: bonusesOf(compared, "inForce"), draft: bonusesOf(compared, "draft") },
    winners: movers(test.winners),
    losers: movers(test.losers),
    rankMoves,
    warnings,
  };
}

function printComparison(terminal: Terminal, compared: PastComparison): void {
  const { test, inForce, draft, spans, orders, rankMoves } = compared;
  const figures = backTestSummary(test);
  const row = (what: string, name: string) => ({
    figure: what,
    inForce: figures[`inForce${name}`] ?? "",
    draft: figures[`draft${name}`] ?? "",
  });
  terminal.out(`${orders} orders in ${spans.length} periods, ${spans[0]} to ${spans.at(-1)}; amounts in ${test.currency}.\n`);
  terminal.out(`In force: "${inForce.id}" version ${inForce.version}. Draft: "${draft.id}" version ${draft.version}.\n\n`);
  const rows = [
    row("paid", "Paid"),
    row("percent of CV", "PercentOfCv"),
    row("breakage", "Breakage"),
    row("cut by caps", "CutByCaps"),
  ];
  const [before, after] = [bonusesOf(compared, "inForce"), bonusesOf(compared, "draft")];
  const bonuses = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  printList(terminal, [...rows, ...bonuses.map((id) => ({ figure: id, inForce: before[id] ?? "0", draft: after[id] ?? "0" }))], {
    empty: "",
  });
  const movers = moversOf(compared);
  terminal.out(`\n${test.winners.length} win, ${test.losers.length} lose, ${rankMoves.length} hold another rank at the end.\n`);
  if (test.winners.length > 0) terminal.out("\nWho wins most\n");
  if (test.winners.length > 0) printList(terminal, movers(test.winners.slice(0, SHOWN)), { empty: "" });
  if (test.losers.length > 0) terminal.out("\nWho loses most\n");
  if (test.losers.length > 0) printList(terminal, movers(test.losers.slice(0, SHOWN)), { empty: "" });
}
