import { type CliParts, withParts } from "../cli/open.ts";
import type { Terminal } from "../cli/terminal.ts";
import { type Company, listCompanies } from "./queries.ts";

export interface CompanyOption {
  readonly company?: string;
}

/** Runs a command for one company: the one named, or the only one there is. */
export function withCompany<T>(
  terminal: Terminal,
  options: CompanyOption,
  work: (parts: CliParts, company: Company) => Promise<T>,
): Promise<T> {
  return withParts(terminal, async (parts) => work(parts, chooseCompany(await listCompanies(parts.db.gate), options.company)));
}

function chooseCompany(companies: readonly Company[], slug: string | undefined): Company {
  const slugs = companies.map((company) => company.slug).join(", ");
  const [first] = companies;
  if (first === undefined) throw new Error("There is no company yet: make one with `pnpm upline company create`.");
  if (slug === undefined && companies.length > 1)
    throw new Error(`There are several companies: add --company with one of ${slugs}.`);
  const chosen = slug === undefined ? first : companies.find((company) => company.slug === slug);
  if (chosen === undefined) throw new Error(`There is no company "${slug}": there is ${slugs}.`);
  return chosen;
}
