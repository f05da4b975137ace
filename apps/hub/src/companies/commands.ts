import type { Command } from "commander";
import { withParts } from "../cli/open.ts";
import { example, printList, type Terminal } from "../cli/terminal.ts";
import { OPERATOR } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { type CompanyOption, withCompany } from "./choose.ts";
import { createCompany } from "./create.ts";
import { readEvidenceOrder, setEvidenceOrder } from "./evidence.ts";
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
  evidenceCommand(company, terminal);
}

interface EvidenceOptions extends CompanyOption {
  readonly default?: boolean;
  readonly json?: boolean;
}

function evidenceCommand(company: Command, terminal: Terminal): void {
  const evidence = company
    .command("evidence [sources...]")
    .description("Show or set what counts first where several things name a distributor; the shops follow")
    .option("--default", "go back to the order of every company that set none")
    .option("--company <slug>", "needed where there are several companies")
    .option("--json", "as JSON")
    .action((sources: string[], options: EvidenceOptions) =>
      withCompany(terminal, options, async (parts, { companyId }) => {
        const isChange = sources.length > 0 || options.default === true;
        if (sources.length > 0 && options.default === true) throw new Error("Name kinds of evidence or --default, not both.");
        const order = isChange
          ? await setEvidenceOrder(parts, { companyId, order: options.default ? null : sources, actor: OPERATOR })
          : await asCompany(parts.db, companyId, (tx) => readEvidenceOrder(tx, companyId));
        terminal.out(options.json ? `${JSON.stringify(order)}\n` : `${order.join("\n")}\n`);
        if (isChange)
          terminal.err("It counts for orders that are seen from now on; known ones keep their owner. Shops ask once a day.\n");
      }),
    );
  example(evidence, "pnpm upline company evidence checkout-field discount-code cart-attribute");
}
