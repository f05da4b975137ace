import type { Command } from "commander";
import type { CliParts } from "../cli/open.ts";
import { example, printList, type Row, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { openLog } from "../log.ts";
import type { Job } from "./job.ts";
import { JobRunner } from "./runner.ts";
import { readJobs, type ShownJob } from "./view.ts";

/** Background jobs at a terminal. A command only hands runs over: a running hub does them. */
export function jobCommands(program: Command, terminal: Terminal, jobsOf: (parts: CliParts) => readonly Job[]): void {
  const jobs = program.command("jobs").description("Background jobs: what came of them, and running one now");
  const runnerOf = (parts: CliParts) =>
    new JobRunner({ url: parts.db.url, log: openLog("silent") }, jobsOf(parts), { takesJobs: false });

  const list = jobs
    .command("list")
    .description("Every job with its next round, the newest run for each store, and what failed last")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const shown = await readJobs(parts.db, runnerOf(parts), companyId);
        if (options.json) terminal.out(`${JSON.stringify(shown, null, 2)}\n`);
        else printJobs(terminal, shown);
      }),
    );
  example(list, "pnpm upline jobs list", "pnpm upline jobs list --json");

  const run = jobs
    .command("run <job>")
    .description("Run a job now, for everything of the company; a running hub takes it within seconds")
    .option("--company <slug>", "needed where there are several companies")
    .action((name: string, options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const runner = runnerOf(parts);
        try {
          const { started, already } = await runner.ask(name, companyId);
          const more = already > 0 ? `, ${already} under way already` : "";
          terminal.out(`${started} ${started === 1 ? "run" : "runs"} handed to the hub${more}: see \`pnpm upline jobs list\`.\n`);
        } finally {
          await runner.stop();
        }
      }),
    );
  example(run, "pnpm upline jobs run reconcile", "pnpm upline jobs run book-volumes");
}

function printJobs(terminal: Terminal, jobs: readonly ShownJob[]): void {
  const rows = jobs.flatMap(({ name, everyMinutes, nextRoundAt, runs }): Row[] => {
    const every = everyMinutes === 0 ? "when asked" : `${everyMinutes} min`;
    const job = { job: name, every, next: nextRoundAt };
    if (runs.length === 0) return [{ ...job, for: null, state: "never run", last: null, note: null }];
    return runs.map((run) => ({ ...job, for: run.subject, state: run.state, last: run.startedAt, note: run.note }));
  });
  printList(terminal, rows, { empty: "There are no jobs." });
  for (const { name, failures } of jobs)
    for (const failure of failures)
      terminal.out(`${name}, ${failure.subject}: failed ${failure.at?.toISOString() ?? ""}: ${failure.reason}\n`);
}
