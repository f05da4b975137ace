import { type Command, InvalidArgumentError, Option } from "commander";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { OUTCOMES, type Outcome } from "../db/schema/inbox.ts";
import { listDeliveries } from "../inbox/delivery-queries.ts";
import { openPipeline } from "./pipeline.ts";
import { replayDead, replayDeliveries } from "./replay.ts";

interface ListOptions extends CompanyOption {
  readonly outcome?: Outcome | "waiting";
  readonly limit: number;
  readonly json?: boolean;
}

export function deliveriesCommands(program: Command, terminal: Terminal): void {
  const deliveries = program.command("deliveries").description("The inbox: what shops sent and what became of it");
  listCommand(deliveries, terminal);
  replayCommand(deliveries, terminal);
}

function listCommand(deliveries: Command, terminal: Terminal): void {
  const list = deliveries
    .command("list")
    .description("List deliveries, the newest first")
    .addOption(
      new Option("--outcome <outcome>", "only these; waiting are those not processed yet").choices([...OUTCOMES, "waiting"]),
    )
    .option("--limit <count>", "at most so many, up to 1000", readLimit, 50)
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: ListOptions) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const { outcome, limit } = options;
        const found = await asCompany(db, companyId, (tx) => listDeliveries(tx, { companyId, outcome, limit }));
        const rows = found.map((delivery) => ({
          delivery: delivery.deliveryId,
          received: delivery.receivedAt,
          store: delivery.storeId,
          topic: delivery.topic,
          outcome: delivery.outcome ?? "waiting",
          order: delivery.orderNo,
          detail: delivery.detail ?? delivery.error,
        }));
        printList(terminal, rows, { ...options, empty: "There is no such delivery." });
      }),
    );
  example(list, "pnpm upline deliveries list --outcome dead --limit 20");
}

function replayCommand(deliveries: Command, terminal: Terminal): void {
  const replay = deliveries
    .command("replay [ids...]")
    .description("Process deliveries again: those named, or all dead letters")
    .option("--dead", "all dead letters of the company")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((ids: string[], options: CompanyOption & { dead?: boolean; json?: boolean }) => {
      if (ids.length > 0 === (options.dead === true))
        throw new Error("Name deliveries by their numbers, or give --dead for all dead letters.");
      const wrong = ids.find((id) => !/^\d{1,18}$/.test(id));
      if (wrong !== undefined) throw new Error(`"${wrong}" is no delivery's number: see \`pnpm upline deliveries list\`.`);
      return withCompany(terminal, options, async (parts, { companyId }) => {
        const by = { companyId, actor: OPERATOR };
        const orderParts = { ...parts, pipeline: openPipeline(parts) };
        const results = options.dead
          ? await replayDead(orderParts, { ...by, onProgress: (done) => terminal.err(`Replayed ${done}\n`) })
          : await replayDeliveries(orderParts, { ...by, deliveryIds: ids.map(BigInt) });
        const rows = results.map(({ deliveryId, outcome, orderNo, detail }) => ({
          delivery: deliveryId,
          outcome,
          order: orderNo,
          detail,
        }));
        printList(terminal, rows, { ...options, empty: "There is no dead letter." });
      });
    });
  example(replay, "pnpm upline deliveries replay 1042 1043", "pnpm upline deliveries replay --dead");
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError("It is a whole number from 1 to 1000.");
  return limit;
}
