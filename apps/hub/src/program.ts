import { Command, CommanderError } from "commander";
import { backgroundJobs } from "./background.ts";
import { buyerCommands } from "./buyers/commands.ts";
import { skuCommands } from "./catalogue/commands.ts";
import { withHintsAsCalled } from "./cli/called-as.ts";
import type { Terminal } from "./cli/terminal.ts";
import { companyCommands } from "./companies/commands.ts";
import { sqlState } from "./db/connect.ts";
import { HubError } from "./errors.ts";
import { hubCommands } from "./hub-commands.ts";
import { jobCommands } from "./jobs/commands.ts";
import { keyCommands } from "./keys/commands.ts";
import { openLog } from "./log.ts";
import { codeCommands } from "./network/code-commands.ts";
import { distributorCommands } from "./network/commands.ts";
import { claimCommands } from "./orders/claim-commands.ts";
import { deliveriesCommands } from "./orders/delivery-commands.ts";
import { openPipeline } from "./orders/pipeline.ts";
import { rebindBuyers } from "./orders/rebind.ts";
import { remapQuarantined } from "./orders/remap.ts";
import { peopleCommands, peoplePartsOf } from "./people/commands.ts";
import { auditCommand } from "./periods/audit-command.ts";
import { backtestCommand } from "./periods/backtest-command.ts";
import { periodCommands } from "./periods/commands.ts";
import { planCommands } from "./plans/commands.ts";
import { rateCommands } from "./rates/commands.ts";
import { serviceKeyCommands } from "./service/commands.ts";
import { storeCommands } from "./stores/commands.ts";
import { storeJobCommands } from "./sync/commands.ts";

/** Every noun's commands; the order is that of the help page. What a lower room may not know of is put together here. */
const NOUNS: readonly ((program: Command, terminal: Terminal) => void)[] = [
  hubCommands,
  companyCommands,
  (program, terminal) => storeJobCommands(storeCommands(program, terminal), terminal),
  (program, terminal) =>
    distributorCommands(program, terminal, (parts, companyId) =>
      rebindBuyers(openPipeline(parts), { companyId, distributorId: null }),
    ),
  (program, terminal) => skuCommands(program, terminal, (parts, companyId) => remapQuarantined(openPipeline(parts), companyId)),
  (program, terminal) => rateCommands(program, terminal, (parts, companyId) => remapQuarantined(openPipeline(parts), companyId)),
  (program, terminal) => backtestCommand(planCommands(program, terminal), terminal),
  periodCommands,
  auditCommand,
  codeCommands,
  peopleCommands,
  keyCommands,
  serviceKeyCommands,
  deliveriesCommands,
  claimCommands,
  buyerCommands,
  (program, terminal) =>
    // A command hands runs over and does none itself: nothing is offered to a pipeline.
    jobCommands(program, terminal, (parts) =>
      backgroundJobs({
        ...parts,
        log: openLog("silent"),
        pipeline: openPipeline(parts),
        people: peoplePartsOf(parts),
        handOff: { offer: () => {} },
      }),
    ),
];

/** Runs one command and answers its exit code: 0, or 1 after one clear sentence on stderr. */
export async function runCli(args: readonly string[], where: Terminal): Promise<number> {
  const terminal = withHintsAsCalled(where);
  const program = uplineProgram(terminal);
  try {
    await program.parseAsync(args as string[], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    terminal.err(`${sentenceOf(error)}\n`);
    return 1;
  }
}

/** The command line with all its nouns. */
export function uplineProgram(terminal: Terminal): Command {
  const program = new Command("upline")
    .description("Upline, from cart to commission: run the hub, set companies up, look into the inbox.")
    .exitOverride()
    .showHelpAfterError("Add --help for the options and an example.")
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  program.addHelpText("after", "\nExample:\n  pnpm upline company create acme --name 'Acme Inc.'\n");
  for (const register of NOUNS) register(program, terminal);
  return program;
}

/** What went wrong and what to do, without a stack and without anything that may carry personal data. */
function sentenceOf(error: unknown): string {
  if (error instanceof HubError) {
    const fields = error.fields.length > 1 ? error.fields.slice(0, 20).map(({ path, message }) => `\n  ${path}: ${message}`) : [];
    return `${error.message}${fields.join("")}`;
  }
  const state = sqlState(error);
  if (state !== null) return `The database refused this (SQLSTATE ${state}).`;
  const code = (error as { code?: unknown })?.code;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "CONNECT_TIMEOUT")
    return "The database cannot be reached: check DATABASE_URL, or unset it for the embedded database.";
  return error instanceof Error && error.message !== "" ? error.message : "The command failed.";
}
