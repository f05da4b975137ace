import { eq, sql } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { retentionSettings } from "../db/schema/companies.ts";
import type { Env } from "../env.ts";
import { refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";

/** For how many days something is kept; 0 is for ever. */
export interface Retention {
  readonly bodyDays: number;
  readonly deliveryDays: number;
  readonly clickDays: number;
}

/** What a company decided; null is as the hub is set. */
export type RetentionChoice = { readonly [Kind in keyof Retention]: number | null };

type Defaults = Pick<Env, "bodyRetentionDays" | "deliveryRetentionDays">;

/** How the hub is set: for companies that decided nothing. */
export const defaultRetention = ({ bodyRetentionDays, deliveryRetentionDays }: Defaults): Retention => ({
  ...{ bodyDays: bodyRetentionDays, deliveryDays: deliveryRetentionDays, clickDays: 0 },
});

export async function readRetentionChoice(tx: Tx, companyId: number): Promise<RetentionChoice> {
  const { bodyDays, deliveryDays, clickDays } = retentionSettings;
  const [row] = await query(tx)
    .select({ bodyDays, deliveryDays, clickDays })
    .from(retentionSettings)
    .where(eq(retentionSettings.companyId, companyId));
  return row ?? { bodyDays: null, deliveryDays: null, clickDays: null };
}

/** What a choice comes to. */
export function retentionBy(choice: RetentionChoice, env: Defaults): Retention {
  const defaults = defaultRetention(env);
  return {
    bodyDays: choice.bodyDays ?? defaults.bodyDays,
    deliveryDays: choice.deliveryDays ?? defaults.deliveryDays,
    clickDays: choice.clickDays ?? defaults.clickDays,
  };
}

/** For how long a company's data is kept now. */
export function retentionOf({ db, env }: { db: Pick<Database, "app">; env: Defaults }, companyId: number): Promise<Retention> {
  return asCompany(db, companyId, async (tx) => retentionBy(await readRetentionChoice(tx, companyId), env));
}

/** A delivery goes with its body erased only: it cannot go before. Throws HubError. */
export function checkRetention(choice: RetentionChoice, env: Defaults): Retention {
  const retention = retentionBy(choice, env);
  const { bodyDays, deliveryDays } = retention;
  if (deliveryDays !== 0 && (bodyDays === 0 || deliveryDays < bodyDays)) {
    const least =
      bodyDays === 0 ? "while bodies are kept for ever, so are deliveries: choose 0" : `at least the ${bodyDays} days of bodies`;
    throw refused("delivery_days", least);
  }
  return retention;
}

/** Counts from the next run of each job on. Audited. Throws HubError. */
export async function setRetention(
  { db, env }: Pick<HubParts, "db" | "env">,
  { companyId, actor, ...choice }: RetentionChoice & { companyId: number; actor: string },
): Promise<void> {
  checkRetention(choice, env);
  await asCompany(db, companyId, async (tx) => {
    const before = await readRetentionChoice(tx, companyId);
    await query(tx)
      .insert(retentionSettings)
      .values({ companyId, ...choice })
      .onConflictDoUpdate({ target: retentionSettings.companyId, set: { ...choice, changedAt: sql`now()` } });
    const details = { before: { ...before }, after: { ...choice } };
    await insertAudit(tx, { companyId, actor, act: "company.retention", subject: "retention", details });
  });
}
