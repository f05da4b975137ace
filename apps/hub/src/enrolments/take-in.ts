import { foldCode } from "@upline/core";
import { insertAudit } from "../db/audit.ts";
import type { Tx } from "../db/connect.ts";
import type { Enrolment } from "../db/schema/enrolments.ts";
import { refusedRows } from "../http/shapes.ts";
import { importWithin } from "../network/import.ts";
import { lastDistributorNo, readCodeOwners } from "../network/import-queries.ts";
import { placeNewcomer } from "../network/place-newcomer.ts";
import { type DistributorView, findDistributorId, findDistributorNo } from "../network/queries.ts";
import type { HubParts } from "../parts.ts";
import { insertDecision, updateEnrolment } from "./queries.ts";

const MOST_TRIES = 1_000;

export interface TakenIn {
  readonly distributorId: string;
  readonly distributorNo: number;
  readonly email: string;
}

/**
 * Makes a distributor of a confirmed enrolment, in the transaction that locked it and the company: in the network under the inviter, or whom
 * the company named, placed or in the holding tank, with the decision, whose key is the enrolment, so that a second one cannot be written.
 * Throws HubError where the network refuses, such as an address that is another's already.
 */
export async function takeIn(
  parts: Pick<HubParts, "box">,
  tx: Tx,
  args: { enrolment: Enrolment; sponsor: DistributorView; idPrefix: string; actor: string; at: Date },
): Promise<TakenIn> {
  const { enrolment, sponsor, actor, at } = args;
  const { companyId, enrolmentNo } = enrolment;
  const { distributorNo: sponsorNo, distributorId: sponsorId } = sponsor;
  if (enrolment.emailCiphertext === null) throw new Error("an enrolment that waits has its address");
  const email = parts.box.open(enrolment.emailCiphertext);
  const distributorId = await freeId(tx, { companyId, prefix: args.idPrefix });
  const row = { line: 1, distributorId, sponsorId, name: enrolment.name, country: enrolment.country, email };
  const result = await importWithin(parts, tx, { companyId, actor, rows: [row], newOnly: true, from: at });
  if (result.errorCount > 0) throw refusedRows(result.errors);
  const trees = await placeNewcomer(tx, { companyId, actor, distributorId, sponsorNo, at });
  const distributorNo = await findDistributorNo(tx, { companyId, distributorId });
  if (distributorNo === null) throw new Error("whoever was enrolled is there");
  await insertDecision(tx, { companyId, enrolmentNo, distributorNo, decidedBy: actor, decidedAt: at });
  await updateEnrolment(tx, enrolment, { state: "approved", decidedAt: at });
  const invitedBy = await findDistributorId(tx, { companyId, distributorNo: enrolment.sponsorNo });
  const under = { sponsor: sponsorId, sponsor_status: sponsor.status, invited_by: invitedBy };
  const details = { distributor: distributorId, ...under, placed_in: trees };
  await insertAudit(tx, { companyId, actor, act: "enrolment.approve", subject: String(enrolmentNo), details });
  return { distributorId, distributorNo, email };
}

/** The next id that is nobody's, and nobody's code: ids are codes as well. Under the company's lock. */
async function freeId(tx: Tx, { companyId, prefix }: { companyId: number; prefix: string }): Promise<string> {
  const first = (await lastDistributorNo(tx, companyId)) + 1;
  for (let no = first; no < first + MOST_TRIES; no++) {
    const distributorId = `${prefix}${no}`;
    const owners = await readCodeOwners(tx, { companyId, foldedCodes: [foldCode(distributorId)] });
    if (owners.size === 0 && (await findDistributorNo(tx, { companyId, distributorId })) === null) return distributorId;
  }
  throw new Error("no id is free: every one that was tried is taken");
}
