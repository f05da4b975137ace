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
  readonly token?: string;
  readonly tokenSecret?: string;
  readonly url?: string;
}

/** How a shop and the hub get to know each other. */
export function storeAccessCommands(store: Command, terminal: Terminal): void {
  const code = store
    .command("connect-code")
    .description("Make a one-time code that connects a shop which has the Upline plugin (WooCommerce) or module (Magento)")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { code } = await makeConnectionCode(parts, { companyId, publicUrl: parts.publicUrl, actor: OPERATOR });
        terminal.out(`${code}\n`);
        terminal.err(
          "Paste it in the shop's admin under WooCommerce, Upline, or in Magento under Stores, Configuration, Upline.\n",
        );
        terminal.err(`It works once, for ${CODE_HOURS} hours,\n`);
        terminal.err(`and leads the shop to ${parts.publicUrl} (UPLINE_PUBLIC_URL).\n`);
      }),
    );
  example(code, "pnpm upline store connect-code --company acme");

  const rest = store
    .command("rest")
    .description(
      "Let the hub read a shop by its REST API. WooCommerce: a key from WooCommerce, Settings, Advanced, REST API. Magento: the four keys of an integration from System, Integrations",
    )
    .requiredOption("--store <id>", "the store, as `store list` shows it")
    .requiredOption("--key <key>", "the consumer key, WooCommerce's ck_…")
    .requiredOption("--secret <secret>", "the consumer secret, WooCommerce's cs_…")
    .option("--token <token>", "Magento: the access token")
    .option("--token-secret <secret>", "Magento: the access token secret")
    .option("--url <url>", "the shop's address, where it is not https:// and the store's domain")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: RestOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const { store: storeId, key: consumerKey, secret: consumerSecret, token: accessToken, url } = options;
        const keys = { consumerKey, consumerSecret, accessToken, accessTokenSecret: options.tokenSecret };
        const given = await giveRestKey(parts, { companyId, storeId, ...keys, url, actor: OPERATOR });
        terminal.out(
          `The hub reads ${given.url} (${given.currency}${given.version === null ? "" : `, version ${given.version}`}) from now on.\n`,
        );
        for (const warning of given.warnings) terminal.err(`${warning}\n`);
      }),
    );
  example(rest, "pnpm upline store rest --store st_AbC123 --key ck_… --secret cs_…");
}
