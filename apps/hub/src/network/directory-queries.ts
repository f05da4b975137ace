import type { Tx } from "../db/connect.ts";
import { type Listed, listed } from "../db/query.ts";
import { distributorBuyers, distributors, referralCodes, sponsorEdges, standings } from "../db/schema/network.ts";

/** The network as workers keep it in memory. It may be a million rows: hand-written SQL. */

const people = {
  distributorNo: distributors.distributorNo,
  distributorId: distributors.distributorId,
  country: distributors.country,
  enrolledAt: distributors.enrolledAt,
};
const edges = {
  edgeNo: sponsorEdges.edgeNo,
  distributorNo: sponsorEdges.distributorNo,
  sponsorNo: sponsorEdges.sponsorNo,
  validFrom: sponsorEdges.validFrom,
};
const standing = {
  distributorNo: standings.distributorNo,
  status: standings.status,
  rank: standings.rank,
  periodPv: standings.periodPv,
  validFrom: standings.validFrom,
};
const codes = { foldedCode: referralCodes.foldedCode, distributorNo: referralCodes.distributorNo };
const buyers = { buyerHash: distributorBuyers.buyerHash, distributorNo: distributorBuyers.distributorNo };

export type DirectoryStanding = Listed<typeof standing>;
export interface NetworkChanges {
  readonly distributors: readonly Listed<typeof people>[];
  readonly edges: readonly Listed<typeof edges>[];
  readonly standings: readonly DirectoryStanding[];
  readonly codes: readonly Listed<typeof codes>[];
  readonly buyers: readonly Listed<typeof buyers>[];
}

/** Everything of the network that changed after a version; after 0 it is the whole network. */
export async function readNetworkChanges(tx: Tx, args: { companyId: number; after: bigint }): Promise<NetworkChanges> {
  const since = tx`company_id = ${args.companyId} and version > ${args.after}`;
  const [foundPeople, foundEdges, foundStandings, foundCodes, foundBuyers] = await Promise.all([
    tx<Listed<typeof people>[]>`select ${listed(tx, people)} from distributors where ${since} order by distributor_no`,
    tx<Listed<typeof edges>[]>`select ${listed(tx, edges)} from sponsor_edges where ${since} order by edge_no`,
    tx<DirectoryStanding[]>`select ${listed(tx, standing)} from standings where ${since} order by standing_no`,
    tx<Listed<typeof codes>[]>`select ${listed(tx, codes)} from referral_codes where ${since}`,
    tx<Listed<typeof buyers>[]>`select ${listed(tx, buyers)} from distributor_buyers where ${since}`,
  ]);
  return {
    distributors: foundPeople,
    edges: foundEdges,
    standings: foundStandings,
    codes: foundCodes,
    buyers: foundBuyers,
  };
}
