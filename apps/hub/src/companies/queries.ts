import { eq } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { companies, type Company as StoredCompany } from "../db/schema/companies.ts";

const { companyId, slug, name, createdAt } = companies;
const shown = { companyId, slug, name, createdAt };
export type Company = Pick<StoredCompany, keyof typeof shown>;

/** Adds a company. Takes the owner's connection: no company's rows are visible before it exists. A taken slug violates the key. */
export async function insertCompany(owner: Tx, company: Pick<StoredCompany, "slug" | "name" | "buyerKey">): Promise<number> {
  const [row] = await query(owner).insert(companies).values(company).returning({ companyId });
  if (!row) throw new Error("the new company has no number");
  return row.companyId;
}

export async function findCompanyBySlug(gate: Sql, wanted: string): Promise<Company | null> {
  const [row] = await query(gate).select(shown).from(companies).where(eq(slug, wanted));
  return row ?? null;
}

/** What a company is called; under its own eyes. */
export async function readCompany(tx: Tx, companyNo: number): Promise<Pick<Company, "slug" | "name">> {
  const [row] = await query(tx).select({ slug, name }).from(companies).where(eq(companyId, companyNo));
  if (!row) throw new Error("the company of this transaction does not exist");
  return row;
}

/** All companies of this hub: for its operator, never for the API. */
export function listCompanies(gate: Sql): Promise<Company[]> {
  return query(gate).select(shown).from(companies).orderBy(slug);
}

/** Changes of the network, SKU map and plans take turns: they number rows one after the other. */
export async function lockCompany(tx: Tx, companyNo: number): Promise<void> {
  const rows = await query(tx).select({ companyId }).from(companies).where(eq(companyId, companyNo)).for("no key update");
  if (rows.length === 0) throw new Error("the company of this transaction does not exist");
}
