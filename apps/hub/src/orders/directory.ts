import {
  type BuyerIdentity,
  DEFAULT_EVIDENCE_ORDER,
  type EvidenceSource,
  type Plan,
  RateTable,
  SkuMap,
  type UplineDistributor,
} from "@upline/core";
import { identityHashes } from "../network/buyer-hashes.ts";
import { Network } from "../network/network.ts";
import { mayEarn } from "../network/standings.ts";
import { hashBuyer } from "../secret-box.ts";
import type { ClosedSpan } from "./closed-spans.ts";

export interface DatedPlan {
  /** Epoch milliseconds; a withdrawn version begins never. */
  readonly from: number;
  readonly hash: string;
  readonly plan: Plan;
}

/** Every version of the company's plans, by the hash that snapshots are locked to. */
export type PlanBook = Pick<Directory, "planByHash">;

/** What only some plans ask of an upline: it costs a look for each of them. */
export interface AskedOfUpline {
  /** Their places among their sponsors' enrolments. */
  readonly numbered?: boolean | undefined;
  /** Titles and measures as the last close found them. */
  readonly judged?: boolean | undefined;
}

/** About what a directory takes beside its people. */
const SMALL_BYTES = 16_384;

/** What may be looked up of a company while its orders are processed; all of it as of a time. */
export class Directory {
  version = 0n;
  evidenceOrder: readonly EvidenceSource[] = DEFAULT_EVIDENCE_ORDER;
  skuMap = new SkuMap([]);
  rates = new RateTable([]);
  closedSpans: readonly ClosedSpan[] = [];
  readonly network: Network;
  /** The newest row of the SKU map that is in memory: rows are only ever added. */
  lastMappingNo = 0n;
  readonly #buyerKey: string;
  #plans: readonly DatedPlan[] = [];

  /** `expected` distributors get room at once, where it is known how many come. */
  constructor(buyerKey: string, expected = 0, network = new Network(expected)) {
    this.network = network;
    this.#buyerKey = buyerKey;
  }

  /** The same company with another SKU map, for what would become of its orders: nothing that is decided by it may be written. */
  withSkuMap(skuMap: SkuMap): Directory {
    const other = new Directory(this.#buyerKey, 0, this.network);
    const { version, evidenceOrder, rates, closedSpans } = this;
    other.setPlans(this.#plans);
    return Object.assign(other, { version, evidenceOrder, rates, closedSpans, skuMap });
  }

  /** About how many bytes it takes. */
  get bytes(): number {
    return this.network.bytes + SMALL_BYTES;
  }

  setPlans(plans: readonly DatedPlan[]): void {
    this.#plans = plans;
  }

  numberOf(distributorId: string): number | null {
    return this.network.numberOf(distributorId);
  }

  idOf(no: number): string | null {
    return this.network.idOf(no);
  }

  /** By referral code, else by the distributor's own id: links carry either. */
  findByCode(foldedCode: string, at: number): { distributorId: string; eligible: boolean } | null {
    const no = this.network.ownerOfCode(foldedCode);
    const distributorId = no === null ? null : this.network.idOf(no);
    if (no === null || distributorId === null) return null;
    return { distributorId, eligible: mayEarn(this.network.standingAt(no, at)?.status ?? "active") };
  }

  hashBuyer(buyer: string): string {
    return hashBuyer(this.#buyerKey, buyer);
  }

  identityHashes(identity: BuyerIdentity, storeId: string): readonly string[] {
    return identityHashes(this.#buyerKey, identity, storeId);
  }

  /** Whom a buyer of these identities is recognised as, the earliest enrolled first. */
  distributorsOfBuyer(hashes: readonly string[]): string[] {
    const numbers = new Set(hashes.flatMap((hash) => this.network.ownerOfBuyer(hash) ?? []));
    return [...numbers].sort((a, b) => a - b).flatMap((no) => this.network.idOf(no) ?? []);
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

  planByHash(hash: string): Plan | null {
    return this.#plans.find((plan) => plan.hash === hash)?.plan ?? null;
  }

  /** The owner first, then the upline, nearest first, with what a plan asks of them besides. */
  uplineOf(distributorId: string, at: number, asked: AskedOfUpline = {}): UplineDistributor[] {
    const no = this.network.numberOf(distributorId);
    return no === null ? [] : this.#membersAt([no, ...this.network.uplineAt(no, at)], at, asked);
  }

  /** The same in a placement tree; the owner alone where they have no place in it yet. */
  placementOf(
    tree: string,
    distributorId: string,
    { at, judged }: Pick<AskedOfUpline, "judged"> & { readonly at: number },
  ): UplineDistributor[] {
    const no = this.network.numberOf(distributorId);
    return no === null ? [] : this.#membersAt([no, ...(this.network.placesOf(tree)?.uplineAsOf(no, at) ?? [])], at, { judged });
  }

  #membersAt(numbers: readonly number[], at: number, { numbered, judged }: AskedOfUpline): UplineDistributor[] {
    if (numbered !== true && judged !== true) return numbers.map((no) => this.network.memberAt(no, at));
    return numbers.map((no) => ({
      ...this.network.memberAt(no, at),
      ...(judged === true ? this.network.judgementAt(no, at) : {}),
      ...(numbered === true ? { enrolmentNumber: this.network.enrolmentNumberAt(no, at) } : {}),
    }));
  }
}
