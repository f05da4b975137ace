import type postgres from "postgres";
import type { Tx } from "../db/connect.ts";
import {
  onlyRow,
  PackedInts,
  PackedLongs,
  PackedMoments,
  PackedTexts,
  packedInts,
  packedLongs,
  packedMoments,
  packedTexts,
} from "../db/packed-pages.ts";
import type { Packed, Sums } from "../db/query.ts";
import {
  distributorBuyers,
  distributors,
  judgements,
  placementEdges,
  referralCodes,
  sponsorEdges,
  standings,
} from "../db/schema/network.ts";
import type { Network } from "./network.ts";
import { NO_VOLUME } from "./standings.ts";

/** What of a company's network changed after a version, by the page; after version 0 it is the whole network. */

/** Rows of a page: what is read of it takes some milliseconds. */
export const PAGE = 5_000;

export interface PageWanted {
  readonly companyId: number;
  readonly after: bigint;
}

/** A page of one table, still packed. `last` is the place of its last row, for the page behind it. */
export interface NetworkPage {
  readonly rows: number;
  readonly last: string;
  readonly apply: (network: Network) => void;
}

/** Reads the page of a table that follows a row; "" is the first. */
export type ReadPage = (tx: Tx, wanted: PageWanted, last: string) => Promise<NetworkPage>;

/** In this order: everybody whom a table names has come before. */
export const NETWORK_TABLES: readonly ReadPage[] = [readPeople, readEdges, readStandings, readJudgements, readCodes, readBuyers];

/** Rows of the wanted company and versions; a network that is read whole needs no look at each row's version. */
function wantedRows(tx: Tx, { companyId, after }: PageWanted): postgres.Fragment {
  return after === 0n ? tx`company_id = ${companyId}` : tx`company_id = ${companyId} and version > ${after}`;
}

async function readPeople(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { distributorNo, enrolledAt } = distributors;
  const id = packedTexts(tx, "distributor_id", distributorNo);
  const country = packedTexts(tx, "coalesce(country, '  ')", distributorNo);
  const page = onlyRow(
    await tx<Packed<"numbers" | "ids" | "idLengths" | "enrolledAts" | "countries">[]>`
    select ${packedInts(tx, distributorNo, distributorNo)} as numbers, ${id.bytes} as ids, ${id.lengths} as "idLengths",
           ${packedMoments(tx, enrolledAt, distributorNo)} as "enrolledAts", ${country.bytes} as countries
      from (select distributor_no, distributor_id, enrolled_at, country from distributors
             where ${wantedRows(tx, wanted)} and distributor_no > ${Number(last)} order by distributor_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  const apply = (network: Network) => {
    const ids = new PackedTexts({ bytes: page.ids, lengths: page.idLengths });
    const enrolledAts = new PackedMoments(page.enrolledAts);
    const countries = page.countries;
    for (let row = 0; row < numbers.length; row++) {
      const country = countries.readUInt16BE(row * 2);
      network.enrol(numbers.at(row), { id: ids.next(), enrolledAt: enrolledAts.at(row), country });
    }
  };
  return { rows: numbers.length, last: lastOf(numbers), apply };
}

async function readEdges(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { edgeNo, distributorNo, sponsorNo, validFrom } = sponsorEdges;
  const page = onlyRow(
    await tx<(Packed<"numbers" | "sponsors" | "validFroms"> & Sums<"last">)[]>`
    select ${packedInts(tx, distributorNo, edgeNo)} as numbers, ${packedInts(tx, sponsorNo, edgeNo)} as sponsors,
           ${packedMoments(tx, validFrom, edgeNo)} as "validFroms", max(edge_no) as last
      from (select edge_no, distributor_no, sponsor_no, valid_from from sponsor_edges
             where ${wantedRows(tx, wanted)} and edge_no > ${Number(last)} order by edge_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  const apply = (network: Network) => {
    const sponsors = new PackedInts(page.sponsors);
    const validFroms = new PackedMoments(page.validFroms);
    for (let row = 0; row < numbers.length; row++)
      network.follow(numbers.at(row), { sponsorNo: sponsors.at(row), from: validFroms.at(row) });
  };
  return { rows: numbers.length, last: String(page.last), apply };
}

async function readStandings(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { standingNo, distributorNo, periodPv, validFrom } = standings;
  const kind = packedTexts(tx, "status || coalesce(' ' || rank, '')", standingNo);
  const page = onlyRow(
    await tx<(Packed<"numbers" | "kinds" | "kindLengths" | "volumes" | "validFroms"> & Sums<"last">)[]>`
    select ${packedInts(tx, distributorNo, standingNo)} as numbers, ${kind.bytes} as kinds, ${kind.lengths} as "kindLengths",
           ${packedLongs(tx, periodPv, { by: standingNo, absent: NO_VOLUME })} as volumes,
           ${packedMoments(tx, validFrom, standingNo)} as "validFroms", max(standing_no) as last
      from (select standing_no, distributor_no, status, rank, period_pv, valid_from from standings
             where ${wantedRows(tx, wanted)} and standing_no > ${Number(last)} order by standing_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  const apply = (network: Network) => {
    const kinds = new PackedTexts({ bytes: page.kinds, lengths: page.kindLengths });
    const volumes = new PackedLongs(page.volumes);
    const validFroms = new PackedMoments(page.validFroms);
    for (let row = 0; row < numbers.length; row++)
      network.stand(numbers.at(row), { from: validFroms.at(row), kind: kinds.next(), periodPv: volumes.at(row) });
  };
  return { rows: numbers.length, last: String(page.last), apply };
}

async function readJudgements(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { judgementNo, distributorNo, validFrom } = judgements;
  const found = packedTexts(tx, "found", judgementNo);
  const page = onlyRow(
    await tx<(Packed<"numbers" | "found" | "foundLengths" | "validFroms"> & Sums<"last">)[]>`
    select ${packedInts(tx, distributorNo, judgementNo)} as numbers, ${found.bytes} as found, ${found.lengths} as "foundLengths",
           ${packedMoments(tx, validFrom, judgementNo)} as "validFroms", max(judgement_no) as last
      from (select judgement_no, distributor_no, found, valid_from from judgements
             where ${wantedRows(tx, wanted)} and judgement_no > ${Number(last)} order by judgement_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  const apply = (network: Network) => {
    const texts = new PackedTexts({ bytes: page.found, lengths: page.foundLengths });
    const validFroms = new PackedMoments(page.validFroms);
    for (let row = 0; row < numbers.length; row++)
      network.judge(numbers.at(row), { from: validFroms.at(row), found: texts.next() });
  };
  return { rows: numbers.length, last: String(page.last), apply };
}

async function readCodes(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { foldedCode, distributorNo } = referralCodes;
  const code = packedTexts(tx, "folded_code", foldedCode);
  const page = onlyRow(
    await tx<Packed<"texts" | "lengths" | "owners">[]>`
    select ${code.bytes} as texts, ${code.lengths} as lengths, ${packedInts(tx, distributorNo, foldedCode)} as owners
      from (select folded_code, distributor_no from referral_codes
             where ${wantedRows(tx, wanted)} and folded_code > ${last} order by folded_code limit ${PAGE}) page`,
  );
  return textPage(page, (network, text, owner) => network.nameCode(text, owner));
}

async function readBuyers(tx: Tx, wanted: PageWanted, last: string): Promise<NetworkPage> {
  const { buyerHash, distributorNo } = distributorBuyers;
  const hash = packedTexts(tx, "buyer_hash", buyerHash);
  const page = onlyRow(
    await tx<Packed<"texts" | "lengths" | "owners">[]>`
    select ${hash.bytes} as texts, ${hash.lengths} as lengths, ${packedInts(tx, distributorNo, buyerHash)} as owners
      from (select buyer_hash, distributor_no from distributor_buyers
             where ${wantedRows(tx, wanted)} and buyer_hash > ${last} order by buyer_hash limit ${PAGE}) page`,
  );
  return textPage(page, (network, text, owner) => network.knowBuyer(text, owner));
}

/** The places in all trees, behind a row: they are numbered in the order in which their versions were committed. */
export async function readPlacements(tx: Tx, companyId: number, last: string): Promise<NetworkPage> {
  const { edgeNo, distributorNo, parentNo, leg, validFrom } = placementEdges;
  const tree = packedTexts(tx, "tree", edgeNo);
  const page = onlyRow(
    await tx<(Packed<"numbers" | "parents" | "legs" | "validFroms" | "trees" | "treeLengths"> & Sums<"last">)[]>`
    select ${packedInts(tx, distributorNo, edgeNo)} as numbers, ${packedInts(tx, parentNo, edgeNo)} as parents,
           ${packedInts(tx, leg, edgeNo)} as legs, ${packedMoments(tx, validFrom, edgeNo)} as "validFroms",
           ${tree.bytes} as trees, ${tree.lengths} as "treeLengths", max(edge_no) as last
      from (select edge_no, tree, distributor_no, parent_no, leg, valid_from from placement_edges
             where company_id = ${companyId} and edge_no > ${Number(last)} order by edge_no limit ${PAGE}) page`,
  );
  const numbers = new PackedInts(page.numbers);
  const apply = (network: Network) => {
    const trees = new PackedTexts({ bytes: page.trees, lengths: page.treeLengths });
    const [parents, legs, froms] = [new PackedInts(page.parents), new PackedInts(page.legs), new PackedMoments(page.validFroms)];
    for (let row = 0; row < numbers.length; row++)
      network.place(trees.next(), {
        distributorNo: numbers.at(row),
        parentNo: parents.at(row),
        leg: legs.at(row),
        from: froms.at(row),
      });
    if (numbers.length > 0) network.lastPlacement = String(page.last);
  };
  return { rows: numbers.length, last: String(page.last), apply };
}

/** A page of texts that each lead to a distributor. */
function textPage(
  page: Packed<"texts" | "lengths" | "owners">,
  keep: (network: Network, text: PackedTexts, owner: number) => void,
): NetworkPage {
  const owners = new PackedInts(page.owners);
  const texts = () => new PackedTexts({ bytes: page.texts, lengths: page.lengths });
  const apply = (network: Network) => {
    const text = texts();
    for (let row = 0; row < owners.length; row++) keep(network, text.next(), owners.at(row));
  };
  const last = texts();
  for (let row = 0; row < owners.length; row++) last.next();
  return { rows: owners.length, last: last.toString(), apply };
}

function lastOf(numbers: PackedInts): string {
  return numbers.length === 0 ? "0" : String(numbers.at(numbers.length - 1));
}
