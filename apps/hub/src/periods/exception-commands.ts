import { parseDecimal, volumeProblem } from "@upline/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { typedName } from "../keys/acting.ts";
import { DATE_HINT, readDate } from "../row-errors.ts";
import { bookPending } from "./book-volumes.ts";
import { adjustVolume, directRank } from "./directives.ts";
import { findPeriodByName } from "./find.ts";

interface Exception extends CompanyOption {
  readonly reason: string;
}

/** What a close would do first, ahead of time; and exceptions to what it finds by itself: a rank by decision, volume by hand. */
export function exceptionCommands(period: Command, terminal: Terminal): void {
  directCommand(period, terminal);
  adjustCommand(period, terminal);
  bookCommand(period, terminal);
}

function bookCommand(period: Command, terminal: Terminal): void {
  const book = period
    .command("book")
    .description("Book the volumes of orders to their periods now, in short steps; a close books what is left")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const onProgress = ({ orders }: { orders: number }) => terminal.err(`${orders.toLocaleString("en")} orders booked\n`);
        const { orders } = await bookPending(parts, { companyId, onProgress });
        terminal.out(`${orders.toLocaleString("en")} orders were booked to their periods.\n`);
      }),
    );
  example(book, "pnpm upline period book");
}

function directCommand(period: Command, terminal: Terminal): void {
  const direct = period
    .command("direct <distributor> <rank>")
    .description(
      'Set a distributor\'s rank by decision, or cap it; "none" is no rank. Counts for periods that end between the dates',
    )
    .addOption(
      new Option("--kind <kind>", "override sets the rank, constraint caps it")
        .choices(["override", "constraint"])
        .default("override"),
    )
    .requiredOption("--until <date>", "the last day a period may end on for it to count")
    .requiredOption("--reason <text>", "why; shown with every explanation")
    .option("--from <date>", "from when on; now unless given")
    .addOption(typedName())
    .option("--company <slug>", "needed where there are several companies")
    .action(
      (
        distributorId: string,
        rank: string,
        options: Exception & { kind: "override" | "constraint"; until: string; from?: string },
      ) =>
        withCompany(terminal, options, async (parts, { companyId }) => {
          const from = options.from === undefined ? new Date() : dateOf(options.from, "--from");
          const until = dateOf(options.until, "--until");
          if (options.from !== undefined && until < from)
            throw new Error(`--until ${options.until} lies before --from ${options.from}: give a later day.`);
          const { kind, reason } = options;
          await directRank(parts, {
            companyId,
            actor: OPERATOR,
            distributorId,
            kind,
            rank: rank === "none" ? null : rank,
            from,
            until,
            reason,
          });
          terminal.out(
            `${distributorId}: ${kind === "override" ? "paid as" : "paid at most as"} ${rank} until ${until.toISOString()}.\n`,
          );
        }),
    );
  example(direct, "pnpm upline period direct 9012 gold --from 2026-06-01 --until 2026-09-30 --reason 'promised in writing'");
}

function adjustCommand(period: Command, terminal: Terminal): void {
  const adjust = period
    .command("adjust <period> <distributor>")
    .description("Add volume to an open period by hand, or take some away")
    .requiredOption("--class <id>", "commission class")
    .addOption(new Option("--pv <volume>", "such as 100 or -12.5").argParser(readVolume).default(0n, "0"))
    .option("--qv <volume>", "as pv unless given", readVolume)
    .addOption(new Option("--cv <volume>", "none unless given").argParser(readVolume).default(0n, "0"))
    .requiredOption("--reason <text>", "why; kept with the volume")
    .addOption(typedName())
    .option("--company <slug>", "needed where there are several companies")
    .action((name: string, distributorId: string, options: Exception & { class: string; pv: bigint; qv?: bigint; cv: bigint }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { periodNo } = await asCompany(parts.db, companyId, (tx) => findPeriodByName(tx, { companyId, name }));
        const { class: commissionClass, pv, qv = pv, cv, reason } = options;
        await adjustVolume(parts, {
          companyId,
          actor: OPERATOR,
          periodNo,
          distributorId,
          commissionClass,
          pv,
          qv,
          cv,
          reason,
        });
        terminal.out(`The volume counts in ${name}.\n`);
      }),
    );
  example(
    adjust,
    "pnpm upline period adjust 2026-06 9012 --class products --pv 100 --cv 100 --reason 'fair sales, receipts on file'",
  );
}

function dateOf(text: string, option: string): Date {
  const date = readDate(text);
  if (date === null) throw new Error(`${option} "${text}" is no date: ${DATE_HINT}.`);
  return date;
}

/** A volume as people write it, in ten-thousandths. */
function readVolume(text: string): bigint {
  const problem = volumeProblem(text);
  if (problem !== null) throw new InvalidArgumentError(`It ${problem}. Write a volume such as 100 or -12.5.`);
  const { num, den } = parseDecimal(text);
  return (num * 10_000n) / den;
}
