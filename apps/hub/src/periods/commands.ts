import { formatAmount } from "@upline/core";
import { type Command, InvalidArgumentError } from "commander";
import type { CliParts } from "../cli/open.ts";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { KEY_OPTION, readActing, typedName } from "../keys/acting.ts";
import {
  cancelClose,
  closePeriod,
  commitClose,
  type PeriodParts,
  type PeriodRun,
  type PersonAct,
  previewClose,
  supersedeClose,
} from "./close.ts";
import { type ComparedRuns, compareRuns } from "./compare.ts";
import { exceptionCommands } from "./exception-commands.ts";
import { type ExplainedClose, explainPeriod, explainWhole } from "./explain.ts";
import { findPeriodByName } from "./find.ts";
import { openPeriod } from "./open.ts";
import { type CloseRun, listPeriods, listRuns, type Period } from "./queries.ts";
import { periodsWithShadow } from "./volume-queries.ts";

interface ActOptions extends CompanyOption {
  readonly key?: string;
  readonly json?: boolean;
}

const COMPANY = ["--company <slug>", "needed where there are several companies"] as const;

/** Periods and their closes: open, look, propose, commit, compare, explain. */
export function periodCommands(program: Command, terminal: Terminal): void {
  const period = program.command("period").description("Periods: open, preview, close by two people, compare, explain");
  openCommand(period, terminal);
  listCommand(period, terminal);
  runCommands(period, terminal);
  commitCommand(period, terminal);
  compareCommand(period, terminal);
  explainCommand(period, terminal);
  exceptionCommands(period, terminal);
}

type OpenOptions = Partial<Record<"calendar" | "from" | "to" | "currency" | "plan", string>>;

function openCommand(period: Command, terminal: Terminal): void {
  const open = period
    .command("open [month]")
    .description(
      "Open a period: a month such as 2026-06, a week by its first day, or days; without any, what follows the last one",
    )
    .option("--calendar <id>", "which one, where the plan has several; or as in week/2026-06-01")
    .option("--from <day>", "first day, in the plan's time zone")
    .option("--to <day>", "the first day after the period")
    .option("--currency <code>", "of every amount of its close; as in the period before unless given")
    .option("--plan <id>", "the plan; that in force unless given")
    .addOption(typedName())
    .option(...COMPANY)
    .action((month: string | undefined, options: ActOptions & OpenOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { calendar, from, to, currency, plan } = options;
        const opened = await openPeriod(parts, { companyId, actor: OPERATOR, calendar, month, from, to, currency, planId: plan });
        terminal.out(`Period ${opened.name} of "${opened.planId}" is open: ${spanText(opened)}, in ${opened.currency}.\n`);
      }),
    );
  example(open, "pnpm upline period open 2026-06 --currency USD", "pnpm upline period open");
}

function spanText({ startsAt, endsAt, timeZone }: Period): string {
  return `${startsAt.toISOString()} to ${endsAt.toISOString()} (${timeZone})`;
}

function listCommand(period: Command, terminal: Terminal): void {
  const list = period
    .command("list")
    .description("List periods, or with --runs what was computed of them, the newest first")
    .option("--runs", "runs instead of periods")
    .option(...COMPANY)
    .option("--json", "as JSON")
    .action((options: ActOptions & { runs?: boolean }) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const found = await asCompany(db, companyId, async (tx) => ({
          periods: await listPeriods(tx, companyId),
          runs: await listRuns(tx, { companyId, limit: 100 }),
          refunds: await periodsWithShadow(tx, companyId),
        }));
        const names = new Map(found.periods.map((period) => [period.periodNo, period.name]));
        const rows = options.runs
          ? found.runs.map((run) => runRow(run, names.get(run.periodNo) ?? ""))
          : found.periods.toReversed().map(({ name, planId, startsAt, endsAt, currency, state, periodNo }) => {
              const refunds = found.refunds.find((refund) => refund.periodNo === periodNo)?.entries ?? 0;
              return { period: name, planId, startsAt, endsAt, currency, state, refundsToReverse: refunds };
            });
        printList(terminal, rows, { ...options, empty: "There is nothing yet: pnpm upline period open 2026-06 --currency USD" });
      }),
    );
  example(list, "pnpm upline period list --runs");
}

function runRow(run: CloseRun, name: string) {
  const { paidMinor, currency } = run.totals as { paidMinor: string; currency: string };
  return {
    run: run.runNo,
    period: name,
    kind: run.kind,
    cause: run.cause,
    paid: `${formatAmount(BigInt(paidMinor), currency)} ${currency}`,
    by: run.actor,
    person: run.person,
    finished: run.finishedAt,
    supersedes: run.supersedes,
    supersededBy: run.supersededBy,
    output: run.outputHash.slice(0, 12),
  };
}

type Work = (parts: CliParts, act: PersonAct) => Promise<PeriodRun>;

function runCommands(period: Command, terminal: Terminal): void {
  const preview = period
    .command("preview <period>")
    .description("Compute what a close would come to now; nothing is kept but one line of totals")
    .addOption(typedName())
    .option(...COMPANY)
    .option("--json", "as JSON")
    .action((name: string, options: ActOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { periodNo, onProgress } = await findNamed(terminal, parts, { companyId, name });
        printRun(terminal, await previewClose(parts, { companyId, periodNo, onProgress, actor: OPERATOR }), options.json);
      }),
    );
  example(preview, "pnpm upline period preview 2026-06");
  const close = byPerson(period, "close")
    .description("Lock a period's inputs and propose its close; a second person commits it")
    .action((name: string, options: ActOptions) => act(terminal, options, { name, work: closePeriod, after: waiting }));
  example(close, "UPLINE_KEY=upk_… pnpm upline period close 2026-06");
  const rerun = byPerson(period, "rerun")
    .description(
      "Compute a closed period again as network, plan and directives are now; with --refunds only less what was refunded",
    )
    .option("--refunds", "as it was locked, with the refunds since: for plans that say reverse-delta")
    .action((name: string, options: ActOptions & { refunds?: boolean }) => {
      const cause = options.refunds ? "refund" : "rerun";
      return act(terminal, options, { name, work: (parts, act) => supersedeClose(parts, { ...act, cause }), after: waiting });
    });
  example(rerun, "UPLINE_KEY=upk_… pnpm upline period rerun 2026-06 --refunds");
  const cancel = period
    .command("cancel <period>")
    .description("Give up a proposal that was not committed: the period is open again, or stays closed as it was paid")
    .addOption(typedName())
    .option(...COMPANY)
    .action((name: string, options: ActOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const found = await asCompany(parts.db, companyId, (tx) => findPeriodByName(tx, { companyId, name }));
        const { state } = await cancelClose(parts, { companyId, periodNo: found.periodNo, actor: OPERATOR });
        terminal.out(state === "open" ? `Period ${name} is open again.\n` : `Period ${name} stays closed as it was paid.\n`);
      }),
    );
  example(cancel, "pnpm upline period cancel 2026-06");
}

const waiting = ({ run, period }: PeriodRun): string =>
  `Run ${run.runNo} waits for a second person: pnpm upline period commit ${period.name} --run ${run.runNo}, with their own key\n`;

/** A command that takes two people, and goes by the key of one of them. */
function byPerson(period: Command, name: string): Command {
  return period
    .command(`${name} <period>`)
    .addOption(typedName())
    .option(...KEY_OPTION)
    .option(...COMPANY)
    .option("--json", "as JSON");
}

async function act(
  terminal: Terminal,
  options: ActOptions,
  { name, work, after }: { name: string; work: Work; after: (done: PeriodRun) => string },
): Promise<void> {
  await withCompany(terminal, options, async (parts, company) => {
    const { companyId } = company;
    const acting = await readActing(parts, company, options.key);
    const { periodNo, onProgress } = await findNamed(terminal, parts, { companyId, name });
    const done = await work(parts, { companyId, periodNo, onProgress, ...acting });
    printRun(terminal, done, options.json);
    if (!options.json) terminal.out(after(done));
  });
}

async function findNamed(terminal: Terminal, { db }: CliParts, args: { companyId: number; name: string }) {
  const { periodNo } = await asCompany(db, args.companyId, (tx) => findPeriodByName(tx, args));
  return { periodNo, onProgress: (stage: string) => terminal.err(`${args.name}: ${stage}\n`) };
}

interface Totals {
  readonly currency: string;
  readonly distributors: number;
  readonly active: number;
  readonly cvMinor: string;
  readonly paidMinor: string;
  readonly percentOfCv: number | null;
  readonly ranks: Readonly<Record<string, number>>;
  readonly bonuses: readonly { bonus: string; paidMinor: string; payees: number; breakageMinor: string; cutMinor: string }[];
  readonly warnings: readonly string[];
}

function printRun(terminal: Terminal, { run, period }: PeriodRun, json: boolean | undefined): void {
  if (json) {
    const { runNo, kind, cause, inputHash, outputHash, totals } = run;
    terminal.out(
      `${JSON.stringify({ run: String(runNo), period: period.name, kind, cause, inputHash, outputHash, totals }, null, 2)}\n`,
    );
    return;
  }
  const totals = run.totals as unknown as Totals;
  const money = (minor: string) => `${formatAmount(BigInt(minor), totals.currency)} ${totals.currency}`;
  const rows = totals.bonuses.map(({ bonus, payees, ...sums }) => ({
    bonus,
    paid: money(sums.paidMinor),
    payees,
    breakage: money(sums.breakageMinor),
    cut: money(sums.cutMinor),
  }));
  for (const warning of totals.warnings) terminal.err(`warning: ${warning}\n`);
  printList(terminal, rows, { empty: "The plan has no bonus that is paid at the close." });
  const share = totals.percentOfCv === null ? "" : `, ${totals.percentOfCv} % of CV`;
  const ranks = Object.entries(totals.ranks).map(([rank, count]) => `${count} ${rank}`);
  terminal.out(`${period.name}: ${money(totals.paidMinor)} in all${share}; ${totals.active} of ${totals.distributors} active`);
  terminal.out(
    `${ranks.length === 0 ? "" : `; ${ranks.join(", ")}`}. Run ${run.runNo}, ${run.kind}, ${run.outputHash.slice(0, 12)}.\n`,
  );
}

function commitCommand(period: Command, terminal: Terminal): void {
  const commit = byPerson(period, "commit")
    .description("Carry out the proposed close of a period; needs another person than the one who proposed it")
    .option("--run <number>", "only this proposal: refused where another took its place")
    .action(async (name: string, options: ActOptions & { run?: string }) => {
      let transfers = 0;
      const work: Work = async (parts, act) => {
        const done = await commitClose(parts, { ...act, runNo: options.run === undefined ? undefined : runNumber(options.run) });
        transfers = done.transfers;
        return done;
      };
      await act(terminal, options, { name, work, after: () => `${transfers} differences were posted to the ledger.\n` });
    });
  example(commit, "UPLINE_KEY=upk_… pnpm upline period commit 2026-06 --run 12");
}

function compareCommand(period: Command, terminal: Terminal): void {
  const compare = period
    .command("compare <before> <after>")
    .description("Where two runs differ, by distributor; numbers are those of `period list --runs`")
    .option(...COMPANY)
    .option("--json", "as JSON")
    .action((before: string, after: string, options: ActOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const compared = await compareRuns(parts, { companyId, before: runNumber(before), after: runNumber(after) });
        printCompared(terminal, compared, options.json === true);
      }),
    );
  example(compare, "pnpm upline period compare 12 15");
}

function printCompared(terminal: Terminal, compared: ComparedRuns, json: boolean): void {
  const { currency } = compared.after.totals as { currency: string };
  const money = (minor: bigint) => formatAmount(minor, currency);
  const rows = (compared.changes ?? []).map(({ distributorId, bonus, beforeMinor, afterMinor }) => {
    const change = money(afterMinor - beforeMinor);
    return { distributor: distributorId, bonus, before: money(beforeMinor), after: money(afterMinor), change };
  });
  if (json) {
    const { sameInput, sameOutput, rankMoves } = compared;
    terminal.out(
      `${JSON.stringify({ sameInput, sameOutput, currency, changes: compared.changes === null ? null : rows, rankMoves }, null, 2)}\n`,
    );
    return;
  }
  const inputs = compared.sameInput ? "the same inputs" : "other inputs";
  terminal.out(`Both runs ${compared.sameOutput ? "come to the same" : "differ"}, on ${inputs}.\n`);
  if (compared.changes === null) terminal.out("One of them was a trial, of which only totals are kept.\n");
  else printList(terminal, rows, { empty: "No amount differs." });
  for (const move of compared.rankMoves ?? [])
    terminal.out(`${move.distributorId}: ${move.before ?? "no rank"} → ${move.after ?? "no rank"}\n`);
}

function runNumber(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError("A run is a number, see `pnpm upline period list --runs`.");
  return BigInt(text);
}

function explainCommand(period: Command, terminal: Terminal): void {
  const explain = period
    .command("explain <distributor>")
    .description("Why somebody is paid what they are in a period, and what is short of more")
    .option("--period <name>", "the newest period unless given")
    .option("--from <distributor>", "only on the volume of this one below, step by step")
    .option(...COMPANY)
    .option("--json", "as JSON")
    .action((distributorId: string, options: ActOptions & { period?: string; from?: string }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const found = await asCompany(parts.db, companyId, async (tx) => {
          const last = (await listPeriods(tx, companyId)).at(-1);
          return findPeriodByName(tx, { companyId, name: options.period ?? last?.name ?? "" });
        });
        const act = { companyId, periodNo: found.periodNo, actor: OPERATOR };
        const explained = await explainAnyone(parts, { ...act, distributorId, from: options.from });
        if (options.json) {
          const runNo = explained.runNo === null ? null : String(explained.runNo);
          terminal.out(`${JSON.stringify({ ...explained, runNo }, null, 2)}\n`);
          return;
        }
        printExplained(terminal, explained);
      }),
    );
  example(explain, "pnpm upline period explain 9012 --period 2026-06", "pnpm upline period explain 9012 --from 9044");
}

/** Whom a request could not explain, because too many are below, this computes the whole company for. */
async function explainAnyone(parts: PeriodParts, args: Parameters<typeof explainWhole>[1]): Promise<ExplainedClose> {
  try {
    return await explainPeriod(parts, args);
  } catch (error) {
    if (error instanceof HubError && error.code === "unprocessable") return explainWhole(parts, args);
    throw error;
  }
}

function printExplained(terminal: Terminal, explained: ExplainedClose): void {
  const stands = explained.runNo === null ? "as it stands now" : `run ${explained.runNo}`;
  terminal.out(`${explained.distributorId} in ${explained.period} (${stands}): ${explained.activity}; ${explained.rank}\n`);
  if (explained.nextRank.length > 0)
    terminal.out(`${explained.nextRank[0]} ${explained.nextRank.slice(1).join("; ") || "nothing is missing"}\n`);
  for (const bonus of explained.bonuses) {
    terminal.out(`${bonus.bonusId}: ${bonus.amount}\n`);
    for (const line of bonus.lines) terminal.out(`  ${line}\n`);
    for (const line of explained.notPaid.find((unpaid) => unpaid.bonusId === bonus.bonusId)?.lines ?? [])
      terminal.out(`  not paid: ${line}\n`);
  }
}
