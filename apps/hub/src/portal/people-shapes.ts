import type { Tx } from "../db/connect.ts";
import type { Network } from "../network/network.ts";
import { namesOf } from "../network/queries.ts";
import type { Seller } from "./seller.ts";
import { readPortalSettings } from "./settings-queries.ts";
import { isBelow } from "./team-queries.ts";

/** Somebody as a distributor may see them. */
export interface SeenPerson {
  readonly distributor_id: string;
  readonly name: string | null;
}

/**
 * Whoever stands below a distributor now, by number: with their names where the company shows them, without where it keeps names to
 * somebody's own sponsor. Whoever stands elsewhere is not among them.
 */
export async function seenPeople(
  tx: Tx,
  { seller, network, now }: { seller: Pick<Seller, "companyId" | "distributorNo">; network: Network; now: number },
  distributorNos: readonly number[],
): Promise<Map<number, SeenPerson>> {
  const { companyId, distributorNo: own } = seller;
  const { names } = await readPortalSettings(tx, companyId);
  const below = [...new Set(distributorNos)].filter((no) => no === own || isBelow(network, no, own, now));
  const seen = new Map<number, SeenPerson>();
  for (const [no, { distributorId, name }] of await namesOf(tx, { companyId, distributorNos: below })) {
    const isShown = names === "downline" || no === own || network.uplineAt(no, now, 1)[0] === own;
    seen.set(no, { distributor_id: distributorId, name: isShown && name !== "" ? name : null });
  }
  return seen;
}
