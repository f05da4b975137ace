import { and, asc, desc, eq, isNotNull, lt } from "drizzle-orm";
import type { Tx } from "../db/connect.ts";
import { given, query } from "../db/query.ts";
import { type Enrolment, type EnrolmentState, enrolmentDecisions, enrolments, givenConsents } from "../db/schema/enrolments.ts";
import { distributors } from "../db/schema/network.ts";
import { type DistributorView, readDistributors } from "../network/queries.ts";

type Key = Pick<Enrolment, "companyId" | "enrolmentNo">;
const isOne = (key: Key) => and(eq(enrolments.companyId, key.companyId), eq(enrolments.enrolmentNo, key.enrolmentNo));

export async function insertEnrolment(tx: Tx, row: typeof enrolments.$inferInsert): Promise<bigint> {
  const [made] = await query(tx).insert(enrolments).values(row).returning({ enrolmentNo: enrolments.enrolmentNo });
  if (made === undefined) throw new Error("the new enrolment has no number");
  return made.enrolmentNo;
}

/** By the token of the mailed link, or by its number; locked. Null where there is none. */
export async function lockEnrolment(
  tx: Tx,
  companyId: number,
  by: { readonly tokenHash: Buffer } | { readonly enrolmentNo: bigint },
): Promise<Enrolment | null> {
  const which = "tokenHash" in by ? eq(enrolments.tokenHash, by.tokenHash) : eq(enrolments.enrolmentNo, by.enrolmentNo);
  const [row] = await query(tx)
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.companyId, companyId), which))
    .for("update");
  return row ?? null;
}

export async function updateEnrolment(
  tx: Tx,
  key: Key,
  change: Partial<Pick<Enrolment, "state" | "confirmedAt" | "decidedAt" | "emailCiphertext">>,
): Promise<void> {
  await query(tx).update(enrolments).set(change).where(isOne(key));
}

/** Those who were taken in and not welcomed yet, the oldest first. */
export function listUnwelcomed(tx: Tx, args: { companyId: number; limit: number }): Promise<Enrolment[]> {
  return query(tx)
    .select()
    .from(enrolments)
    .where(and(eq(enrolments.companyId, args.companyId), eq(enrolments.state, "approved"), isNotNull(enrolments.emailCiphertext)))
    .orderBy(asc(enrolments.enrolmentNo))
    .limit(args.limit);
}

/** A second decision on the same enrolment violates the key. */
export async function insertDecision(tx: Tx, row: typeof enrolmentDecisions.$inferInsert): Promise<void> {
  await query(tx).insert(enrolmentDecisions).values(row);
}

export async function insertGivenConsents(tx: Tx, rows: readonly (typeof givenConsents.$inferInsert)[]): Promise<void> {
  if (rows.length > 0)
    await query(tx)
      .insert(givenConsents)
      .values([...rows]);
}

export function readGivenConsents(tx: Tx, key: Key) {
  const { consentId, version, givenAt } = givenConsents;
  return query(tx)
    .select({ consentId, version, givenAt })
    .from(givenConsents)
    .where(and(eq(givenConsents.companyId, key.companyId), eq(givenConsents.enrolmentNo, key.enrolmentNo)))
    .orderBy(consentId);
}

function select(tx: Tx) {
  const { companyId, enrolmentNo, sponsorNo } = enrolments;
  const decided = and(eq(enrolmentDecisions.companyId, companyId), eq(enrolmentDecisions.enrolmentNo, enrolmentNo));
  return query(tx)
    .select({
      ...{ enrolmentNo, state: enrolments.state, name: enrolments.name, country: enrolments.country, code: enrolments.code },
      ...{ language: enrolments.language, askedAt: enrolments.askedAt, expiresAt: enrolments.expiresAt },
      ...{ confirmedAt: enrolments.confirmedAt, decidedAt: enrolments.decidedAt },
      ...{ answersCiphertext: enrolments.answersCiphertext, consents: enrolments.consents },
      ...{ sponsorNo, sponsorId: distributors.distributorId, sponsorName: distributors.name },
      ...{
        distributorNo: enrolmentDecisions.distributorNo,
        reason: enrolmentDecisions.reason,
        decidedBy: enrolmentDecisions.decidedBy,
      },
    })
    .from(enrolments)
    .innerJoin(distributors, and(eq(distributors.companyId, companyId), eq(distributors.distributorNo, sponsorNo)))
    .leftJoin(enrolmentDecisions, decided);
}
export type EnrolmentView = Awaited<ReturnType<typeof select>>[number];

/** The newest first. */
export function listEnrolments(
  tx: Tx,
  args: { companyId: number; state: EnrolmentState | undefined; before: bigint | undefined; limit: number },
): Promise<EnrolmentView[]> {
  const { enrolmentNo } = enrolments;
  return select(tx)
    .where(
      and(
        eq(enrolments.companyId, args.companyId),
        given(enrolments.state, args.state),
        args.before === undefined ? undefined : lt(enrolmentNo, args.before),
      ),
    )
    .orderBy(desc(enrolmentNo))
    .limit(args.limit);
}

export async function findEnrolment(tx: Tx, key: Key): Promise<EnrolmentView | null> {
  const [row] = await select(tx).where(isOne(key));
  return row ?? null;
}

/** Who invited, as they stand at a time. */
export async function readInviter(
  tx: Tx,
  { companyId, sponsorNo, at }: { companyId: number; sponsorNo: number; at: Date },
): Promise<DistributorView> {
  const [inviter] = await readDistributors(tx, { companyId, at, numbers: [sponsorNo] });
  if (inviter === undefined) throw new Error("whoever invites is there");
  return inviter;
}

/** What a decision made of somebody: their number in the network; null where there is no distributor of it. */
export async function readDecision(tx: Tx, key: Key) {
  const { distributorNo, reason } = enrolmentDecisions;
  const [row] = await query(tx)
    .select({ distributorNo, reason })
    .from(enrolmentDecisions)
    .where(and(eq(enrolmentDecisions.companyId, key.companyId), eq(enrolmentDecisions.enrolmentNo, key.enrolmentNo)));
  return row ?? null;
}
