import type { PlatformName } from "@upline/core";
import { type Command, Option } from "commander";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { storeAccessCommands } from "./access-commands.ts";
import { addStore } from "./add.ts";
import { storeChangeCommands } from "./change-commands.ts";
import { listStores } from "./queries.ts";
import { storeSettingsCommands } from "./settings-commands.ts";

interface AddOptions extends CompanyOption {
  readonly platform: PlatformName;
  readonly domain: string;
  readonly secret?: string;
  readonly name?: string;
}

export function storeCommands(program: Command, terminal: Terminal): Command {
  const store = program.command("store").description("Shops that send their orders here");

  const add = store
    .command("add")
    .description("Connect a shop and print the address its deliveries go to")
    .addOption(
      new Option("--platform <platform>", "what the shop runs on")
        .choices(["shopify", "woocommerce", "magento"])
        .makeOptionMandatory(),
    )
    .requiredOption("--domain <domain>", "the shop's host, such as shop.example.com")
    .option("--secret <secret>", "what the shop signs with; made here for WooCommerce and Magento unless given")
    .option("--name <name>", "the name people read; the domain unless given")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: AddOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { company: _company, ...wanted } = options;
        const added = await addStore(parts, { ...wanted, companyId, publicUrl: parts.publicUrl, actor: OPERATOR });
        terminal.out(`Store ${added.storeId} is connected.\nIngest URL: ${added.ingestUrl}\n`);
        if (added.appIngestUrl !== null) terminal.out(`For an app's own subscriptions: ${added.appIngestUrl}\n`);
        if (added.secret === null) terminal.out("Signed by the app's secret, UPLINE_SHOPIFY_APP_SECRETS.\n");
        else if (wanted.secret === undefined) terminal.out(`Secret (shown only now): ${added.secret}\n`);
      }),
    );
  example(add, "pnpm upline store add --platform woocommerce --domain shop.example.com --secret woo-fixture-secret");

  const list = store
    .command("list")
    .description("List the stores of a company")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async ({ db, publicUrl }, { companyId }) => {
        const stores = await asCompany(db, companyId, (tx) => listStores(tx, companyId));
        const rows = stores.map(({ storeId, platform, domain, name, status, createdAt }) => {
          const ingestUrl = `${publicUrl}/ingest/${platform}/${storeId}`;
          return { storeId, platform, domain, name, status, createdAt, ingestUrl };
        });
        printList(terminal, rows, { ...options, empty: "No store is connected yet: pnpm upline store add" });
      }),
    );
  example(list, "pnpm upline store list --company acme");

  storeAccessCommands(store, terminal);
  storeChangeCommands(store, terminal);
  storeSettingsCommands(store, terminal);
  return store;
}
