import { foldCode } from "@upline/core";
import type { Tx } from "../db/connect.ts";
import { readDistributors } from "../network/queries.ts";
import { findCode, findLink, mayEarn } from "../referrals/resolve.ts";

const LONGEST_NAME = 200;

/** Who invites, by the name of a link; or why nobody does: nobody has it, its time is over, or its distributor is suspended or gone. */
export type Inviter =
  | { readonly kind: "inviter"; readonly sponsorNo: number; readonly code: string; readonly name: string }
  | { readonly kind: "unknown" | "over" | "resting" };

/** A code that was given later than a link of its name is the code: shops take it for that too. */
export async function findInviter(tx: Tx, args: { companyId: number; name: string; now: Date }): Promise<Inviter> {
  const { companyId, now } = args;
  const folded = foldCode(args.name.slice(0, LONGEST_NAME));
  const code = await findCode(tx, { companyId, foldedCode: folded });
  const link = code === null ? await findLink(tx, { companyId, folded }) : null;
  if (link?.expiresAt != null && link.expiresAt <= now) return { kind: "over" };
  const credited = link === null ? code : await findCode(tx, { companyId, foldedCode: foldCode(link.code) });
  if (credited === null) return { kind: "unknown" };
  const { distributorNo: sponsorNo } = credited;
  if (!(await mayEarn(tx, { companyId, distributorNo: sponsorNo }))) return { kind: "resting" };
  const [view] = await readDistributors(tx, { companyId, at: now, numbers: [sponsorNo] });
  return { kind: "inviter", sponsorNo, code: credited.code, name: view?.name ?? "" };
}

/** `Mira Solberg` → `Mira`: what a stranger is shown where the company wants no more. */
export const firstNameOf = (name: string) => name.trim().split(/\s+/)[0] ?? "";
