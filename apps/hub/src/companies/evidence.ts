import { BESIDE_SOURCES, DEFAULT_EVIDENCE_ORDER, type EvidenceSource, evidenceSource } from "@upline/core";
import { eq } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { companies } from "../db/schema/companies.ts";
import { refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { raiseDirectoryVersion, readCompany } from "./directory.ts";
import { lockCompany } from "./queries.ts";

/** The company's order of evidence: what counts first where several things name a distributor. Shops are told it, and follow. */

export async function readEvidenceOrder(tx: Tx, companyId: number): Promise<readonly EvidenceSource[]> {
  return evidenceOrderOf(await readCompany(tx, companyId));
}

/** The order as stored, or everybody's where the company set none. */
export function evidenceOrderOf(
  company: { readonly evidenceOrder: readonly EvidenceSource[] | null } | null,
): readonly EvidenceSource[] {
  return company?.evidenceOrder ?? DEFAULT_EVIDENCE_ORDER;
}

/** What of the order is a shop's business: what comes beside orders reaches the hub by itself. */
export const toldToShops = (order: readonly EvidenceSource[]): EvidenceSource[] =>
  order.filter((source) => !BESIDE_SOURCES.includes(source));

/**
 * Sets the order, best first; what is left out does not count, and null goes back to everybody's. Orders that are known
 * keep their owner: it counts for those seen from now on. Audited. Throws HubError.
 */
export function setEvidenceOrder(
  parts: Pick<HubParts, "db">,
  args: { readonly companyId: number; readonly order: readonly string[] | null; readonly actor: string },
): Promise<readonly EvidenceSource[]> {
  const { companyId, actor } = args;
  const order = args.order === null ? null : checkOrder(args.order);
  return asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const before = await readEvidenceOrder(tx, companyId);
    const after = evidenceOrderOf({ evidenceOrder: order });
    await query(tx).update(companies).set({ evidenceOrder: order }).where(eq(companies.companyId, companyId));
    // Workers keep a copy.
    await raiseDirectoryVersion(tx, companyId);
    const details = { before: [...before], after: [...after] };
    await insertAudit(tx, { companyId, actor, act: "company.evidence", subject: "evidence_order", details });
    return after;
  });
}

/** A decision of a person stands above all evidence, whether it is named or not. Throws HubError. */
export function checkOrder(words: readonly string[]): EvidenceSource[] {
  const known = evidenceSource.options;
  const order: EvidenceSource[] = ["manual"];
  for (const [index, word] of words.entries()) {
    const source = known.find((other) => other === word);
    const path = `order.${index}`;
    if (source === undefined) throw refused(path, `"${word.slice(0, 40)}" is no kind of evidence: there are ${known.join(", ")}`);
    if (source === "manual" && index > 0)
      throw refused(
        path,
        "manual comes first: a person's decision stands above all evidence; put it at the beginning, or leave it out",
      );
    if (source !== "manual" && order.includes(source)) throw refused(path, `${source} is named twice: leave one of the two out`);
    if (source !== "manual") order.push(source);
  }
  if (order.length === 1)
    throw refused("order", "names no evidence, so that no order would ever have an owner: name at least one kind, best first");
  return order;
}
