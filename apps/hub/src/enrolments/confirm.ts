import { senderOf } from "../companies/branding.ts";
import type { Company } from "../companies/queries.ts";
import { lockCompany } from "../companies/queries.ts";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import type { Enrolment } from "../db/schema/enrolments.ts";
import { HubError } from "../errors.ts";
import { findDistributorId } from "../network/queries.ts";
import { mayEarn } from "../network/standings.ts";
import { openClaim } from "../people/claim.ts";
import type { PeopleParts } from "../people/invite.ts";
import { sha256 } from "../secret-box.ts";
import { ownerOfAddress } from "./ask.ts";
import type { GivenConsent } from "./form.ts";
import { welcomeMail } from "./mails.ts";
import { insertDecision, insertGivenConsents, lockEnrolment, readDecision, readInviter, updateEnrolment } from "./queries.ts";
import { readSettings } from "./settings.ts";
import { type TakenIn, takeIn } from "./take-in.ts";

/** Who acts where nobody of the company does: whoever follows the mailed link. */
export const APPLICANT = "enrolment";
const ACCOUNT_DAYS = 7;

/** Decides open orders again whose buyer turns out to be this distributor; a higher room's. */
export type Rebind = (companyId: number, distributorId: string) => Promise<unknown>;

/** What following the link came to. */
export type Confirmed =
  | {
      readonly kind: "enrolled";
      readonly distributorId: string /** Once, for whoever follows it first. */;
      readonly accountLink: string | null;
      /** False where the mail with the link could not go out yet: it follows. */
      readonly isWelcomed: boolean;
    }
  | { readonly kind: "awaits-company" }
  | { readonly kind: "refused"; readonly reason: string };

const noSuchLink = () =>
  new HubError(
    "not-found",
    "This link is not valid any more: it works for a week. Ask your inviter for their link, and join again.",
  );

/**
 * Follows the mailed link: the address is theirs. Where the company lets everybody in, there is a distributor from now on; else the company
 * decides. Followed twice, and at once, it does it once. Throws HubError where there is no such link, or it has expired.
 */
export async function confirmEnrolment(
  parts: PeopleParts,
  args: { company: Company; token: string; now: Date; rebind: Rebind },
): Promise<Confirmed> {
  const { company, now, rebind } = args;
  const { companyId } = company;
  const found = await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const enrolment = await lockEnrolment(tx, companyId, { tokenHash: sha256(args.token) });
    if (enrolment === null) throw noSuchLink();
    if (enrolment.state !== "waiting") return { enrolment, taken: null, again: await becameOf(tx, enrolment) };
    if (enrolment.expiresAt <= now) throw noSuchLink();
    return { enrolment, ...(await decide(parts, tx, { enrolment, now })) };
  });
  const { enrolment, taken, again } = found;
  if (taken === null) return again;
  const { accountLink, isWelcomed } = await welcomeOrLater(parts, { enrolment, taken, rebind });
  return { kind: "enrolled", distributorId: taken.distributorId, accountLink, isWelcomed };
}

async function decide(
  parts: PeopleParts,
  tx: Tx,
  { enrolment, now }: { enrolment: Enrolment; now: Date },
): Promise<{ taken: TakenIn | null; again: Confirmed }> {
  const { companyId, enrolmentNo, sponsorNo } = enrolment;
  await updateEnrolment(tx, enrolment, { state: "confirmed", confirmedAt: now });
  const agreed = enrolment.consents as unknown as GivenConsent[];
  await insertGivenConsents(
    tx,
    agreed.map((consent) => ({ companyId, enrolmentNo, ...consent, givenAt: enrolment.askedAt })),
  );
  await insertAudit(tx, { companyId, actor: APPLICANT, act: "enrolment.confirm", subject: String(enrolmentNo) });
  const email = enrolment.emailCiphertext === null ? "" : parts.box.open(enrolment.emailCiphertext);
  if ((await ownerOfAddress(parts, tx, { companyId, email })) !== null) {
    const reason = "This address belongs to a distributor already.";
    await refuseWithin(tx, { enrolment, reason, actor: APPLICANT, now });
    return { taken: null, again: { kind: "refused", reason } };
  }
  const { needs_approval, id_prefix } = await readSettings(tx, companyId);
  const sponsor = await readInviter(tx, { companyId, sponsorNo, at: now });
  // An inviter who was suspended meanwhile is for the company to look at.
  if (needs_approval || !mayEarn(sponsor.status)) return { taken: null, again: { kind: "awaits-company" } };
  const taken = await takeIn(parts, tx, { enrolment, sponsor, idPrefix: id_prefix, actor: APPLICANT, at: now });
  return { taken, again: { kind: "enrolled", distributorId: taken.distributorId, accountLink: null, isWelcomed: true } };
}

async function becameOf(tx: Tx, enrolment: Enrolment): Promise<Confirmed> {
  const { companyId } = enrolment;
  const decision = await readDecision(tx, enrolment);
  if (decision === null) return { kind: "awaits-company" };
  if (decision.distributorNo === null) return { kind: "refused", reason: decision.reason };
  const distributorId = await findDistributorId(tx, { companyId, distributorNo: decision.distributorNo });
  return {
    kind: "enrolled",
    distributorId: distributorId ?? "",
    accountLink: null,
    isWelcomed: enrolment.emailCiphertext === null,
  };
}

/** Writes that an enrolment is refused, in the transaction that locked it; the address is erased with it. */
export async function refuseWithin(
  tx: Tx,
  args: { enrolment: Enrolment; reason: string; actor: string; now: Date },
): Promise<void> {
  const { enrolment, reason, actor, now } = args;
  const { companyId, enrolmentNo } = enrolment;
  await insertDecision(tx, { companyId, enrolmentNo, distributorNo: null, decidedBy: actor, reason, decidedAt: now });
  await updateEnrolment(tx, enrolment, { state: "refused", decidedAt: now, emailCiphertext: null });
  await insertAudit(tx, { companyId, actor, act: "enrolment.refuse", subject: String(enrolmentNo) });
}

export interface Welcomed {
  /** Null where it could not even be made. */
  readonly accountLink: string | null;
  readonly isWelcomed: boolean;
}

/**
 * What follows once somebody is taken in, and that is committed. Whatever goes wrong here changes nothing about that, and nobody is told that
 * they are not enrolled: the job `welcome` does it again.
 */
export async function welcomeOrLater(
  parts: PeopleParts,
  args: { enrolment: Enrolment; taken: TakenIn; rebind: Rebind },
): Promise<Welcomed> {
  try {
    return await welcome(parts, args);
  } catch {
    return { accountLink: null, isWelcomed: false };
  }
}

/** Gives them their open orders, opens the way to the account, and writes to them; once that went out the address is erased. Safe to repeat. */
export async function welcome(
  parts: PeopleParts,
  args: { enrolment: Enrolment; taken: TakenIn; rebind: Rebind },
): Promise<Welcomed> {
  const { enrolment, taken } = args;
  const { companyId } = enrolment;
  const { distributorId, distributorNo, email } = taken;
  await args.rebind(companyId, distributorId);
  const { link } = await openClaim(parts, { companyId, email, distributorNo, hours: 24 * ACCOUNT_DAYS });
  const to = { companyId, sender: await senderOf(parts.db, companyId), to: email, language: enrolment.language };
  const isWelcomed = await parts.mailer.send(welcomeMail({ ...to, distributorId, link, days: ACCOUNT_DAYS }));
  if (isWelcomed) await asCompany(parts.db, companyId, (tx) => updateEnrolment(tx, enrolment, { emailCiphertext: null }));
  return { accountLink: link, isWelcomed };
}
