import type { Command } from "commander";
import { withParts } from "../cli/open.ts";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { OPERATOR } from "../db/audit.ts";
import { SERVICE_SCOPES } from "../http/service-auth.ts";
import { createServiceKey, listServiceKeys, revokeServiceKey } from "./keys.ts";

export function serviceKeyCommands(program: Command, terminal: Terminal): void {
  const key = program
    .command("service-key")
    .description("Keys of programs that serve the shops of all companies, such as the Shopify app");

  const create = key
    .command("create")
    .description("Make a service key and print it; it is shown only now")
    .requiredOption("--name <name>", "what uses the key")
    .option("--scope <scopes>", `one or more of ${SERVICE_SCOPES.join(", ")}, with commas between`, "companies")
    .action((options: { name: string; scope: string }) =>
      withParts(terminal, async (parts) => {
        const scopes = options.scope.split(/[\s,]+/).filter((scope) => scope !== "");
        const { key } = await createServiceKey(parts, { name: options.name, scopes, actor: OPERATOR });
        terminal.out(`${key}\n`);
      }),
    );
  example(create, "pnpm upline service-key create --name shopify-app");

  const list = key
    .command("list")
    .description("List service keys by their first characters, the newest first")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) =>
      withParts(terminal, async ({ db }) => {
        const empty = "There is no service key yet: pnpm upline service-key create --name <name>";
        printList(terminal, await listServiceKeys(db.gate), { ...options, empty });
      }),
    );
  example(list, "pnpm upline service-key list");

  const revoke = key
    .command("revoke <prefix>")
    .description("Make a service key useless at once")
    .action((prefix: string) =>
      withParts(terminal, async (parts) => {
        await revokeServiceKey(parts, { prefix, actor: OPERATOR });
        terminal.out(`The service key ${prefix}… is revoked.\n`);
      }),
    );
  example(revoke, "pnpm upline service-key revoke ups_AbC123");
}
