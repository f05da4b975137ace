import type { Command } from "commander";
import { example, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { giveRestKey } from "./access.ts";
import { CODE_HOURS, makeConnectionCode } from "./code.ts";

interface RestOptions extends CompanyOption {
  readonly store: string;
  readonly key: string;
  readonly secret: string;
  readonly url?: string;
}

/** How a shop and the hub get to know each other. */
export function storeAccessCommands(store: Command, terminal: Terminal): void {
  const code = store
    .command("connect-code")
    .description("Make a one-time code that connects a WooCommerce shop with the Upline plugin")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { code } = await makeConnectionCode(parts, { companyId, publicUrl: parts.publicUrl, actor: OPERATOR });
        terminal.out(`${code}\n`);
        terminal.err(`Paste it in the shop's admin under WooCommerce, Upline. It works once, for ${CODE_HOURS} hours,\n`);
        terminal.err(`and leads the shop to ${parts.publicUrl} (UPLINE_PUBLIC_URL).\n`);
      }),
    );
  example(code, "pnpm upline store connect-code --company acme");

  const rest = store
    .command("rest")
    .description("Let the hub read a WooCommerce shop with a REST key: WooCommerce, Settings, Advanced, REST API")
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .requiredOption("--key <ck_…>", "the consumer key")
    .requiredOption("--secret <cs_…>", "the consumer secret")
    .option("--url <url>", "the shop's address, where it is not https:// and the store's domain")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: RestOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { store: storeId, key: consumerKey, secret: consumerSecret, url } = options;
        const given = await giveRestKey(parts, { companyId, storeId, consumerKey, consumerSecret, url, actor: OPERATOR });
        terminal.out(
          `The hub reads ${given.url} (${given.currency}${given.version === null ? "" : `, version ${given.version}`}) from now on.\n`,
        );
        for (const warning of given.warnings) terminal.err(`${warning}\n`);
      }),
    );
  example(rest, "pnpm upline store rest --store st_AbC123 --key ck_… --secret cs_…");
}
