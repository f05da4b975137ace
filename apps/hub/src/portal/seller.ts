import type { Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type Caller, callingPerson } from "../http/auth.ts";
import { type DistributorView, readDistributors } from "../network/queries.ts";

/** The distributor who is signed in: everything in the portal is theirs, and is asked of nobody else. */
export interface Seller {
  readonly companyId: number;
  readonly distributorNo: number;
  readonly personId: string;
  readonly actor: string;
}

/** Throws HubError for a key, and for whoever works for the company without selling. */
export function sellerOf(caller: Caller): Seller {
  const { personId, distributorNo } = callingPerson(caller);
  if (distributorNo === null)
    throw new HubError("missing-role", "This is for distributors: whoever sells for the company sees their own here.");
  return { companyId: caller.companyId, distributorNo, personId, actor: caller.actor };
}

export async function readSeller(
  tx: Tx,
  { companyId, distributorNo }: Pick<Seller, "companyId" | "distributorNo">,
): Promise<DistributorView> {
  const [found] = await readDistributors(tx, { companyId, at: new Date(), numbers: [distributorNo] });
  if (found === undefined) throw new Error("somebody sells as a distributor who is not there");
  return found;
}
