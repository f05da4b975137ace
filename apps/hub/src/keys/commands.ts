import type { Command } from "commander";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { type CompanyOption, withCompany } from "../companies/choose.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { SCOPES } from "../http/auth.ts";
import { createKey, revokeKey } from "./create.ts";
import { listKeys } from "./queries.ts";

export function keyCommands(program: Command, terminal: Terminal): void {
  const key = program.command("key").description("API keys of a company");

  const create = key
    .command("create")
    .description("Make an API key and print it; it is shown only now")
    .requiredOption("--name <name>", "what uses the key")
    .option("--scope <scopes>", `one or more of ${SCOPES.join(", ")}, with commas between`, "read")
    .option("--owner <person>", "the person it belongs to; needed for admin. Two keys of one owner are one person to a close")
    .option("--company <slug>", "needed where there are several companies")
    .action((options: CompanyOption & { name: string; scope: string; owner?: string }) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const scopes = options.scope.split(/[\s,]+/).filter((scope) => scope !== "");
        const { name, owner } = options;
        const { key } = await createKey(parts, { companyId, name, scopes, owner, actor: OPERATOR });
        terminal.out(`${key}\n`);
      }),
    );
  example(
    create,
    "pnpm upline key create --name console --scope read,orders",
    "pnpm upline key create --name laptop --scope admin --owner 'Ann Lee'",
  );

  const list = key
    .command("list")
    .description("List keys by their first characters, the newest first")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((options: CompanyOption & { json?: boolean }) =>
      withCompany(terminal, options, async ({ db }, { companyId }) => {
        const keys = await asCompany(db, companyId, (tx) => listKeys(tx, companyId));
        const rows = keys.map(({ prefix, name, owner, scopes, createdAt, revokedAt }) => ({
          prefix,
          name,
          owner,
          scopes,
          createdAt,
          revokedAt,
        }));
        printList(terminal, rows, { ...options, empty: "There is no key yet: pnpm upline key create --name <name>" });
      }),
    );
  example(list, "pnpm upline key list");

  const revoke = key
    .command("revoke <prefix>")
    .description("Make a key useless at once")
    .option("--company <slug>", "needed where there are several companies")
    .action((prefix: string, options: CompanyOption) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        await revokeKey(parts, { companyId, prefix, actor: OPERATOR });
        terminal.out(`The key ${prefix}… is revoked.\n`);
      }),
    );
  example(revoke, "pnpm upline key revoke upk_AbC123");
}
