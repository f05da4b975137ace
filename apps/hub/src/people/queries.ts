import { and, asc, desc, eq, gt, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import type { Sql, Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { apiKeys, companies } from "../db/schema/companies.ts";
import { distributors } from "../db/schema/network.ts";
import {
  type CompanyPerson,
  companyPeople,
  type Invitation,
  invitations,
  people,
  personCredentials,
  personSessions,
  type Role,
} from "../db/schema/people.ts";

/** All but the last two take the people's own login: no company's rows hold these. */

const { personId, role, distributorNo, revokedAt, companyId, seatNo } = companyPeople;

/** Where somebody has a place now, with the company's name. */
export function seatsOf(people: Sql | Tx, person: string) {
  return query(people)
    .select({ companyId, seatNo, role, distributorNo, slug: companies.slug, companyName: companies.name })
    .from(companyPeople)
    .innerJoin(companies, eq(companies.companyId, companyId))
    .where(and(eq(personId, person), isNull(revokedAt)))
    .orderBy(asc(companies.slug), asc(seatNo));
}
export type Seat = Awaited<ReturnType<typeof seatsOf>>[number];

export async function findPersonByEmail(people_: Sql | Tx, email: string) {
  const [row] = await query(people_).select().from(people).where(eq(people.email, email));
  return row ?? null;
}

export async function insertPerson(tx: Tx, person: Pick<typeof people.$inferInsert, "id" | "name" | "email">): Promise<void> {
  await query(tx)
    .insert(people)
    .values({ ...person, emailVerified: true });
}

export async function insertPassword(tx: Tx, args: { id: string; personId: string; password: string }): Promise<void> {
  const values = { ...args, accountId: args.personId, providerId: "credential" };
  await query(tx).insert(personCredentials).values(values);
}

export async function insertSeat(tx: Tx, seat: typeof companyPeople.$inferInsert): Promise<void> {
  await query(tx).insert(companyPeople).values(seat);
}

/** Somebody's place among a company's people, locked; null where there is none. */
export async function lockSeat(tx: Tx, args: { companyId: number; personId: string; sells: boolean }) {
  const [row] = await query(tx)
    .select()
    .from(companyPeople)
    .where(
      and(
        eq(companyId, args.companyId),
        eq(personId, args.personId),
        isNull(revokedAt),
        args.sells ? eq(role, "distributor") : ne(role, "distributor"),
      ),
    )
    .for("update");
  return row ?? null;
}

/** Owners of a company, locked: who takes one away sees that another is left. */
export function lockOwners(tx: Tx, company: number) {
  return query(tx)
    .select({ seatNo })
    .from(companyPeople)
    .where(and(eq(companyId, company), eq(role, "owner"), isNull(revokedAt)))
    .orderBy(asc(seatNo))
    .for("update");
}

export async function updateSeat(
  tx: Tx,
  seat: Pick<CompanyPerson, "companyId" | "seatNo">,
  change: Partial<Pick<CompanyPerson, "role" | "revokedAt">>,
): Promise<void> {
  await query(tx)
    .update(companyPeople)
    .set(change)
    .where(and(eq(companyId, seat.companyId), eq(seatNo, seat.seatNo)));
}

/** Keys that somebody made for a company become worthless. Answers the keys' first characters. */
export async function revokeKeysOf(tx: Tx, args: { companyId: number; personId: string }): Promise<string[]> {
  const revoked = await query(tx)
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.companyId, args.companyId), eq(apiKeys.personId, args.personId), isNull(apiKeys.revokedAt)))
    .returning({ prefix: apiKeys.prefix });
  return revoked.map(({ prefix }) => prefix);
}

/** Who works for a company, the first first. */
export function listStaff(people_: Sql | Tx, args: { companyId: number; limit: number; after?: bigint | undefined }) {
  const { id, name, email, totpEnabled } = people;
  return query(people_)
    .select({ seatNo, personId: id, name, email, role, totpEnabled, createdAt: companyPeople.createdAt })
    .from(companyPeople)
    .innerJoin(people, eq(id, personId))
    .where(
      and(
        eq(companyId, args.companyId),
        ne(role, "distributor"),
        isNull(revokedAt),
        args.after === undefined ? undefined : gt(seatNo, args.after),
      ),
    )
    .orderBy(asc(seatNo))
    .limit(args.limit);
}

export async function insertInvitation(tx: Tx, invitation: typeof invitations.$inferInsert): Promise<bigint> {
  const [row] = await query(tx).insert(invitations).values(invitation).returning({ invitationNo: invitations.invitationNo });
  if (!row) throw new Error("the new invitation has no number");
  return row.invitationNo;
}

const isOpen = () => and(isNull(invitations.usedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, sql`now()`));

/** What an unused, unexpired token leads to, with the company; null for every other. */
export async function findInvitation(people_: Sql | Tx, tokenHash: Buffer) {
  const [row] = await query(people_)
    .select({
      ...{ companyId: invitations.companyId, kind: invitations.kind, email: invitations.email, role: invitations.role },
      ...{ invitationNo: invitations.invitationNo, distributorNo: invitations.distributorNo },
      ...{ slug: companies.slug, companyName: companies.name },
    })
    .from(invitations)
    .innerJoin(companies, eq(companies.companyId, invitations.companyId))
    .where(and(eq(invitations.tokenHash, tokenHash), isOpen()));
  return row ?? null;
}

/** Uses a token up: of two who come at once, one gets it. */
export async function takeInvitation(tx: Tx, tokenHash: Buffer): Promise<Invitation | null> {
  const [row] = await query(tx)
    .update(invitations)
    .set({ usedAt: sql`now()` })
    .where(and(eq(invitations.tokenHash, tokenHash), ne(invitations.kind, "code"), isOpen()))
    .returning();
  return row ?? null;
}

/** Uses the code up that a claim came by. False where it was used or taken back meanwhile. */
export async function takeCode(tx: Tx, args: { companyId: number; codeNo: bigint }): Promise<boolean> {
  const taken = await query(tx)
    .update(invitations)
    .set({ usedAt: sql`now()` })
    .where(and(eq(invitations.companyId, args.companyId), eq(invitations.invitationNo, args.codeNo), isOpen()))
    .returning({ invitationNo: invitations.invitationNo });
  return taken.length === 1;
}

/** Takes back what is open: an invitation of a company, the earlier ones to an address, or all that lead to a distributor's account. */
export async function revokeInvitations(
  tx: Tx,
  args: { companyId: number } & ({ invitationNo: bigint } | { email: string } | { distributorNo: number }),
): Promise<number> {
  const which =
    "invitationNo" in args
      ? eq(invitations.invitationNo, args.invitationNo)
      : "email" in args
        ? and(eq(invitations.email, args.email), eq(invitations.kind, "invitation"))
        : eq(invitations.distributorNo, args.distributorNo);
  const revoked = await query(tx)
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.companyId, args.companyId), which, isNull(invitations.usedAt), isNull(invitations.revokedAt)))
    .returning({ invitationNo: invitations.invitationNo });
  return revoked.length;
}

/** Invitations that wait, the newest first. */
export function listInvitations(people_: Sql | Tx, args: { companyId: number; limit: number; before?: bigint | undefined }) {
  const { invitationNo, email, invitedBy, createdAt, expiresAt } = invitations;
  return query(people_)
    .select({ invitationNo, email, role: invitations.role, invitedBy, createdAt, expiresAt })
    .from(invitations)
    .where(
      and(
        eq(invitations.companyId, args.companyId),
        eq(invitations.kind, "invitation"),
        isOpen(),
        args.before === undefined ? undefined : lt(invitationNo, args.before),
      ),
    )
    .orderBy(desc(invitationNo))
    .limit(args.limit);
}

/** Whether a distributor's account is somebody's already. */
export async function isClaimed(people_: Sql | Tx, args: { companyId: number; distributorNo: number }): Promise<boolean> {
  const rows = await query(people_)
    .select({ seatNo })
    .from(companyPeople)
    .where(and(eq(companyId, args.companyId), eq(distributorNo, args.distributorNo), isNull(revokedAt)));
  return rows.length > 0;
}

/** Addresses of distributors who have opened their account, by their number. */
export async function addressesOfSellers(
  people_: Sql | Tx,
  args: { companyId: number; distributorNos: readonly number[] },
): Promise<Map<number, string>> {
  if (args.distributorNos.length === 0) return new Map();
  const rows = await query(people_)
    .select({ distributorNo, email: people.email })
    .from(companyPeople)
    .innerJoin(people, eq(people.id, personId))
    .where(and(eq(companyId, args.companyId), inArray(distributorNo, [...args.distributorNos]), isNull(revokedAt)));
  return new Map(rows.flatMap((row) => (row.distributorNo === null ? [] : [[row.distributorNo, row.email] as const])));
}

export function listSessions(people_: Sql | Tx, person: string) {
  const { id, ipAddress, browser, createdAt, changedAt, expiresAt } = personSessions;
  return query(people_)
    .select({ id, ipAddress, browser, createdAt, changedAt, expiresAt })
    .from(personSessions)
    .where(and(eq(personSessions.personId, person), gt(expiresAt, sql`now()`)))
    .orderBy(desc(createdAt))
    .limit(200);
}

/** Ends sessions of a person: one, or all but one. */
export async function endSessions(tx: Tx, args: { personId: string } & ({ only: string } | { allBut: string })): Promise<number> {
  const which = "only" in args ? eq(personSessions.id, args.only) : ne(personSessions.id, args.allBut);
  const ended = await query(tx)
    .delete(personSessions)
    .where(and(eq(personSessions.personId, args.personId), which))
    .returning({ id: personSessions.id });
  return ended.length;
}

/** Names and addresses of those who work for the transaction's company. Takes a company's own transaction. */
export async function readStaff(tx: Tx, person: string): Promise<{ name: string; email: string } | null> {
  const [row] = await query(tx).select({ name: people.name, email: people.email }).from(people).where(eq(people.id, person));
  return row ?? null;
}

/** Takes a company's own transaction, and is asked about somebody with a place there only. */
export async function distributorIdsOf(tx: Tx, args: { companyId: number; distributorNo: number }): Promise<string | null> {
  const [row] = await query(tx)
    .select({ distributorId: distributors.distributorId })
    .from(distributors)
    .where(and(eq(distributors.companyId, args.companyId), eq(distributors.distributorNo, args.distributorNo)));
  return row?.distributorId ?? null;
}

export type StaffRole = Exclude<Role, "distributor">;
