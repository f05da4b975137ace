import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { changeStore, type StoreChange } from "./change.ts";

interface Options extends CompanyOption {
  readonly store: string;
}

/** A running hub looks again after two seconds; this process has no door of its own. */
const NO_DOOR = { forget: () => {} };

/** What becomes of a store that is here already. */
export function storeChangeCommands(store: Command, terminal: Terminal): void {
  const change = (name: string, about: string) =>
    store
      .command(name)
      .description(about)
      .requiredOption("--store <id>", "the store, as `store list` shows it")
      .option("--company <slug>", "needed where there are several companies");
  const act = (options: Options, wanted: StoreChange, done: (name: string) => string) =>
    withCompany(terminal, options, async (parts, { companyId }) => {
      const args = { companyId, storeId: options.store, actor: OPERATOR, ...wanted };
      terminal.out(`${done((await changeStore({ ...parts, door: NO_DOOR }, args)).name)}\n`);
    });

  const rename = change("rename", "Give a store another name, for people")
    .requiredOption("--name <name>", "the new name")
    .action((options: Options & { name: string }) =>
      act(options, { name: options.name }, (name) => `The store ${options.store} is called ${name} now.`),
    );
  example(rename, 'pnpm upline store rename --store st_AbC123 --name "Tea shop"');

  const pause = change("pause", "Take nothing from a shop for a while; its keys stay").action((options: Options) =>
    act(
      options,
      { status: "paused" },
      (name) => `${name} is paused: what it sends is refused from now on. store resume goes on.`,
    ),
  );
  example(pause, "pnpm upline store pause --store st_AbC123");

  const resume = change("resume", "Go on with a paused shop").action((options: Options) =>
    act(options, { status: "active" }, (name) => `${name} is active. What it did not get rid of meanwhile: store reconcile.`),
  );
  example(resume, "pnpm upline store resume --store st_AbC123");

  const disconnect = change("disconnect", "Revoke every key of a shop, for good; its orders and the ledger stay").action(
    (options: Options) =>
      act(options, { status: "disconnected" }, (name) => `${name} is disconnected. store connect-code connects it again.`),
  );
  example(disconnect, "pnpm upline store disconnect --store st_AbC123");
}
