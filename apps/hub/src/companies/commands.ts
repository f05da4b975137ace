import type { Command } from "commander";
import { withParts } from "../cli/open.ts";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { OPERATOR } from "../db/audit.ts";
import { createCompany } from "./create.ts";
import { listCompanies } from "./queries.ts";

export function companyCommands(program: Command, terminal: Terminal): void {
  const company = program.command("company").description("Companies whose networks, plans and stores this hub holds");

  const create = company
    .command("create <slug>")
    .description("Add a company")
    .option("--name <name>", "the name people read; the slug unless given")
    .action((slug: string, options: { name?: string }) =>
      withParts(terminal, async (parts) => {
        const name = options.name ?? slug;
        const { companyId } = await createCompany(parts, { slug, name, actor: OPERATOR });
        terminal.out(`Company ${slug} (${name}) is there, number ${companyId}.\n`);
        terminal.out("Next: pnpm upline plan publish, distributor import, sku import, store add.\n");
      }),
    );
  example(create, "pnpm upline company create acme --name 'Acme Inc.'");

  const list = company
    .command("list")
    .description("List the companies of this hub")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) =>
      withParts(terminal, async ({ db }) => {
        const rows = (await listCompanies(db.gate)).map(({ slug, name, companyId, createdAt }) => ({
          slug,
          name,
          companyId,
          createdAt,
        }));
        printList(terminal, rows, { ...options, empty: "There is no company yet: pnpm upline company create <slug>" });
      }),
    );
  example(list, "pnpm upline company list --json");
}
