import type { Sql, Tx } from "../db/connect.ts";

export interface Company {
  readonly companyId: number;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Date;
}

interface CompanyListRow {
  company_id: number;
  slug: string;
  name: string;
  created_at: Date;
}

/** Adds a company. Takes the owner's connection: no company's rows are visible before it exists. A taken slug violates the key. */
export async function insertCompany(owner: Tx, args: { slug: string; name: string; sealedBuyerKey: Buffer }): Promise<number> {
  const [row] = await owner<{ company_id: number }[]>`
    insert into companies (slug, name, buyer_key) values (${args.slug}, ${args.name}, ${args.sealedBuyerKey})
    returning company_id`;
  if (!row) throw new Error("the new company has no number");
  return row.company_id;
}

export async function findCompanyBySlug(gate: Sql, slug: string): Promise<Company | null> {
  const [row] = await gate<CompanyListRow[]>`select company_id, slug, name, created_at from companies where slug = ${slug}`;
  return row ? fromRow(row) : null;
}

/** All companies of this hub: for its operator, never for the API. */
export async function listCompanies(gate: Sql): Promise<Company[]> {
  const rows = await gate<CompanyListRow[]>`select company_id, slug, name, created_at from companies order by slug`;
  return rows.map(fromRow);
}

/** Changes of the network, SKU map and plans take turns: they number rows one after the other. */
export async function lockCompany(tx: Tx, companyId: number): Promise<void> {
  const rows = await tx`select from companies where company_id = ${companyId} for no key update`;
  if (rows.length === 0) throw new Error("the company of this transaction does not exist");
}

function fromRow(row: CompanyListRow): Company {
  return { companyId: row.company_id, slug: row.slug, name: row.name, createdAt: row.created_at };
}
