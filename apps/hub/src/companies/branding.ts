import { eq, sql } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { companies, companyBranding } from "../db/schema/companies.ts";
import type { Sender } from "../mail/mailer.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import { readAccent } from "./accent.ts";

/** How a company shows itself to its distributors: in the portal, to whoever joins, and in mails. */
export interface Branding {
  /** As people are shown it: the company's own choice, or its name. */
  readonly name: string;
  readonly shownName: string | null;
  readonly accent: string | null;
  readonly support: string | null;
  /** Changes with the picture; null where there is none. */
  readonly logo: string | null;
}

export async function readBranding(tx: Tx, companyId: number): Promise<Branding> {
  const { shownName, accent, support, logoHash } = companyBranding;
  const [row] = await query(tx)
    .select({ name: companies.name, shownName, accent, support, logo: logoHash })
    .from(companies)
    .leftJoin(companyBranding, eq(companyBranding.companyId, companies.companyId))
    .where(eq(companies.companyId, companyId));
  if (row === undefined) throw new Error("the company of this transaction does not exist");
  return { ...row, name: row.shownName ?? row.name };
}

export async function readLogo(tx: Tx, companyId: number) {
  const { logo, logoType } = companyBranding;
  const [row] = await query(tx).select({ logo, logoType }).from(companyBranding).where(eq(companyBranding.companyId, companyId));
  return row?.logo == null || row.logoType === null ? null : { bytes: row.logo, type: row.logoType };
}

export const LOGO_TYPES = ["image/png", "image/webp"] as const;

export interface NewBranding {
  readonly companyId: number;
  readonly actor: string;
  readonly shownName: string | null;
  readonly accent: string | null;
  readonly support: string | null;
  /** Undefined leaves the picture as it is, null takes it away. */
  readonly logo: { readonly bytes: Buffer; readonly type: (typeof LOGO_TYPES)[number] } | null | undefined;
}

/** Counts from the next page and mail on. Audited. Throws HubError where the colour is hard to read. */
export function setBranding({ db }: Pick<HubParts, "db">, given: NewBranding): Promise<Branding> {
  const { companyId, actor, shownName, support, logo } = given;
  const accent = given.accent === null ? null : readAccent(given.accent);
  const picture =
    logo === undefined
      ? {}
      : {
          logo: logo?.bytes ?? null,
          logoType: logo?.type ?? null,
          logoHash: logo === null ? null : sha256(logo.bytes).toString("hex").slice(0, 16),
        };
  const row = { shownName, accent, support, ...picture };
  return asCompany(db, companyId, async (tx) => {
    const before = await readBranding(tx, companyId);
    await query(tx)
      .insert(companyBranding)
      .values({ companyId, ...row })
      .onConflictDoUpdate({ target: companyBranding.companyId, set: { ...row, changedAt: sql`now()` } });
    const after = await readBranding(tx, companyId);
    const details = { before: { ...before }, after: { ...after } };
    await insertAudit(tx, { companyId, actor, act: "company.branding", subject: "branding", details });
    return after;
  });
}

/** As whom mails of a company go out. */
export async function senderOf(db: Pick<Database, "app">, companyId: number): Promise<Sender> {
  const { name, support } = await asCompany(db, companyId, (tx) => readBranding(tx, companyId));
  return { name, support };
}
