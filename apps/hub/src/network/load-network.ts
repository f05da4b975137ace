import type { Tx } from "../db/connect.ts";
import { eachPage } from "../db/packed-pages.ts";
import type { Counts } from "../db/query.ts";
import type { Network } from "./network.ts";
import { NETWORK_TABLES, type NetworkPage, PAGE, type PageWanted, readPlacements } from "./network-pages.ts";

export interface LoadProgress {
  /** Rows read of the network's tables so far. */
  readonly rows: number;
}

/**
 * Brings a network up to the version that the transaction sees, page by page: the database reads the next page while this
 * one is taken in, and whatever else the process has to do comes in between. The transaction sees one moment throughout.
 * A network that is left half-way is of no use: throw it away.
 */
export async function followNetwork(
  tx: Tx,
  network: Network,
  { onPage, ...wanted }: PageWanted & { readonly onPage?: ((progress: LoadProgress) => void) | undefined },
): Promise<void> {
  let rows = 0;
  const take = (page: NetworkPage) => {
    page.apply(network);
    rows += page.rows;
    onPage?.({ rows });
  };
  for (const read of NETWORK_TABLES) await eachPage({ size: PAGE, read: (last) => read(tx, wanted, last), take });
  const known = network.lastPlacement;
  await eachPage({ size: PAGE, read: (last) => readPlacements(tx, wanted.companyId, last || known), take });
}

/** How many there are, so that memory is taken for as many at once. */
export async function countDistributors(tx: Tx, companyId: number): Promise<number> {
  const [row] = await tx<Counts<"people">[]>`
    select coalesce(max(distributor_no), 0)::int as people from distributors where company_id = ${companyId}`;
  return row?.people ?? 0;
}
