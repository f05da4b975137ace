import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { JSONValue } from "postgres";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { type ConsentText, consentTexts, enrolmentSettings } from "../db/schema/enrolments.ts";
import type { HubParts } from "../parts.ts";
import {
  type Consent,
  checkFields,
  type Field,
  type NewSettings,
  type Said,
  type Settings,
  type VersionedConsent,
} from "./form.ts";

const CLOSED: Settings = {
  ...{ open: false, needs_approval: true, inviter: "first-name", id_prefix: "N", intro: null },
  ...{ fields: [], consents: [] },
};

type AskedConsent = Pick<VersionedConsent, "consent_id" | "version">;

/** How a company takes in distributors; of whoever decided nothing, not at all. */
export async function readSettings(tx: Tx, companyId: number): Promise<Settings> {
  const [row] = await query(tx).select().from(enrolmentSettings).where(eq(enrolmentSettings.companyId, companyId));
  if (row === undefined) return CLOSED;
  const intro = row.intro as Said;
  return {
    ...{ open: row.isOpen, needs_approval: row.needsApproval, inviter: row.inviter, id_prefix: row.idPrefix },
    intro: Object.keys(intro).length === 0 ? null : intro,
    fields: row.fields as unknown as Field[],
    consents: await readAsked(tx, companyId, row.consents as unknown as AskedConsent[]),
  };
}

async function readAsked(tx: Tx, companyId: number, asked: readonly AskedConsent[]): Promise<VersionedConsent[]> {
  if (asked.length === 0) return [];
  const rows = await query(tx)
    .select()
    .from(consentTexts)
    .where(
      and(
        eq(consentTexts.companyId, companyId),
        inArray(
          consentTexts.consentId,
          asked.map(({ consent_id }) => consent_id),
        ),
      ),
    );
  return asked.flatMap(({ consent_id, version }) => {
    const row = rows.find((text) => text.consentId === consent_id && text.version === version);
    return row === undefined ? [] : [viewOf(row)];
  });
}

const viewOf = ({ consentId, version, texts, address, isRequired }: ConsentText): VersionedConsent => ({
  ...{ consent_id: consentId, version, text: texts as Said, address, required: isRequired },
});

/** Counts from the next look at the form on. Words of a consent that changed are a new version. Audited. Throws HubError. */
export function setSettings(
  { db }: Pick<HubParts, "db">,
  { companyId, actor, ...given }: NewSettings & { companyId: number; actor: string },
): Promise<Settings> {
  checkFields(given.fields);
  return asCompany(db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const consents = await versionsOf(tx, { companyId, actor }, given.consents);
    const row = {
      ...{ isOpen: given.open, needsApproval: given.needs_approval, inviter: given.inviter, idPrefix: given.id_prefix },
      intro: plain(given.intro ?? {}),
      fields: plain(given.fields),
      consents: plain(consents.map(({ consent_id, version }) => ({ consent_id, version }))),
    };
    await query(tx)
      .insert(enrolmentSettings)
      .values({ companyId, ...row })
      .onConflictDoUpdate({ target: enrolmentSettings.companyId, set: { ...row, changedAt: sql`now()` } });
    const details = {
      ...{ open: given.open, needs_approval: given.needs_approval, inviter: given.inviter, id_prefix: given.id_prefix },
      ...{ fields: given.fields.map(({ field_id }) => field_id), consents: row.consents },
    };
    await insertAudit(tx, { companyId, actor, act: "enrolment.settings", subject: "enrolment", details });
    return { ...given, consents };
  });
}

/** As the driver takes it: what is left out is not there. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as JSONValue;

async function versionsOf(
  tx: Tx,
  { companyId, actor }: { companyId: number; actor: string },
  wanted: readonly Consent[],
): Promise<VersionedConsent[]> {
  const versioned: VersionedConsent[] = [];
  for (const consent of wanted) {
    const [newest] = await query(tx)
      .select()
      .from(consentTexts)
      .where(and(eq(consentTexts.companyId, companyId), eq(consentTexts.consentId, consent.consent_id)))
      .orderBy(desc(consentTexts.version))
      .limit(1);
    if (newest !== undefined && isSame(viewOf(newest), consent)) {
      versioned.push(viewOf(newest));
      continue;
    }
    const row = {
      ...{ companyId, consentId: consent.consent_id, version: (newest?.version ?? 0) + 1, texts: plain(consent.text) },
      ...{ address: consent.address, isRequired: consent.required, madeBy: actor },
    };
    await query(tx).insert(consentTexts).values(row);
    versioned.push({ ...consent, version: row.version });
  }
  return versioned;
}

function isSame(stored: Consent, wanted: Consent): boolean {
  const { en, de } = wanted.text;
  return (
    stored.text.en === en && stored.text.de === de && stored.address === wanted.address && stored.required === wanted.required
  );
}

/** The words of consents as they were, by id and version. */
export async function readConsentTexts(
  tx: Tx,
  args: { companyId: number; consentIds: readonly string[] },
): Promise<ReadonlyMap<string, Said>> {
  if (args.consentIds.length === 0) return new Map();
  const rows = await query(tx)
    .select({ consentId: consentTexts.consentId, version: consentTexts.version, texts: consentTexts.texts })
    .from(consentTexts)
    .where(and(eq(consentTexts.companyId, args.companyId), inArray(consentTexts.consentId, [...args.consentIds])));
  return new Map(rows.map(({ consentId, version, texts }) => [`${consentId} ${version}`, texts as Said]));
}
