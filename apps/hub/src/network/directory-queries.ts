import type { Tx } from "../db/connect.ts";

/** The network as workers keep it in memory. */

export interface DistributorRow {
  readonly distributor_no: number;
  readonly distributor_id: string;
  readonly country: string | null;
  readonly enrolled_at: Date;
}
export interface EdgeRow {
  readonly edge_no: bigint;
  readonly distributor_no: number;
  readonly sponsor_no: number;
  readonly valid_from: Date;
}
export interface StandingRow {
  readonly distributor_no: number;
  readonly status: string;
  readonly rank: string | null;
  readonly period_pv: bigint | null;
  readonly valid_from: Date;
}
export interface CodeRow {
  readonly folded_code: string;
  readonly distributor_no: number;
}
export interface BuyerRow {
  readonly buyer_hash: string;
  readonly distributor_no: number;
}
export interface NetworkChanges {
  readonly distributors: readonly DistributorRow[];
  readonly edges: readonly EdgeRow[];
  readonly standings: readonly StandingRow[];
  readonly codes: readonly CodeRow[];
  readonly buyers: readonly BuyerRow[];
}

/** Everything of the network that changed after a version; after 0 it is the whole network. */
export async function readNetworkChanges(tx: Tx, args: { companyId: number; after: bigint }): Promise<NetworkChanges> {
  const since = tx`company_id = ${args.companyId} and version > ${args.after}`;
  const [distributors, edges, standings, codes, buyers] = await Promise.all([
    tx<
      DistributorRow[]
    >`select distributor_no, distributor_id, country, enrolled_at from distributors where ${since} order by distributor_no`,
    tx<EdgeRow[]>`select edge_no, distributor_no, sponsor_no, valid_from from sponsor_edges where ${since} order by edge_no`,
    tx<
      StandingRow[]
    >`select distributor_no, status, rank, period_pv, valid_from from standings where ${since} order by standing_no`,
    tx<CodeRow[]>`select folded_code, distributor_no from referral_codes where ${since}`,
    tx<BuyerRow[]>`select buyer_hash, distributor_no from distributor_buyers where ${since}`,
  ]);
  return { distributors, edges, standings, codes, buyers };
}
