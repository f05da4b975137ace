import { randomBytes } from "node:crypto";
import { textProblem } from "@upline/core";
import { insertAudit, OPERATOR } from "../db/audit.ts";
import { asOwner, sqlState, type Tx } from "../db/connect.ts";
import { sealerOf } from "../db/sealing.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import type { SecretBox } from "../secret-box.ts";
import { type Company, findCompanyBySlug, insertCompany } from "./queries.ts";

const SLUG = /^[a-z0-9][a-z0-9-]{1,62}$/;

/**
 * Adds a company with a fresh key for hashing its buyers. Runs on the owner's connection, the only
 * one that may: row-level security shows everybody else nothing but a company that is there already.
 * Throws HubError where the slug is taken or unusable.
 */
export async function createCompany(
  parts: Pick<HubParts, "db" | "box">,
  args: { readonly slug: string; readonly name: string; readonly actor?: string },
): Promise<{ companyId: number }> {
  try {
    return await asOwner(parts.db, (tx) => addCompany(tx, parts.box, args));
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new HubError("conflict", `A company with the slug "${args.slug}" is there already: choose another slug.`);
  }
}

/** The same within a transaction of the owner. A slug that is taken violates the key. */
export async function addCompany(
  tx: Tx,
  box: SecretBox,
  args: { readonly slug: string; readonly name: string; readonly actor?: string },
): Promise<{ companyId: number }> {
  const { slug, actor = OPERATOR } = args;
  const name = args.name.trim();
  if (!SLUG.test(slug)) {
    const message = 'use 2 to 63 of a-z, 0-9 and dash, beginning with a letter or digit, such as "acme"';
    throw refused("slug", message, `The slug "${slug}" cannot be used: ${message}.`);
  }
  if (name === "") throw refused("name", "is empty", "A company needs a name.");
  const problem = textProblem(name);
  if (problem !== null) throw refused("name", problem, `The company's name ${problem}.`);
  const buyerKey = (await sealerOf(tx, box))(randomBytes(32).toString("base64"));
  const companyId = await insertCompany(tx, { slug, name, buyerKey });
  await insertAudit(tx, { companyId, actor, act: "company.create", subject: slug });
  return { companyId };
}

/** A company by its slug; null where there is none. For the hub's operator: an API key already names its company. */
export function findCompany(parts: Pick<HubParts, "db">, slug: string): Promise<Company | null> {
  return findCompanyBySlug(parts.db.gate, slug);
}
