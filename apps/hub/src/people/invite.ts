import { randomBytes } from "node:crypto";
import { z } from "zod";
import { senderOf } from "../companies/branding.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, asPeople } from "../db/connect.ts";
import type { Role } from "../db/schema/people.ts";
import { HubError, refused } from "../errors.ts";
import { type Mailer, signed } from "../mail/mailer.ts";
import { findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { sha256 } from "../secret-box.ts";
import {
  findPersonByEmail,
  insertInvitation,
  isClaimed,
  lockOwners,
  lockSeat,
  revokeInvitations,
  revokeKeysOf,
  updateSeat,
} from "./queries.ts";

export interface PeopleParts extends Pick<HubParts, "db" | "box" | "env"> {
  readonly mailer: Mailer;
  /** Where people open the hub. */
  readonly url: () => string;
}

/** Who gives a place: somebody with a role in the company, or whoever runs the hub. */
export interface Giver {
  readonly actor: string;
  readonly role: Role | "operator";
}

const INVITATION_DAYS = 7;
const addressText = z.email().max(254);

/** An address as it is kept: mail servers tell capitals apart by no means that anybody uses. Throws HubError. */
export function readEmail(text: string): string {
  const email = text.normalize("NFKC").trim().toLowerCase();
  if (!addressText.safeParse(email).success) throw refused("email", "an e-mail address, such as ann@acme.example");
  return email;
}

/** A secret for a link: 256 bits, kept as a hash. */
export function newToken(): { token: string; tokenHash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { token, tokenHash: sha256(token) };
}

/** Owners give every role, admins every one but the owner's. */
function demandMayGive({ role: giver }: Giver, role: Role): void {
  if (giver === "operator" || giver === "owner" || (giver === "admin" && role !== "owner")) return;
  throw new HubError("missing-role", `The role ${giver} may not give or take the role ${role}: ask an owner of the company.`);
}

interface NewInvitation {
  readonly companyId: number;
  readonly email: string;
  readonly role: Role;
  /** Of the role `distributor`: as whom they sell. */
  readonly distributorId?: string | undefined;
  readonly giver: Giver;
}

/** Invites somebody by mail. The link is in the mail and in the answer, and nowhere else; an earlier one to them is void. Throws HubError. */
export async function invite(
  parts: PeopleParts,
  invitation: NewInvitation,
): Promise<{ invitationNo: bigint; link: string; expiresAt: Date }> {
  const { companyId, role, giver } = invitation;
  demandMayGive(giver, role);
  const email = readEmail(invitation.email);
  const distributorNo = await distributorNoOf(parts, invitation);
  const { token, tokenHash } = newToken();
  const expiresAt = new Date(Date.now() + INVITATION_DAYS * 86_400_000);
  const invitationNo = await asPeople(parts.db, giver.actor, async (tx) => {
    const person = await findPersonByEmail(tx, email);
    const seat = person && (await lockSeat(tx, { companyId, personId: person.id, sells: role === "distributor" }));
    if (seat) throw refused("email", "has a place in the company already: change their role instead");
    await revokeInvitations(tx, { companyId, email });
    const row = {
      companyId,
      kind: "invitation" as const,
      tokenHash,
      email,
      role,
      distributorNo,
      invitedBy: giver.actor,
      expiresAt,
    };
    const invitationNo = await insertInvitation(tx, row);
    // No address: the log is for ever.
    const details = { role, ...(invitation.distributorId === undefined ? {} : { distributor: invitation.distributorId }) };
    await insertAudit(tx, { companyId, actor: giver.actor, act: "person.invite", subject: String(invitationNo), details });
    return invitationNo;
  });
  const link = `${parts.url()}/invitation#${token}`;
  const sender = await senderOf(parts.db, companyId);
  const mail = {
    companyId,
    kind: "invitation" as const,
    to: email,
    subject: `${sender.name}: your invitation`,
    text: `You are invited to ${sender.name} on Upline, as ${role}.\n\nOpen this within ${INVITATION_DAYS} days:\n${link}\n\nIt works once. If you expected nothing of the kind, leave it.\n`,
  };
  await parts.mailer.send(signed(mail, sender));
  return { invitationNo, link, expiresAt };
}

async function distributorNoOf(parts: PeopleParts, { companyId, role, distributorId }: NewInvitation): Promise<number | null> {
  if (role !== "distributor") {
    if (distributorId !== undefined) throw refused("distributor_id", "goes with the role distributor only: leave it out");
    return null;
  }
  if (distributorId === undefined) throw refused("distributor_id", "says as whom they sell: give it with the role distributor");
  return openDistributor(parts, { companyId, distributorId });
}

/** The number of a distributor whose account is nobody's yet. Throws HubError. */
export async function openDistributor(
  { db }: Pick<HubParts, "db">,
  args: { companyId: number; distributorId: string },
): Promise<number> {
  const distributorNo = await asCompany(db, args.companyId, (tx) => findDistributorNo(tx, args));
  if (distributorNo === null) throw refused("distributor_id", "no distributor of the company has this id");
  if (await isClaimed(db.people, { companyId: args.companyId, distributorNo }))
    throw refused("distributor_id", "has an account already: take that away first");
  return distributorNo;
}

/** Takes an invitation back. Throws HubError where none of that number waits. */
export async function withdrawInvitation(
  { db }: Pick<PeopleParts, "db">,
  args: { companyId: number; invitationNo: bigint; giver: Giver },
): Promise<void> {
  const { companyId, invitationNo, giver } = args;
  await asPeople(db, giver.actor, async (tx) => {
    const found = await revokeInvitations(tx, { companyId, invitationNo });
    if (found === 0) throw new HubError("not-found", "No invitation of that number waits.");
    await insertAudit(tx, { companyId, actor: giver.actor, act: "person.uninvite", subject: String(invitationNo) });
  });
}

export interface SeatChange {
  readonly companyId: number;
  readonly personId: string;
  readonly giver: Giver;
}

/** Gives somebody another role; it counts from their next call on. Throws HubError. */
export async function changeRole({ db }: Pick<PeopleParts, "db">, change: SeatChange & { readonly role: Role }): Promise<void> {
  const { companyId, personId, giver, role } = change;
  if (role === "distributor") throw refused("role", "nobody becomes a distributor by their role: invite them as one");
  demandMayGive(giver, role);
  await asPeople(db, giver.actor, async (tx) => {
    const owners = await lockOwners(tx, companyId);
    const seat = await demandSeat(tx, change);
    if (seat.role === "owner" && owners.length === 1 && role !== "owner") throw lastOwner();
    await updateSeat(tx, seat, { role });
    const keys = holdsKeys(role) ? [] : await revokeKeysOf(tx, change);
    const details = { before: seat.role, after: role, keys };
    await insertAudit(tx, { companyId, actor: giver.actor, act: "person.role", subject: personId, details });
  });
}

/** Takes somebody's place in the company away, and their keys to it. It counts from their next call on. Throws HubError. */
export async function revokePerson(
  { db }: Pick<PeopleParts, "db">,
  change: SeatChange & { readonly sells?: boolean },
): Promise<void> {
  const { companyId, personId, giver } = change;
  await asPeople(db, giver.actor, async (tx) => {
    const owners = await lockOwners(tx, companyId);
    const seat = await demandSeat(tx, change);
    if (seat.role === "owner" && owners.length === 1) throw lastOwner();
    await updateSeat(tx, seat, { revokedAt: new Date() });
    const keys = seat.role === "distributor" ? [] : await revokeKeysOf(tx, change);
    const details = { role: seat.role, keys };
    await insertAudit(tx, { companyId, actor: giver.actor, act: "person.revoke", subject: personId, details });
  });
}

/** Whose keys may be: an API key with the scope admin does what these do. */
export const holdsKeys = (role: Role) => role === "owner" || role === "admin";

async function demandSeat(tx: Parameters<typeof lockSeat>[0], change: SeatChange & { readonly sells?: boolean }) {
  const { companyId, personId, giver, sells = false } = change;
  const seat = await lockSeat(tx, { companyId, personId, sells });
  if (seat === null) throw new HubError("not-found", "Nobody of that number has a place in the company.");
  // Whoever could raise themselves would be an owner; whoever lowers themselves by mistake finds no way back.
  if (giver.actor === `person:${personId}`) throw refused("person_id", "is you: let somebody else change your role");
  demandMayGive(giver, seat.role);
  return seat;
}

const lastOwner = () => refused("person_id", "is the only owner: make somebody else an owner first");
