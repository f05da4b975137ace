import type postgres from "postgres";
import { identityHashes } from "../../network/buyer-hashes.ts";

/** A million distributors in the shape of a grown network, written in sets as an import would have written them. */

const FIRST_ID = 100_000;

/** Ids are numbers, as in the systems that companies come from. */
export const distributorIdOf = (no: number): string => String(FIRST_ID + no);
export const emailOf = (no: number): string => `seller${no}@example.com`;

/** Every so many distributors' addresses are known. */
const KNOWN_ADDRESS = 5;
const ADDRESSES_AT_ONCE = 20_000;

export interface LargeNetwork {
  readonly companyId: number;
  readonly distributors: number;
  readonly buyerKey: string;
  readonly taxId: Buffer;
}

/**
 * Sponsors stand before those they sponsor, most of them near the top; some moved since, some rose, some are gone. In the binary
 * tree the first nine of ten have a place and the others wait. One transaction: it is there whole or not at all.
 */
export async function writeNetwork(
  owner: postgres.Sql,
  network: LargeNetwork,
  onProgress: (text: string) => void,
): Promise<void> {
  await owner.begin(async (tx) => {
    await tx`select setseed(0.4242)`;
    const [company] = await tx<{ version: string }[]>`
      update companies set directory_version = directory_version + 1 where company_id = ${network.companyId}
      returning directory_version as version`;
    const version = company?.version ?? "1";
    onProgress("distributors");
    await writeDistributors(tx, network, version);
    onProgress("sponsors and standings");
    await writeEdges(tx, network, version);
    await writeStandings(tx, network, version);
    onProgress("referral codes and addresses");
    await writeCodes(tx, network, version);
    await writeAddresses(tx, network, version);
    onProgress("the binary tree");
    await writePlaces(tx, network, version);
  });
}

type Tx = postgres.TransactionSql;

async function writeDistributors(tx: Tx, { companyId, distributors, taxId }: LargeNetwork, version: string): Promise<void> {
  await tx`
    insert into distributors (company_id, distributor_no, distributor_id, name, country, tax_id_ciphertext, enrolled_at, version)
    select ${companyId}, no, (${FIRST_ID}::integer + no)::text,
           (array['Maya','Jonah','Hana','Layla','Anna','Carla','Greg','Bela','Noor','Ines'])[1 + no % 10] || ' ' ||
           (array['Ortiz','Berg','Sato','Haddad','Rossi','Novak','Costa','Khan','Dubois','Mensah','Silva'])[1 + no % 11],
           (array['DE','US','GB','FR','IN','JP','AU','KW','BR','GH'])[1 + no * 7 % 10],
           case when no % 100 = 0 then ${taxId}::bytea end,
           '2018-01-01'::timestamptz + no * (interval '2700 days' / ${distributors}::integer), ${version}::bigint
      from generate_series(1, ${distributors}::integer) no`;
}

async function writeEdges(tx: Tx, { companyId, distributors }: LargeNetwork, version: string): Promise<void> {
  await tx`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select company_id, distributor_no, case when distributor_no = 1 then 0 else 1 + floor((distributor_no - 1) * power(random(), 1.5))::integer end,
           enrolled_at, version
      from distributors where company_id = ${companyId} order by distributor_no`;
  // Upwards only, so that nobody comes to stand below themselves.
  await tx`
    insert into sponsor_edges (company_id, distributor_no, sponsor_no, valid_from, version)
    select ${companyId}, no, 1 + floor((no - 1) * power(random(), 2))::integer, '2026-01-15', ${version}::bigint
      from generate_series(207, ${distributors}::integer, 200) no`;
}

async function writeStandings(tx: Tx, { companyId, distributors }: LargeNetwork, version: string): Promise<void> {
  await tx`
    insert into standings (company_id, distributor_no, status, rank, valid_from, version)
    select company_id, distributor_no,
           case when chance < 0.9 then 'active' when chance < 0.96 then 'inactive' when chance < 0.99 then 'suspended' else 'terminated' end,
           case when luck < 0.70 then 'bronze' when luck < 0.9 then 'silver' when luck < 0.97 then 'gold' when luck < 0.99 then 'platinum'
                else 'diamond' end,
           enrolled_at, version
      from (select *, random() as chance, random() as luck from distributors where company_id = ${companyId} order by distributor_no) everyone`;
  await tx`
    insert into standings (company_id, distributor_no, status, rank, valid_from, version)
    select ${companyId}, no, case when random() < 0.9 then 'active' else 'terminated' end, 'silver', '2026-02-01', ${version}::bigint
      from generate_series(3, ${distributors}::integer, 20) no`;
}

async function writeCodes(tx: Tx, { companyId }: LargeNetwork, version: string): Promise<void> {
  // Everybody's own id is a code as well.
  await tx`
    insert into referral_codes (company_id, folded_code, code, distributor_no, version)
    select company_id, lower(code), code, distributor_no, ${version}::bigint
      from distributors cross join lateral (
        select distributor_id as code union all select 'SHOP' || distributor_no where distributor_no % 5 = 0) codes
     where company_id = ${companyId}`;
}

async function writeAddresses(tx: Tx, network: LargeNetwork, version: string): Promise<void> {
  const { companyId, distributors, buyerKey } = network;
  const known = Array.from({ length: Math.floor(distributors / KNOWN_ADDRESS) }, (_, index) => (index + 1) * KNOWN_ADDRESS);
  for (let from = 0; from < known.length; from += ADDRESSES_AT_ONCE) {
    const numbers = known.slice(from, from + ADDRESSES_AT_ONCE);
    const hashes = numbers.map((no) => identityHashes(buyerKey, { kind: "email", value: emailOf(no) }, "")[0] ?? "");
    await tx`
      insert into distributor_buyers (company_id, buyer_hash, kind, distributor_no, version)
      select ${companyId}, hash, 'email', no, ${version}::bigint from unnest(${hashes}::text[], ${numbers}::integer[]) as known (hash, no)`;
  }
}

async function writePlaces(tx: Tx, { companyId, distributors }: LargeNetwork, version: string): Promise<void> {
  await tx`
    insert into placement_trees (company_id, tree, width, spillover, window_days) values (${companyId}, 'binary', 2, 'breadth-first', 30)`;
  await tx`
    insert into placement_edges (company_id, tree, distributor_no, parent_no, leg, valid_from, version, actor)
    select company_id, 'binary', distributor_no, distributor_no / 2, case when distributor_no = 1 then 0 else distributor_no % 2 end, enrolled_at,
           ${version}::bigint, 'demo'
      from distributors where company_id = ${companyId} and distributor_no <= ${Math.floor(distributors * 0.9)} order by distributor_no`;
}
