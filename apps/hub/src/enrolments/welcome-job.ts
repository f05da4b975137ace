import { listCompanies } from "../companies/queries.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import type { Job } from "../jobs/job.ts";
import { findDistributorId } from "../network/queries.ts";
import type { PeopleParts } from "../people/invite.ts";
import { type Rebind, welcome } from "./confirm.ts";
import { listUnwelcomed, readDecision } from "./queries.ts";

const SUBJECT = "company";
const AT_ONCE = 100;

/** Welcomes those who were taken in while mail was away: their orders, the way to their account, and the mail. Answers how many. */
export async function welcomeWaiting(
  parts: PeopleParts,
  { companyId, rebind }: { companyId: number; rebind: Rebind },
): Promise<number> {
  const waiting = await asCompany(parts.db, companyId, async (tx) => {
    const found = [];
    for (const enrolment of await listUnwelcomed(tx, { companyId, limit: AT_ONCE })) {
      const distributorNo = (await readDecision(tx, enrolment))?.distributorNo ?? null;
      const distributorId = distributorNo === null ? null : await findDistributorId(tx, { companyId, distributorNo });
      if (distributorNo === null || distributorId === null || enrolment.emailCiphertext === null) continue;
      found.push({ enrolment, taken: { distributorNo, distributorId, email: parts.box.open(enrolment.emailCiphertext) } });
    }
    return found;
  });
  for (const one of waiting) {
    const { isWelcomed } = await welcome(parts, { ...one, rebind });
    if (!isWelcomed)
      throw new HubError("unavailable", "Mail cannot be sent: see the hub's log. Whoever was enrolled is welcomed later.");
  }
  return waiting.length;
}

/** Some minutes after mail was away, and until it is back. */
export function welcomeJob(parts: PeopleParts, rebind: Rebind): Job {
  return {
    name: "welcome",
    about: "Writes to those who were enrolled while mail could not be sent.",
    everyMinutes: 5,
    atOnce: 1,
    retries: { limit: 3, delaySeconds: 60 },
    due: async () => (await listCompanies(parts.db.gate)).map(({ companyId }) => ({ companyId, subject: SUBJECT })),
    targetsOf: async (companyId) => [{ companyId, subject: SUBJECT }],
    run: async ({ companyId }) => `${await welcomeWaiting(parts, { companyId, rebind })} people welcomed.`,
  };
}
