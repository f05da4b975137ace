import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { changeSettings, findSettings, type SettingsChange } from "./change-settings.ts";
import { settingsAnswer } from "./settings-routes.ts";

interface SetOptions extends CompanyOption {
  readonly store: string;
  readonly refParameter?: string;
  readonly refKey?: string[];
  readonly status?: string[];
  readonly paymentFee?: string[];
  readonly default?: string[];
}

/** A running hub looks again after two seconds; this process has no door of its own. */
const NO_DOOR = { forget: () => {} };

export function storeSettingsCommands(store: Command, terminal: Terminal): void {
  const gather = (value: string, values: string[] = []) => [...values, value];
  const set = store
    .command("set")
    .description("Show or change how a shop's deliveries are read; each option may come several times")
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .option(
      "--status <status=meaning>",
      "what a status of the shop's own means: pending, earned, cancelled, failed, chargeback",
      gather,
    )
    .option("--payment-fee <name>", "a fee below zero that is a means of payment; those named replace all", gather)
    .option("--ref-parameter <name>", "the parameter of referral links")
    .option("--ref-key <name>", "an order attribute that holds a referral code, best first; those named replace all", gather)
    .option(
      "--default <setting>",
      "go back to the default: statuses, payment_fees, ref_parameter, ref_keys, or one status",
      gather,
    )
    .option("--company <slug>", "needed where there are several companies")
    .action((options: SetOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const key = { companyId, storeId: options.store };
        const change = changeOf(options);
        const isChange = Object.keys(change).length > 0;
        const read = isChange
          ? await changeSettings({ ...parts, door: NO_DOOR }, { ...key, change, actor: OPERATOR })
          : await asCompany(parts.db, companyId, (tx) => findSettings(tx, key));
        const { problems, ...shown } = settingsAnswer(read);
        terminal.out(`${JSON.stringify(shown, null, 2)}\n`);
        for (const { path, message } of problems) terminal.err(`Left out, ${path}: ${message}.\n`);
        if (isChange)
          terminal.err(`It counts from now on. For orders that are known: store reconcile --store ${options.store} --all\n`);
      }),
    );
  example(set, "pnpm upline store set --store st_AbC123 --status packed=earned --payment-fee Wallet");
}

const WHOLE = ["statuses", "payment_fees", "ref_parameter", "ref_keys"];

function changeOf({ refParameter, refKey, status, paymentFee, default: back = [] }: SetOptions): SettingsChange {
  const singles = back.filter((name) => !WHOLE.includes(name)).map((name) => [name, null] as const);
  const statuses = [...singles, ...(status ?? []).map(pairOf)];
  return {
    ...(refParameter === undefined ? {} : { ref_parameter: refParameter }),
    ...(refKey === undefined ? {} : { ref_keys: refKey }),
    ...(paymentFee === undefined ? {} : { payment_fees: paymentFee }),
    ...(statuses.length === 0 ? {} : { statuses: Object.fromEntries(statuses) }),
    ...Object.fromEntries(back.filter((name) => WHOLE.includes(name)).map((name) => [name, null])),
  };
}

function pairOf(text: string): readonly [string, string] {
  const end = text.lastIndexOf("=");
  if (end < 1) throw new Error(`--status ${text}: write the status and what it means, such as packed=earned.`);
  return [text.slice(0, end).trim(), text.slice(end + 1).trim()];
}
