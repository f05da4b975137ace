import { eq, sql } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { portalSettings } from "../db/schema/portal.ts";
import type { HubParts } from "../parts.ts";

/** What a company lets distributors see of each other. */
export interface PortalSettings {
  readonly names: "downline" | "frontline";
  readonly contacts: boolean;
}

const DEFAULTS: PortalSettings = { names: "downline", contacts: true };

export async function readPortalSettings(tx: Tx, companyId: number): Promise<PortalSettings> {
  const { names, contacts } = portalSettings;
  const [row] = await query(tx).select({ names, contacts }).from(portalSettings).where(eq(portalSettings.companyId, companyId));
  return row ?? DEFAULTS;
}

/** Counts from the next look on. Audited. */
export async function setPortalSettings(
  { db }: Pick<HubParts, "db">,
  { companyId, actor, ...settings }: PortalSettings & { companyId: number; actor: string },
): Promise<void> {
  await asCompany(db, companyId, async (tx) => {
    await query(tx)
      .insert(portalSettings)
      .values({ companyId, ...settings })
      .onConflictDoUpdate({ target: portalSettings.companyId, set: { ...settings, changedAt: sql`now()` } });
    await insertAudit(tx, { companyId, actor, act: "portal.settings", subject: "portal", details: { ...settings } });
  });
}
