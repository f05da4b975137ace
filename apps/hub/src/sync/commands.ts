import { type Command, InvalidArgumentError } from "commander";
import type { CliParts } from "../cli/open.ts";
import { example, printList, progressOn, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { csvText } from "../csv-text.ts";
import { asCompany } from "../db/connect.ts";
import { openLog } from "../log.ts";
import { Metrics } from "../metrics.ts";
import { openPipeline } from "../orders/pipeline.ts";
import { Worker } from "../orders/worker.ts";
import { readerFor } from "../platforms.ts";
import { needReadableStore, readerOf } from "../stores/access.ts";
import { setWantsWebhooks } from "../stores/connection-queries.ts";
import { listStores } from "../stores/queries.ts";
import { CATALOGUE_COLUMNS, readCatalogue } from "./catalogue.ts";
import type { JobParts } from "./feed.ts";
import { importStore } from "./import.ts";
import { type ReconcileResult, reconcileStore } from "./reconcile.ts";
import { lookAfterWebhooks } from "./webhooks.ts";

interface StoreOption extends CompanyOption {
  readonly store: string;
}

const BUSY = "Another run is at this store just now: try again in a minute.";

/** What the hub asks of a shop by itself. */
export function storeJobCommands(store: Command, terminal: Terminal): void {
  reconcileCommand(store, terminal);
  importCommand(store, terminal);
  catalogueCommand(store, terminal);
  webhooksCommand(store, terminal);
}

/** The same pipeline as the hub's, in this process. */
function jobParts(parts: CliParts): JobParts {
  const log = openLog("silent");
  return { ...parts, log, handOff: new Worker({ context: openPipeline(parts), log, metrics: new Metrics() }) };
}

function reconcileCommand(store: Command, terminal: Terminal): void {
  interface Options extends CompanyOption {
    readonly store?: string;
    readonly since?: Date;
    readonly all?: boolean;
    readonly acceptDeletions?: boolean;
    readonly json?: boolean;
  }
  const reconcile = store
    .command("reconcile")
    .description("Compare the hub's orders with the shop's, and heal what its messages missed")
    .option("--store <id>", "one store; all of the company's stores that the hub can ask unless given")
    .option("--since <date>", "what changed since then; since the last run unless given", readDateOption)
    .option("--all", "compare every known order by id, not the next thousand only")
    .option("--accept-deletions", "believe the shop that more than 50 orders are gone at once")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: Options) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { since, all, acceptDeletions } = options;
        const results: ReconcileResult[] = [];
        for (const storeId of await chosenStores(parts, companyId, options.store)) {
          const onProgress = countOn(terminal, `${storeId}: compared`);
          const args = { companyId, storeId, since, all, acceptDeletions, onProgress };
          const result = await reconcileStore(jobParts(parts), args);
          if (result === null) throw new Error(BUSY);
          results.push(result);
        }
        printReconciled(terminal, results, options.json === true);
        const wrong = results.filter(({ outcome, discrepancies }) => outcome === "failed" || discrepancies.length > 0);
        if (wrong.length > 0) throw new Error(wrong.map(complaintOf).join("\n"));
      }),
    );
  example(reconcile, "pnpm upline store reconcile", "pnpm upline store reconcile --store st_AbC123 --all --json");
}

function complaintOf({ storeId, error, discrepancies }: ReconcileResult): string {
  const orders = discrepancies.map(({ order, problem }) => `\n  order ${order}: ${problem}`);
  return `${storeId}: ${error ?? `${discrepancies.length} orders differ still`}${orders.join("")}`;
}

async function chosenStores(parts: CliParts, companyId: number, chosen: string | undefined): Promise<string[]> {
  if (chosen !== undefined) return [chosen];
  const stores = await asCompany(parts.db, companyId, (tx) => listStores(tx, companyId));
  const ids = stores
    .filter(({ platform, status }) => readerFor(platform) !== null && status === "active")
    .map(({ storeId }) => storeId);
  if (ids.length === 0) throw new Error("There is no active store that the hub can ask: pnpm upline store connect-code");
  return ids;
}

function printReconciled(terminal: Terminal, results: readonly ReconcileResult[], json: boolean): void {
  const money = (delta: Readonly<Record<string, string>>) => {
    const texts = Object.entries(delta).map(([currency, amount]) => `${amount} ${currency}`);
    return texts.length === 0 ? "0" : texts.join(", ");
  };
  if (json) {
    terminal.out(`${JSON.stringify(results, null, 2)}\n`);
    return;
  }
  const rows = results.map(({ storeId, outcome, checked, healed, until, webhooks, deltaBefore, delta }) => {
    const notes = webhooks.map(({ topic, outcome }) => `${topic}: ${outcome}`).join("; ");
    return { storeId, outcome, checked, healed, missed: money(deltaBefore), delta: money(delta), until, webhooks: notes };
  });
  printList(terminal, rows, { empty: "Nothing to compare." });
}

function importCommand(store: Command, terminal: Terminal): void {
  const bring = store
    .command("import")
    .description("Bring in the orders a shop had before it was connected; interrupted, it goes on where it was")
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .option("--since <date>", "begin anew, with the orders placed from then on", readDateOption)
    .option("--company <slug>", "needed where there are several companies")
    .action((options: StoreOption & { since?: Date }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { store: storeId, since } = options;
        const onProgress = progressOn(terminal, "Orders read");
        const result = await importStore(jobParts(parts), { companyId, storeId, since, onProgress });
        if (result === null) throw new Error(BUSY);
        if (result.resumed) terminal.err("Went on where the last import was interrupted; --since begins anew.\n");
        terminal.out(`Read ${result.done} orders, of which ${result.applied} were new or different.\n`);
        for (const { order, problem } of result.discrepancies) terminal.err(`order ${order}: ${problem}\n`);
      }),
    );
  example(bring, "pnpm upline store import --store st_AbC123 --since 2026-01-01");
}

function catalogueCommand(store: Command, terminal: Terminal): void {
  const catalogue = store
    .command("catalogue")
    .description("Print what a shop sells as CSV for `sku import`, with the company's SKU where it is the same to the letter")
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: StoreOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const onProgress = countOn(terminal, "Products and variations read");
        const lines = await readCatalogue(parts, { companyId, storeId: options.store, onProgress });
        terminal.out(csvText(CATALOGUE_COLUMNS, lines));
        const exact = lines.filter((line) => line.suggestion === "exact").length;
        terminal.err(`${lines.length} rows, ${exact} with a suggestion. Fill the others, or leave their rows out.\n`);
      }),
    );
  example(catalogue, "pnpm upline store catalogue --store st_AbC123 > skus.csv");
}

function webhooksCommand(store: Command, terminal: Terminal): void {
  const webhooks = store
    .command("webhooks")
    .description("Set up the platform's own webhooks for a shop without the plugin, or take them away")
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .option("--off", "take them away, and do not look after them any more")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: StoreOption & { off?: boolean }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const key = { companyId, storeId: options.store };
        const wanted = options.off !== true;
        const reader = readerOf(parts, await needReadableStore(parts, key));
        await asCompany(parts.db, companyId, (tx) => setWantsWebhooks(tx, { ...key, wanted }));
        const store = await needReadableStore(parts, key);
        const notes = await lookAfterWebhooks(jobParts(parts), { reader, store, companyId, renewSecret: wanted });
        printList(terminal, notes, {
          empty: wanted ? "The plugin sends this shop's orders: no webhook is needed." : "There were none.",
        });
      }),
    );
  example(webhooks, "pnpm upline store webhooks --store st_AbC123");
}

function readDateOption(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError("Write a date such as 2026-01-31.");
  return date;
}

/** A count whose end nobody knows. */
function countOn(terminal: Terminal, what: string): (done: number) => void {
  return (done) => {
    if (terminal.isTerminal) terminal.err(`\r${what} ${done.toLocaleString("en")}`);
  };
}
