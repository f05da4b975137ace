import { randomInt } from "node:crypto";
import { senderOf } from "../companies/branding.ts";
import { readCompany } from "../companies/directory.ts";
import { findCompanyBySlug } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, asPeople } from "../db/connect.ts";
import { signed } from "../mail/mailer.ts";
import { identityHashes } from "../network/buyer-hashes.ts";
import { readBuyerOwners } from "../network/import-queries.ts";
import { findDistributorNo } from "../network/queries.ts";
import { sha256 } from "../secret-box.ts";
import { type Giver, newToken, openDistributor, type PeopleParts, readEmail } from "./invite.ts";
import { findInvitation, insertInvitation, isClaimed, revokeInvitations } from "./queries.ts";

/**
 * A distributor opens their account by typing their address. The hub knows it by a keyed hash only; where that fits, or where a one-time
 * code of an admin is right, a link goes to the typed address. Nobody is told which it was: the caller answers before this begins.
 */

const CLAIM_HOURS = 24;
const CODE_DAYS = 14;
/** No letter that is read for another. 32 of them, 12 characters: 60 bits. */
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

export interface Claim {
  readonly slug: string;
  readonly email: string;
  readonly code?: string | undefined;
}

/** Sends the link, or nothing. */
export async function sendClaim(parts: PeopleParts, claim: Claim): Promise<void> {
  const email = mailboxOf(readEmail(claim.email));
  const company = await findCompanyBySlug(parts.db.gate, claim.slug);
  if (company === null) return;
  const { companyId } = company;
  const found =
    claim.code === undefined ? await byAddress(parts, { companyId, email }) : await byCode(parts, companyId, claim.code);
  if (found === null || (await isClaimed(parts.db.people, { companyId, distributorNo: found.distributorNo }))) return;
  const { link } = await openClaim(parts, { companyId, email, ...found, hours: CLAIM_HOURS });
  const sender = await senderOf(parts.db, companyId);
  const mail = {
    companyId,
    kind: "claim" as const,
    to: email,
    subject: `${sender.name}: open your account`,
    text: `Open your distributor's account at ${sender.name} within ${CLAIM_HOURS} hours:\n${link}\n\nIt works once. If you did not ask for it, leave it: nothing happens.\n`,
  };
  await parts.mailer.send(signed(mail, sender));
}

interface OpenClaim {
  readonly companyId: number;
  readonly email: string;
  readonly distributorNo: number;
  readonly codeNo?: bigint | null;
  readonly hours: number;
}

/** A link that opens a distributor's account, once, to somebody whose address this is. */
export async function openClaim(parts: PeopleParts, { hours, ...claim }: OpenClaim): Promise<{ link: string }> {
  const { token, tokenHash } = newToken();
  const expiresAt = new Date(Date.now() + hours * 3_600_000);
  const { companyId } = claim;
  await asPeople(parts.db, "claim", async (tx) => {
    const row = { ...claim, kind: "claim" as const, tokenHash, role: "distributor" as const, expiresAt };
    const invitationNo = await insertInvitation(tx, { ...row, invitedBy: "claim" });
    await insertAudit(tx, { companyId, actor: "claim", act: "person.claim", subject: String(invitationNo) });
  });
  return { link: `${parts.url()}/invitation#${token}` };
}

/**
 * Hashes know no address beyond its mailbox: what follows a plus sign is left out of them. There are mail servers where that is somebody
 * else's address, who must not get the link.
 */
export function mailboxOf(email: string): string {
  return email.replace(/(?<=.)\+[^@]*@/, "@");
}

interface Found {
  readonly distributorNo: number;
  readonly codeNo: bigint | null;
}

function byAddress({ db, box }: PeopleParts, args: { companyId: number; email: string }): Promise<Found | null> {
  const { companyId, email } = args;
  return asCompany(db, companyId, async (tx) => {
    const company = await readCompany(tx, companyId);
    if (company === null) return null;
    const hashes = identityHashes(box.open(company.buyerKey), { kind: "email", value: email }, "");
    const [distributorId] = (await readBuyerOwners(tx, { companyId, buyerHashes: hashes })).values();
    const distributorNo = distributorId === undefined ? null : await findDistributorNo(tx, { companyId, distributorId });
    return distributorNo === null ? null : { distributorNo, codeNo: null };
  });
}

async function byCode({ db }: PeopleParts, companyId: number, code: string): Promise<Found | null> {
  const found = await findInvitation(db.people, hashOfClaimCode(companyId, code));
  if (found?.kind !== "code" || found.companyId !== companyId || found.distributorNo === null) return null;
  return { distributorNo: found.distributorNo, codeNo: found.invitationNo };
}

/** Codes are typed: capitals, spaces and dashes make no difference. */
function hashOfClaimCode(companyId: number, code: string): Buffer {
  return sha256(`claim ${companyId} ${code.toUpperCase().replace(/[^A-Z0-9]/g, "")}`);
}

/** A one-time code for a distributor whose address is not known. It is shown now only; an earlier one is void. Throws HubError. */
export async function makeClaimCode(
  parts: Pick<PeopleParts, "db">,
  args: { readonly companyId: number; readonly distributorId: string; readonly giver: Giver },
): Promise<{ code: string; expiresAt: Date }> {
  const { companyId, distributorId, giver } = args;
  const distributorNo = await openDistributor(parts, args);
  const letters = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  const code = letters.replace(/(.{4})(?=.)/g, "$1-");
  const expiresAt = new Date(Date.now() + CODE_DAYS * 86_400_000);
  const tokenHash = hashOfClaimCode(companyId, code);
  await asPeople(parts.db, giver.actor, async (tx) => {
    await revokeInvitations(tx, { companyId, distributorNo });
    const row = {
      companyId,
      kind: "code" as const,
      tokenHash,
      email: null,
      role: "distributor" as const,
      distributorNo,
      expiresAt,
    };
    await insertInvitation(tx, { ...row, invitedBy: giver.actor });
    await insertAudit(tx, { companyId, actor: giver.actor, act: "person.claim-code", subject: distributorId });
  });
  return { code, expiresAt };
}
