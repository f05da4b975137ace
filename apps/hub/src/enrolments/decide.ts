import { senderOf } from "../companies/branding.ts";
import { lockCompany } from "../companies/queries.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import type { Enrolment } from "../db/schema/enrolments.ts";
import { HubError, refused } from "../errors.ts";
import { findDistributor } from "../network/queries.ts";
import { mayEarn } from "../network/standings.ts";
import type { PeopleParts } from "../people/invite.ts";
import { shown } from "../row-errors.ts";
import { type Rebind, refuseWithin, welcomeOrLater } from "./confirm.ts";
import { refusedMail } from "./mails.ts";
import { lockEnrolment, readInviter } from "./queries.ts";
import { readSettings } from "./settings.ts";
import { takeIn } from "./take-in.ts";

interface Decision {
  readonly companyId: number;
  readonly enrolmentNo: bigint;
  readonly actor: string;
  readonly now: Date;
}

/** Under whom somebody is taken in: who invited them, or another distributor. */
interface UnderWhom {
  readonly sponsorId?: string | undefined;
  /** Whether it is decided that they may stand under somebody who is suspended or terminated. */
  readonly despiteStatus: boolean;
}

/** Takes somebody in who confirmed their address. They are written to. Audited. Throws HubError. */
export async function approve(
  parts: PeopleParts,
  args: Decision & UnderWhom & { rebind: Rebind },
): Promise<{ distributorId: string }> {
  const { companyId, actor, now } = args;
  const { enrolment, taken } = await asCompany(parts.db, companyId, async (tx) => {
    await lockCompany(tx, companyId);
    const enrolment = await lockOpen(tx, args);
    const { id_prefix } = await readSettings(tx, companyId);
    const sponsor = await sponsorFor(tx, enrolment, args);
    const taken = await takeIn(parts, tx, { enrolment, sponsor, idPrefix: id_prefix, actor, at: now });
    return { enrolment, taken };
  });
  await welcomeOrLater(parts, { enrolment, taken, rebind: args.rebind });
  return { distributorId: taken.distributorId };
}

/** Decides against somebody who confirmed their address; they are written the reason. Audited. Throws HubError. */
export async function refuse(parts: PeopleParts, args: Decision & { readonly reason: string }): Promise<void> {
  const { companyId, reason, actor, now } = args;
  const { language, email } = await asCompany(parts.db, companyId, async (tx) => {
    const enrolment = await lockOpen(tx, args);
    const { language, emailCiphertext } = enrolment;
    await refuseWithin(tx, { enrolment, reason, actor, now });
    return { language, email: emailCiphertext === null ? null : parts.box.open(emailCiphertext) };
  });
  if (email === null) return;
  const sender = await senderOf(parts.db, companyId);
  await parts.mailer.send(refusedMail({ companyId, sender, to: email, language, reason }));
}

/** Nobody is put under somebody who left without that anybody decides it: their upline earns of them for good. */
async function sponsorFor(tx: Tx, enrolment: Enrolment, args: Decision & UnderWhom) {
  const { companyId, now: at, sponsorId, despiteStatus } = args;
  const sponsor =
    sponsorId === undefined
      ? await readInviter(tx, { companyId, sponsorNo: enrolment.sponsorNo, at })
      : await findDistributor(tx, { companyId, distributorId: sponsorId, at });
  if (sponsor === null) throw refused("sponsor_id", `There is no distributor ${shown(sponsorId ?? "")}.`);
  if (despiteStatus || mayEarn(sponsor.status)) return sponsor;
  throw refused(
    "sponsor_id",
    `${sponsor.distributorId} is ${sponsor.status}: name another sponsor, or say with \`despite_status\` that they shall stand there all the same.`,
  );
}

async function lockOpen(tx: Tx, { companyId, enrolmentNo }: Decision): Promise<Enrolment> {
  const enrolment = await lockEnrolment(tx, companyId, { enrolmentNo });
  if (enrolment === null) throw new HubError("not-found", "There is no such enrolment. GET /api/enrolments lists them.");
  if (enrolment.state === "confirmed") return enrolment;
  const why =
    enrolment.state === "waiting"
      ? "The address of this enrolment is not confirmed yet: whoever it is follows the mailed link first."
      : `This enrolment was ${enrolment.state} already: load the page again.`;
  throw new HubError("conflict", why);
}
