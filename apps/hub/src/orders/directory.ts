import {
  type BuyerIdentity,
  DEFAULT_EVIDENCE_ORDER,
  type EvidenceSource,
  NOBODY,
  type Plan,
  parsePlan,
  SkuMap,
  SponsorTree,
  type UplineDistributor,
} from "@upline/core";
import { readSkuMap } from "../catalogue/queries.ts";
import { readCompany } from "../companies/directory.ts";
import { evidenceOrderOf } from "../companies/evidence.ts";
import { asCompany, type Database, type Tx } from "../db/connect.ts";
import { Overtaken } from "../db/retry.ts";
import type { Company } from "../db/schema/companies.ts";
import { identityHashes } from "../network/buyer-hashes.ts";
import { type DirectoryStanding, type NetworkChanges, readNetworkChanges } from "../network/directory-queries.ts";
import { readPlans } from "../plans/queries.ts";
import { hashBuyer, type SecretBox } from "../secret-box.ts";
import { type ClosedSpan, readClosedSpans } from "./closed-spans.ts";
import { orderTimeTrees, Places, readPlaces } from "./places.ts";

interface Standing {
  readonly from: number;
  readonly status: string;
  readonly rank: string | null;
  readonly periodPv: bigint | null;
}

/** What may be looked up of a company while its orders are processed; all of it as of a time. */
export class Directory {
  version = 0n;
  evidenceOrder: readonly EvidenceSource[] = DEFAULT_EVIDENCE_ORDER;
  skuMap = new SkuMap([]);
  closedSpans: readonly ClosedSpan[] = [];
  readonly trees = new Map<string, Places>();
  readonly #buyerKey: string;
  readonly #tree = new SponsorTree();
  readonly #ids: string[] = [""];
  readonly #numbers = new Map<string, number>();
  readonly #enrolledAt: string[] = [""];
  readonly #countries: (string | null)[] = [null];
  /** Newest first, by distributor number; most have exactly one. */
  readonly #standings: Standing[][] = [[]];
  readonly #codes = new Map<string, number>();
  readonly #buyers = new Map<string, number>();
  #plans: readonly { readonly from: number; readonly hash: string; readonly plan: Plan }[] = [];

  constructor(buyerKey: string) {
    this.#buyerKey = buyerKey;
    this.#tree.enrol(0, NOBODY);
  }

  apply(changes: NetworkChanges): void {
    // Only a distributor who is new here is enrolled by the first edge; a known one whose details changed moves.
    const enrolled = new Set(
      changes.distributors.map((distributor) => distributor.distributorNo).filter((no) => no >= this.#ids.length),
    );
    const firstEdges = new Map<number, number>();
    for (const edge of changes.edges) if (!firstEdges.has(edge.distributorNo)) firstEdges.set(edge.distributorNo, edge.sponsorNo);
    for (const distributor of changes.distributors) {
      const no = distributor.distributorNo;
      if (no < this.#ids.length) {
        this.#countries[no] = distributor.country;
        continue;
      }
      this.#enrol(no, firstEdges.get(no) ?? 0);
      this.#ids[no] = distributor.distributorId;
      this.#numbers.set(distributor.distributorId, no);
      this.#enrolledAt[no] = distributor.enrolledAt.toISOString();
      this.#countries[no] = distributor.country;
      this.#standings[no] = [];
    }
    this.#move(changes, enrolled);
    for (const row of changes.standings) this.#stand(row);
    for (const row of changes.codes) this.#codes.set(row.foldedCode, row.distributorNo);
    for (const row of changes.buyers) this.#buyers.set(row.buyerHash, row.distributorNo);
  }

  #enrol(no: number, sponsor: number): void {
    const outcome = this.#tree.enrol(no, sponsor === 0 ? NOBODY : sponsor);
    if (outcome.kind === "refused") throw new Error(`distributor number ${no} cannot be enrolled: ${outcome.reason}`);
  }

  /** Every edge after a distributor's first is a move. */
  #move(changes: NetworkChanges, enrolled: Set<number>): void {
    for (const edge of changes.edges) {
      if (enrolled.delete(edge.distributorNo)) continue;
      const sponsor = edge.sponsorNo === 0 ? NOBODY : edge.sponsorNo;
      const outcome = this.#tree.move(edge.distributorNo, sponsor, edge.validFrom.getTime());
      // Imports judge moves by the same tree: a refused one here would mean paying an upline that nobody recorded.
      if (outcome.kind === "refused") throw new Error(`edge ${edge.edgeNo} cannot be followed: ${outcome.reason}`);
    }
  }

  #stand(row: DirectoryStanding): void {
    const list = this.#standings[row.distributorNo];
    const standing = { from: row.validFrom.getTime(), status: row.status, rank: row.rank, periodPv: row.periodPv };
    if (!list) throw new Error(`standing of unknown distributor number ${row.distributorNo}`);
    const at = list.findIndex((other) => other.from <= standing.from);
    list.splice(at === -1 ? list.length : at, 0, standing);
  }

  setPlans(plans: readonly { from: number; hash: string; plan: Plan }[]): void {
    this.#plans = plans;
  }

  numberOf(distributorId: string): number | null {
    return this.#numbers.get(distributorId) ?? null;
  }

  idOf(no: number): string | null {
    return no === 0 ? null : (this.#ids[no] ?? null);
  }

  /** By referral code, else by the distributor's own id: links carry either. */
  findByCode(foldedCode: string, at: number): { distributorId: string; eligible: boolean } | null {
    const no = this.#codes.get(foldedCode);
    if (no === undefined) return null;
    const status = this.#standingAt(no, at)?.status ?? "active";
    return { distributorId: this.#ids[no] as string, eligible: status === "active" || status === "inactive" };
  }

  hashBuyer(buyer: string): string {
    return hashBuyer(this.#buyerKey, buyer);
  }

  identityHashes(identity: BuyerIdentity, storeId: string): readonly string[] {
    return identityHashes(this.#buyerKey, identity, storeId);
  }

  /** Whom a buyer of these identities is recognised as, the earliest enrolled first. */
  distributorsOfBuyer(hashes: readonly string[]): string[] {
    const numbers = new Set(hashes.flatMap((hash) => this.#buyers.get(hash) ?? []));
    return [...numbers].sort((a, b) => a - b).map((no) => this.#ids[no] as string);
  }

  /** Whether an order of this plan and time can still be decided anew: no closed period holds it. */
  isOpen(planHash: string | null, at: number): boolean {
    const planId = planHash === null ? undefined : this.planByHash(planHash)?.id;
    return !this.closedSpans.some((span) => span.planId === planId && span.from <= at && at < span.to);
  }

  /** Whether an order that was known by then was counted in a period that is closed now. */
  wasClosedOver(order: { readonly planHash: string | null; readonly placedAt: number; readonly knownSince: number }): boolean {
    const planId = order.planHash === null ? undefined : this.planByHash(order.planHash)?.id;
    return this.closedSpans.some(
      ({ from, to, closedAt, ...span }) =>
        span.planId === planId && from <= order.placedAt && order.placedAt < to && order.knownSince < closedAt,
    );
  }

  planAt(at: number): { readonly hash: string; readonly plan: Plan } | null {
    return this.#plans.find((plan) => plan.from <= at) ?? null;
  }

  orderTimeTrees(): string[] {
    return [...new Set(this.#plans.flatMap(({ plan }) => orderTimeTrees(plan)))];
  }

  planByHash(hash: string): Plan | null {
    return this.#plans.find((plan) => plan.hash === hash)?.plan ?? null;
  }

  /** The owner first, then the upline, nearest first; with their places among their sponsors' enrolments where a plan asks for them. */
  uplineOf(distributorId: string, at: number, { numbered = false } = {}): UplineDistributor[] {
    const no = this.#numbers.get(distributorId);
    if (no === undefined) return [];
    const upline = [no, ...this.#tree.uplineAsOf(no, at)];
    if (!numbered) return upline.map((distributorNo) => this.#asOf(distributorNo, at));
    return upline.map((distributorNo) => ({
      ...this.#asOf(distributorNo, at),
      enrolmentNumber: this.#enrolmentNumber(distributorNo, at),
    }));
  }

  /** One's place among those of one's sponsor, by the date of enrolment, then by distributor number; null without a sponsor. */
  #enrolmentNumber(no: number, at: number): number | null {
    const sponsor = this.#tree.sponsorAsOf(no, at);
    if (sponsor === NOBODY) return null;
    const dateOf = (each: number): number => Date.parse(this.#enrolledAt[each] as string);
    const own = dateOf(no);
    const earlier = this.#tree
      .frontlineAsOf(sponsor, at)
      .filter((other) => dateOf(other) < own || (dateOf(other) === own && other < no));
    return earlier.length + 1;
  }

  /** The same in a placement tree; the owner alone where they have no place in it yet. */
  placementOf(tree: string, distributorId: string, at: number): UplineDistributor[] {
    const no = this.#numbers.get(distributorId);
    if (no === undefined) return [];
    return [no, ...(this.trees.get(tree)?.uplineAsOf(no, at) ?? [])].map((distributorNo) => this.#asOf(distributorNo, at));
  }

  #asOf(no: number, at: number): UplineDistributor {
    const standing = this.#standingAt(no, at);
    return {
      distributorId: this.#ids[no] as string,
      status: standing?.status ?? "active",
      rank: standing?.rank ?? null,
      periodPv: standing?.periodPv ?? null,
      enrolledAt: this.#enrolledAt[no] as string,
      country: this.#countries[no] ?? null,
    };
  }

  /** Before the first standing the first one counts: an import dates it later than the oldest order. */
  #standingAt(no: number, at: number): Standing | undefined {
    const list = this.#standings[no];
    return list?.find((standing) => standing.from <= at) ?? list?.at(-1);
  }
}

/** Keeps one directory per company and brings it up to date when its version in the database has moved. */
export class DirectoryCache {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #directories = new Map<number, Directory>();
  readonly #loading = new Map<number, Promise<Directory>>();

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box;
  }

  /** A directory of the company of any version. */
  async any(tx: Tx, companyId: number): Promise<Directory> {
    return this.#directories.get(companyId) ?? this.current(tx, companyId);
  }

  /** The directory at the version this transaction sees, or a newer one. */
  async current(tx: Tx, companyId: number): Promise<Directory> {
    const newest = await readVersion(tx, companyId);
    const cached = this.#directories.get(companyId);
    if (cached && newest !== null && cached.version >= newest) return cached;
    return this.refresh(companyId);
  }

  /**
   * Throws Overtaken where a newer directory was committed while a transaction decided by an older one: it is to
   * be undone, and decided again. Whoever commits a change after this look finds what the transaction wrote.
   */
  async refuseOutdated(tx: Tx, companyId: number, version: bigint): Promise<void> {
    const newest = await readVersion(tx, companyId);
    if (newest !== null && newest > version) throw new Overtaken();
  }

  /** Reads what changed since the last time; callers at the same moment share one read. */
  async refresh(companyId: number): Promise<Directory> {
    const running = this.#loading.get(companyId);
    if (running) {
      await running.catch(() => {});
    }
    const again = this.#loading.get(companyId);
    if (again) return again;
    const load = this.#load(companyId).finally(() => this.#loading.delete(companyId));
    // Half an update would be carried along for ever: the next read starts from nothing.
    load.catch(() => this.#directories.delete(companyId));
    this.#loading.set(companyId, load);
    return load;
  }

  #load(companyId: number): Promise<Directory> {
    return asCompany({ app: this.#db.directory }, companyId, async (tx) => {
      const company = await readCompany(tx, companyId);
      if (!company) throw new Error(`company ${companyId} does not exist`);
      const directory = this.#directories.get(companyId) ?? new Directory(this.#box.open(company.buyerKey));
      const [changes, skus, plans, closedSpans] = await Promise.all([
        readNetworkChanges(tx, { companyId, after: directory.version }),
        readSkuMap(tx, companyId),
        readPlans(tx, companyId),
        readClosedSpans(tx, companyId),
      ]);
      directory.apply(changes);
      directory.skuMap = new SkuMap(skus);
      directory.setPlans(
        // A withdrawn version judges nothing, but what is locked to one can still be read.
        plans.map((row) => ({
          from: row.effectiveFrom?.getTime() ?? Number.POSITIVE_INFINITY,
          hash: row.planHash,
          plan: parsePlan(row.document),
        })),
      );
      await this.#loadTrees(tx, companyId, directory);
      directory.closedSpans = closedSpans;
      directory.evidenceOrder = evidenceOrderOf(company);
      directory.version = company.directoryVersion;
      this.#directories.set(companyId, directory);
      return directory;
    });
  }

  /** Only trees that a plan pays on when an order comes; one that a new plan names is read from its beginning. */
  async #loadTrees(tx: Tx, companyId: number, directory: Directory): Promise<void> {
    for (const tree of directory.orderTimeTrees()) {
      const known = directory.trees.get(tree);
      const places = known ?? new Places();
      places.add(await readPlaces(tx, { companyId, tree, after: known === undefined ? 0n : directory.version }));
      directory.trees.set(tree, places);
    }
  }
}

async function readVersion(tx: Tx, companyId: number): Promise<Company["directoryVersion"] | null> {
  const [row] = await tx<Pick<Company, "directoryVersion">[]>`
    select directory_version as "directoryVersion" from companies where company_id = ${companyId}`;
  return row?.directoryVersion ?? null;
}
