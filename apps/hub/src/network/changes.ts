import { type BuyerIdentity, foldCode, readCode } from "@upline/core";
import { readCompany } from "../companies/directory.ts";
import type { Tx } from "../db/connect.ts";
import type { Store } from "../db/schema/stores.ts";
import type { HubParts } from "../parts.ts";
import { type RowErrors, shown } from "../row-errors.ts";
import { identityHashes } from "./buyer-hashes.ts";
import { closedBehind } from "./closed-periods.ts";
import { sponsorsFirst } from "./enrolment-order.ts";
import {
  type BuyerWrite,
  type CodeWrite,
  type DistributorWrite,
  type EdgeWrite,
  type KnownDistributor,
  lastDistributorNo,
  type NetworkWrites,
  readBuyerOwners,
  readCodeOwners,
  readEdges,
  readKnown,
  readStoreNames,
  type StandingWrite,
} from "./import-queries.ts";
import type { CheckedDistributor, DistributorIdentity } from "./rows.ts";
import { settleMoves } from "./sponsor-moves.ts";

/** What is stored of everyone and everything that the rows name. */
export interface StoredNetwork {
  readonly known: ReadonlyMap<string, KnownDistributor>;
  readonly codeOwners: ReadonlyMap<string, string>;
  readonly buyerOwners: ReadonlyMap<string, string>;
  readonly lastNo: number;
  /** The hash that is kept of an identity, the same as on orders of that buyer. */
  readonly hashOf: (identity: BuyerIdentity, storeId: string) => string;
  readonly stores: readonly Pick<Store, "storeId" | "domain">[];
  /** The company's tax ids are opened to see whether they changed. */
  readonly open: (sealed: Buffer) => string;
  /** The period that has counted already who stood where behind the time of these changes. */
  readonly closed: Awaited<ReturnType<typeof closedBehind>>;
  /** Read only where somebody moves: it is the whole tree. */
  readonly readEdges: () => Promise<EdgeWrite[]>;
}

export async function readNetwork(
  parts: Pick<HubParts, "box">,
  tx: Tx,
  args: { companyId: number; rows: readonly CheckedDistributor[]; at: Date },
): Promise<StoredNetwork> {
  const { companyId, rows, at } = args;
  const company = await readCompany(tx, companyId);
  if (!company) throw new Error("the company of this transaction does not exist");
  const buyerKey = parts.box.open(company.buyerKey);
  const hashes = new Map<string, string>();
  const hashOf = (identity: BuyerIdentity, storeId: string) => {
    const key = `${identity.kind} ${storeId} ${identity.value}`;
    const hash = hashes.get(key) ?? identityHashes(buyerKey, identity, storeId)[0];
    if (hash === undefined) throw new Error(`a checked ${identity.kind} cannot be hashed`);
    hashes.set(key, hash);
    return hash;
  };
  const stores = rows.some((row) => row.identities.some(({ identity }) => identity.kind === "customer"))
    ? await readStoreNames(tx, companyId)
    : [];
  const distributorIds = [...new Set(rows.flatMap((row) => [row.distributorId, ...(row.sponsorId ? [row.sponsorId] : [])]))];
  const foldedCodes = rows.flatMap((row) => [foldCode(row.distributorId), ...row.codes.map((code) => code.foldedCode)]);
  const buyerHashes = rows.flatMap((row) =>
    row.identities.flatMap((written) => {
      const storeId = storeOf(stores, written);
      return storeId === null ? [] : [hashOf(written.identity, storeId)];
    }),
  );
  return {
    known: await readKnown(tx, { companyId, distributorIds, at }),
    codeOwners: await readCodeOwners(tx, { companyId, foldedCodes }),
    buyerOwners: await readBuyerOwners(tx, { companyId, buyerHashes }),
    lastNo: await lastDistributorNo(tx, companyId),
    hashOf,
    stores,
    open: (sealed) => parts.box.open(sealed),
    closed: await closedBehind(tx, { companyId, at }),
    readEdges: () => readEdges(tx, companyId),
  };
}

export interface PlannedMove {
  readonly line: number;
  readonly distributorNo: number;
  /** 0 is the company. */
  readonly sponsorNo: number;
  /** Null is the company. */
  readonly sponsorId: string | null;
}

export interface NetworkPlan extends NetworkWrites {
  /** Who of those enrolled before gets another sponsor. */
  readonly moves: readonly PlannedMove[];
  /** How many who were enrolled before are changed in any way. */
  readonly updated: number;
}

interface Deciding {
  readonly network: StoredNetwork;
  readonly from: Date;
  readonly errors: RowErrors;
  readonly seal: (text: string) => Buffer;
  /** Numbers of everyone, those enrolled now included. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly changed: Set<string>;
}

/** What the rows change of the stored network, or, in `errors`, why they cannot. */
export async function decideChanges(
  network: StoredNetwork,
  args: { rows: readonly CheckedDistributor[]; from: Date; errors: RowErrors; seal: (text: string) => Buffer },
): Promise<NetworkPlan> {
  const { rows, from, errors, seal } = args;
  const newRows = rows.filter((row) => !network.known.has(row.distributorId));
  const numbers = new Map([...network.known.values()].map((known) => [known.distributorId, known.distributorNo]));
  const { ordered, circles } = sponsorsFirst(newRows);
  ordered.forEach((row, index) => void numbers.set(row.distributorId, network.lastNo + 1 + index));
  reportCircles(circles, errors);
  const deciding: Deciding = { network, from, errors, seal, numbers, changed: new Set() };
  checkSponsors(deciding, rows, circles.length > 0);
  const codes = decideCodes(deciding, rows);
  const buyers = decideBuyers(deciding, rows);
  const { corrected, standings } = decideCorrections(deciding, rows);
  if (errors.count > 0) return { enrolled: [], corrected, edges: [], standings, codes, buyers, moves: [], updated: 0 };
  const firstEdges = ordered.map((row): EdgeWrite => {
    const sponsorNo = row.sponsorId ? (numbers.get(row.sponsorId) as number) : 0;
    return { distributorNo: numbers.get(row.distributorId) as number, sponsorNo, validFrom: row.enrolledAt ?? from };
  });
  const moves = await decideMoves(deciding, rows, firstEdges);
  const enrolled = ordered.map((row) => enrolmentOf(deciding, row));
  const updated = [...deciding.changed].filter((id) => network.known.has(id)).length;
  const firstStandings = ordered.map((row, index): StandingWrite => {
    const { distributorNo, enrolledAt } = enrolled[index] as DistributorWrite;
    return { distributorNo, status: row.status ?? "active", rank: row.rank ?? null, periodPv: null, validFrom: enrolledAt };
  });
  return {
    enrolled,
    corrected,
    edges: [...firstEdges, ...moves.map(({ line: _line, sponsorId: _id, ...edge }) => edge)],
    moves,
    standings: [...firstStandings, ...standings],
    codes,
    buyers,
    updated,
  };
}

function enrolmentOf({ numbers, from, seal }: Deciding, row: CheckedDistributor): DistributorWrite {
  return {
    distributorNo: numbers.get(row.distributorId) as number,
    distributorId: row.distributorId,
    name: row.name ?? "",
    country: row.country ?? null,
    taxIdCiphertext: row.taxId === undefined ? null : seal(row.taxId),
    enrolledAt: row.enrolledAt ?? from,
  };
}

function reportCircles(circles: readonly (readonly CheckedDistributor[])[], errors: RowErrors): void {
  for (const circle of circles) {
    const ids = circle.slice(0, 5).map((row) => row.distributorId);
    const path = [...ids, ...(circle.length > 5 ? ["…"] : []), ids[0]].join(" → ");
    const first = circle.reduce((a, b) => (a.line < b.line ? a : b));
    errors.add(first.line, "sponsor_id", `these sponsor each other in a circle: ${path}; correct the sponsor of one of them`);
  }
}

function checkSponsors({ network, numbers, errors }: Deciding, rows: readonly CheckedDistributor[], circular: boolean): void {
  const inFile = circular ? new Set(rows.map((row) => row.distributorId)) : null;
  for (const row of rows) {
    if (row.sponsorId === undefined && !network.known.has(row.distributorId))
      errors.add(
        row.line,
        "sponsor_id",
        "is missing for a new distributor: name the sponsor, or leave the cell empty for the company",
      );
    if (row.sponsorId && !numbers.has(row.sponsorId) && !inFile?.has(row.sponsorId))
      errors.add(
        row.line,
        "sponsor_id",
        `${shown(row.sponsorId)} is neither in this file nor enrolled: add a line for that sponsor, or correct the id`,
      );
  }
}

/** Codes of the rows that are new; the id of everyone enrolled now is a code as well, where it can be one. */
function decideCodes({ network, numbers, errors, changed }: Deciding, rows: readonly CheckedDistributor[]): CodeWrite[] {
  const writes: CodeWrite[] = [];
  const claimed = new Map<string, CheckedDistributor>();
  const claim = (row: CheckedDistributor, field: string, { code, foldedCode }: { code: string; foldedCode: string }) => {
    const other = claimed.get(foldedCode);
    const owner = other?.distributorId ?? network.codeOwners.get(foldedCode);
    if (owner !== undefined && owner !== row.distributorId) {
      const where = other ? `in line ${other.line}` : "who is enrolled";
      errors.add(row.line, field, `${shown(code)} is already a code of distributor ${shown(owner)} ${where}: choose another`);
    } else if (owner === undefined) {
      writes.push({ distributorNo: numbers.get(row.distributorId) ?? 0, code, foldedCode });
      changed.add(row.distributorId);
    }
    if (!other) claimed.set(foldedCode, row);
  };
  for (const row of rows) {
    const id = readCode(row.distributorId);
    if (!("wrong" in id)) claim(row, "distributor_id", { code: id.code, foldedCode: id.folded });
  }
  for (const row of rows) for (const code of row.codes) claim(row, "codes", code);
  return writes;
}

function decideBuyers({ network, numbers, errors, changed }: Deciding, rows: readonly CheckedDistributor[]): BuyerWrite[] {
  const writes: BuyerWrite[] = [];
  const claimed = new Map<string, CheckedDistributor>();
  for (const row of rows) {
    for (const written of row.identities) {
      const { field, identity } = written;
      const storeId = storeOf(network.stores, written);
      if (storeId === null) {
        errors.add(row.line, field, whichStore(network.stores, written));
        continue;
      }
      const buyerHash = network.hashOf(identity, storeId);
      const other = claimed.get(buyerHash);
      const owner = other?.distributorId ?? network.buyerOwners.get(buyerHash);
      if (owner !== undefined && owner !== row.distributorId) {
        const where = other ? ` in line ${other.line}` : "";
        errors.add(row.line, field, `is already that of distributor ${shown(owner)}${where}: correct one of them`);
      } else if (owner === undefined && other === undefined) {
        const kind = identity.kind as BuyerWrite["kind"];
        const distributorNo = numbers.get(row.distributorId) ?? 0;
        writes.push({ distributorNo, buyerHash, kind, storeId: kind === "customer" ? storeId : null });
        changed.add(row.distributorId);
      }
      if (!other) claimed.set(buyerHash, row);
    }
  }
  return writes;
}

/** The store of a customer id; "" for what belongs to none, null where it cannot be told. */
export function storeOf(stores: StoredNetwork["stores"], { identity, store }: DistributorIdentity): string | null {
  if (identity.kind !== "customer") return "";
  if (store === null) return stores.length === 1 ? (stores[0]?.storeId ?? null) : null;
  return stores.find(({ storeId, domain }) => storeId === store || domain === store.toLowerCase())?.storeId ?? null;
}

function whichStore(stores: StoredNetwork["stores"], { store }: DistributorIdentity): string {
  const choice = stores.length === 0 ? "the company has none yet" : `one of ${stores.map(({ domain }) => domain).join(", ")}`;
  if (store !== null) return `${shown(store)} is no store of this company: ${choice}`;
  return `says no store, and the company has ${stores.length}: write <store>=<id> with ${choice}`;
}

/** What changed of those who are enrolled, their sponsors aside. */
function decideCorrections(deciding: Deciding, rows: readonly CheckedDistributor[]) {
  const { network, from, errors, seal, changed } = deciding;
  const corrected: DistributorWrite[] = [];
  const standings: StandingWrite[] = [];
  for (const row of rows) {
    const known = network.known.get(row.distributorId);
    if (!known) continue;
    if (row.enrolledAt && row.enrolledAt.getTime() !== known.enrolledAt.getTime()) {
      const stored = known.enrolledAt.toISOString();
      errors.add(row.line, "enrolled_at", `differs from the date of the enrolment, ${stored}, which stands: leave it out`);
    }
    const details = { name: row.name ?? known.name, country: row.country ?? known.country };
    const newTaxId =
      row.taxId !== undefined && (known.taxIdCiphertext === null || network.open(known.taxIdCiphertext) !== row.taxId);
    if (details.name !== known.name || details.country !== known.country || newTaxId) {
      const { distributorNo, distributorId, enrolledAt } = known;
      const taxIdCiphertext = newTaxId ? seal(row.taxId as string) : known.taxIdCiphertext;
      corrected.push({ distributorNo, distributorId, enrolledAt, ...details, taxIdCiphertext });
      changed.add(row.distributorId);
    }
    const standing = { status: row.status ?? known.status, rank: row.rank === undefined ? known.rank : row.rank };
    if (standing.status !== known.status || standing.rank !== known.rank) {
      refuseStandingInClosed(row, { status: standing.status !== known.status, rank: standing.rank !== known.rank }, deciding);
      standings.push({ distributorNo: known.distributorNo, ...standing, periodPv: known.periodPv, validFrom: from });
      changed.add(row.distributorId);
    }
  }
  return { corrected, standings };
}

/** Before either of them enrolled, orders would see the enrolment and closes the move. */
function refuseBeforeEnrolment(
  wanted: readonly { readonly row: CheckedDistributor }[],
  firstEdges: readonly EdgeWrite[],
  { network, numbers, from, errors }: Pick<Deciding, "network" | "numbers" | "from" | "errors">,
): void {
  const newcomers = new Map(firstEdges.map(({ distributorNo, validFrom }) => [distributorNo, validFrom]));
  const enrolledAt = (id: string) => network.known.get(id)?.enrolledAt ?? newcomers.get(numbers.get(id) ?? 0) ?? from;
  for (const { row } of wanted) {
    const both = [row.distributorId, ...(row.sponsorId ? [row.sponsorId] : [])];
    const last = both.reduce((one, other) => (enrolledAt(other) > enrolledAt(one) ? other : one));
    if (from >= enrolledAt(last)) continue;
    const [day, enrolled] = [from, enrolledAt(last)].map((at) => at.toISOString().slice(0, 10));
    errors.add(
      row.line,
      "sponsor_id",
      `changes from ${day} on, before ${shown(last)} enrolled on ${enrolled}: date the import ${enrolled} or later, or leave the sponsor of this line as it is`,
    );
  }
}

/** A close has judged who was active and with which rank just before its end: what is dated to before would never count in one. */
function refuseStandingInClosed(
  row: CheckedDistributor,
  changes: Readonly<Record<"status" | "rank", boolean>>,
  { network: { closed }, errors }: Pick<Deciding, "network" | "errors">,
): void {
  if (closed === null) return;
  for (const field of ["status", "rank"] as const) if (changes[field]) errors.add(row.line, field, closedSentence(closed, field));
}

const closedSentence = ({ name, endsAt }: NonNullable<StoredNetwork["closed"]>, what: string): string =>
  `changes within the period ${name}, which is closed or about to be: date the import ${endsAt.toISOString()} or later, or leave the ${what} of this line as it is`;

/** A close has counted who stood where just before its end: orders would go by the new line, and the close went by the old one. */
function refuseInClosed(
  wanted: readonly { readonly row: CheckedDistributor }[],
  { network: { closed }, errors }: Pick<Deciding, "network" | "errors">,
): void {
  if (closed === null) return;
  for (const { row } of wanted) errors.add(row.line, "sponsor_id", closedSentence(closed, "sponsor"));
}

async function decideMoves(
  { network, numbers, from, errors, changed }: Deciding,
  rows: readonly CheckedDistributor[],
  firstEdges: readonly EdgeWrite[],
): Promise<(EdgeWrite & PlannedMove)[]> {
  // Sponsors first saves waiting; whoever stands in a circle of old and new sponsors comes last and is refused by the tree.
  const { ordered, circles } = sponsorsFirst(rows);
  const placed = new Set(ordered);
  const order = circles.length === 0 ? ordered : [...ordered, ...rows.filter((row) => !placed.has(row))];
  const wanted = order.flatMap((row) => {
    const known = network.known.get(row.distributorId);
    if (!known || row.sponsorId === undefined || row.sponsorId === known.sponsorId) return [];
    const sponsorNo = row.sponsorId === null ? 0 : (numbers.get(row.sponsorId) as number);
    return [{ row, distributorNo: known.distributorNo, sponsorNo, validFrom: from }];
  });
  if (wanted.length === 0) return [];
  refuseBeforeEnrolment(wanted, firstEdges, { network, numbers, from, errors });
  refuseInClosed(wanted, { network, errors });
  const { accepted, refused } = settleMoves({ edges: [...(await network.readEdges()), ...firstEdges], moves: wanted });
  for (const { move, reason } of refused) {
    const { row } = move;
    const why =
      reason === "cycle"
        ? `${shown(row.sponsorId ?? "")} stands below ${shown(row.distributorId)}: nobody is sponsored by their own downline`
        : `${shown(row.distributorId)} was moved as of a later date already: move again from a date after that`;
    errors.add(row.line, "sponsor_id", why);
  }
  for (const { row } of accepted) changed.add(row.distributorId);
  return accepted.map(({ row, distributorNo, sponsorNo, validFrom }) => ({
    ...{ line: row.line, sponsorId: row.sponsorId ?? null },
    ...{ distributorNo, sponsorNo, validFrom },
  }));
}
