import {
  type CommissionableLine,
  type Computation,
  commissionableLine,
  compareRevisions,
  computeCommissions,
  type LockedMapping,
  netOfLine,
  type OrderLine,
  type OrderState,
  type Plan,
  type Refund,
  refundedNet,
  type Target,
  targetsOf,
  type UplineDistributor,
} from "@upline/core";
import { measureNeeds, placementTrees, readableUpline } from "@upline/core/engine";
import { sha256 } from "../secret-box.ts";
import { type KnownBuyer, knowBuyer } from "./buyers.ts";
import type { Directory, PlanBook } from "./directory.ts";
import { currencyOf, lockExchange, lockedRate, missingRate } from "./exchange.ts";
import { ownerOf } from "./owner.ts";
import { FORMAT, type Locked, type Snapshot, withoutBuyer } from "./snapshot.ts";

/**
 * The pure middle of the pipeline: from what is known of an order and what deliveries say, to what
 * the order is, who owns it, what everyone on the way up should have earned. No clock, no database.
 */

/** What is known of an order besides its states. Facts only ever add up, so that their order of arrival cannot matter. */
export interface Facts {
  readonly refunds: ReadonlyMap<string, { readonly refund: Refund; readonly standalone: boolean }>;
  readonly deleted: boolean;
}

export interface Decision {
  readonly snapshot: Snapshot;
  readonly targets: ReadonlyMap<string, Target>;
  readonly netMinor: bigint;
  readonly refundedNetMinor: bigint;
  readonly quarantined: readonly OrderLine[];
  /** Of the commissions: the plan's, or without one the order's. */
  readonly currency: string;
}

export interface DecideInput {
  /** The last snapshot, where the order was seen before. */
  readonly before: Snapshot | null;
  /** When the order was first recorded; null for one that was not seen before. */
  readonly knownSince?: Date | null;
  /** States the deliveries of this batch carry, in any order. */
  readonly states: readonly OrderState[];
  readonly facts: Facts;
  readonly directory: Directory;
  /** Keyed hashes of the buyers that the states tell. */
  readonly heard: readonly string[];
  /** Whether the buyer has no older order; undefined leaves what was decided before. */
  readonly firstOrder?: boolean;
  /** Which sale of the sponsor's recruits it is; undefined leaves what was decided before. */
  readonly saleNumbers?: Readonly<Record<string, number>> | undefined;
  /** An admin decided the owner: overrides all evidence. Undefined leaves the attribution as it is. */
  readonly reattributeTo?: string | null;
}

/** What is known of an order before anything is decided of it. */
export interface Known {
  readonly state: OrderState;
  readonly buyer: KnownBuyer;
}

/** The newest state wins, whatever the order of arrival; null where nothing is known of the order itself yet. */
export function know(input: DecideInput): Known | null {
  const known = input.before ? [input.before.state, ...input.states] : [...input.states];
  const newest = known.reduce<OrderState | null>(
    (best, state) => (best === null || compareRevisions(state.revision, best.revision) > 0 ? state : best),
    null,
  );
  if (newest === null) return null;
  return { state: withFacts(newest, input.facts), buyer: knowBuyer(input) };
}

export function decide(input: DecideInput, known = know(input)): Decision | null {
  if (known === null) return null;
  const { state } = known;
  const locked = lock(known, input);
  const { lines, quarantined } = mapLines(state, locked);
  const plan = locked.planHash === null ? null : input.directory.planByHash(locked.planHash);
  const computation = compute({ state, locked, lines, directory: input.directory, explain: false });
  const net = state.lines.reduce((sum, line) => sum + netOfLine(line), 0n);
  const back = [...refundedNet(state).values()].reduce((sum, amount) => sum + amount, 0n);
  const entries = computation.entries.map(({ entryKey, bonusId, lineId, level, earner, amountMinor }) => ({
    entryKey,
    bonusId,
    lineId,
    level,
    earner,
    amountMinor,
  }));
  return {
    snapshot: { format: FORMAT, state: withoutBuyer(state), locked, entries },
    targets: targetsOf(state, computation.entries),
    netMinor: net,
    refundedNetMinor: back,
    quarantined,
    currency: currencyOf(plan, state.currency),
  };
}

/**
 * Full accounts replace summaries, refunds sent by themselves are added unless the state says that their money never
 * went, and a deleted order is void.
 */
function withFacts(state: OrderState, facts: Facts): OrderState {
  const listed = state.refunds.map((refund) =>
    refund.detail === "full" ? refund : (facts.refunds.get(refund.refundId)?.refund ?? refund),
  );
  const ids = new Set([...listed.map((refund) => refund.refundId), ...(state.refundsNotMade ?? [])]);
  const added = [...facts.refunds.values()]
    .filter((fact) => fact.standalone && !ids.has(fact.refund.refundId))
    .map((fact) => fact.refund);
  const refunds = [...listed, ...added].sort((a, b) => (a.refundId < b.refundId ? -1 : a.refundId > b.refundId ? 1 : 0));
  return { ...state, refunds, ...(facts.deleted ? { stage: { kind: "void", reason: "deleted" } as const } : {}) };
}

/**
 * What is locked at first sight stays, but for what is learnt of the buyer: which distributor they are, and whether the
 * order is their first. That is decided again until a period is closed over it: what was closed stays as it was paid.
 */
export function lock({ state, buyer }: Known, input: DecideInput): Locked {
  const { before, directory } = input;
  const at = Date.parse(state.placedAt);
  const owner = ownerOf(state, input, buyer);
  const sameOwner = before !== null && before.locked.attribution.distributorId === owner.attribution.distributorId;
  const ownerId = owner.attribution.distributorId;
  const planHash = before?.locked.planHash ?? directory.planAt(at)?.hash ?? null;
  const isOpen = directory.isOpen(planHash, at);
  const isOwn = ownerId !== null && buyer.distributors.includes(ownerId);
  const firstBefore = before?.locked.firstOrder ?? false;
  const plan = planHash === null ? null : directory.planByHash(planHash);
  const judged = plan !== null && asksJudgements(plan);
  // Of a closed period what was counted stays. What was no sale of this sponsor then is counted now: without an owner, without a class.
  const counted = before !== null && !isOpen && sameOwner ? before.locked.saleNumbers : undefined;
  const numbers = input.saleNumbers ?? before?.locked.saleNumbers;
  const saleNumbers = counted === undefined ? numbers : { ...numbers, ...counted };
  const exchange = lockExchange({ currency: state.currency, at, plan, before: before?.locked ?? null }, directory);
  return {
    ...owner,
    buyer: sameOwner && (!isOpen || before.locked.buyer === "self") ? before.locked.buyer : isOwn ? "self" : "customer",
    buyerHash: buyer.hash,
    buyerHashes: buyer.hashes,
    buyerNamed: buyer.named,
    firstOrder: before !== null && !isOpen ? firstBefore : (input.firstOrder ?? firstBefore),
    planHash,
    ...(sameOwner && before.locked.upline.length > 0
      ? { upline: before.locked.upline, ...(before.locked.above === undefined ? {} : { above: before.locked.above }) }
      : readable(plan, ownerId === null ? [] : directory.uplineOf(ownerId, at, { numbered: countsRecruits(plan), judged }))),
    placements: Object.fromEntries(
      (ownerId === null || plan === null ? [] : placementTrees(plan, "order")).map((tree) => [
        tree,
        (sameOwner ? before.locked.placements[tree] : undefined) ?? directory.placementOf(tree, ownerId ?? "", { at, judged }),
      ]),
    ),
    mappings: lockMappings(state, input),
    ...(saleNumbers === undefined ? {} : { saleNumbers }),
    ...(exchange === undefined ? {} : { exchange }),
  };
}

/** As much of an upline as the plan can read, and of the rest who they were. */
function readable(plan: Plan | null, upline: readonly UplineDistributor[]): Pick<Locked, "upline" | "above"> {
  const count = plan === null ? upline.length : readableUpline(plan, upline);
  if (count === upline.length) return { upline };
  const rest = upline.slice(count);
  return { upline: upline.slice(0, count), above: { count: rest.length, hash: hashAbove(rest) } };
}

/** Of the ids of people one above the other. */
export function hashAbove(people: readonly UplineDistributor[]): string {
  return sha256(people.map(({ distributorId }) => distributorId).join("\n"))
    .toString("base64url")
    .slice(0, 22);
}

/** Whether orders under a plan ask for what the last close found of people. */
function asksJudgements(plan: Plan): boolean {
  const known = judgedPlans.get(plan);
  if (known !== undefined) return known;
  const { atOrders, titlesAtOrders } = measureNeeds(plan);
  const asks = atOrders.length > 0 || titlesAtOrders;
  judgedPlans.set(plan, asks);
  return asks;
}

/** A plan never changes, and this is on every order's way. */
const judgedPlans = new WeakMap<Plan, boolean>();

/** Whether a plan asks for the places of recruits among their sponsor's: only then are they counted and kept. */
function countsRecruits(plan: Plan | null): boolean {
  return plan?.bonuses.some((bonus) => bonus.kind === "pass-up") ?? false;
}

function lockMappings(state: OrderState, { before, directory }: DecideInput): Record<string, LockedMapping> {
  const mappings: Record<string, LockedMapping> = {};
  for (const line of state.lines) {
    if (line.kind !== "product") continue;
    const kept = before?.locked.mappings[line.lineId];
    const found = kept ?? directory.skuMap.find({ platform: state.platform, line, at: state.placedAt });
    if (!found) continue;
    const { skuId, commissionClass, pv, qv, cv, retailMargin } = found;
    mappings[line.lineId] = { skuId, commissionClass, pv, qv, cv, retailMargin };
  }
  return mappings;
}

/** Lines that can be computed, and those that wait for a mapping or for a rate of the order's currency. */
function mapLines(state: OrderState, locked: Locked): { lines: CommissionableLine[]; quarantined: OrderLine[] } {
  const lines: CommissionableLine[] = [];
  const quarantined: OrderLine[] = [];
  for (const line of state.lines) {
    if (line.kind !== "product") continue;
    const mapping = locked.mappings[line.lineId];
    if (mapping && missingRate(locked) === null)
      lines.push(commissionableLine({ line, mapping, currency: state.currency, exchange: lockedRate(locked) }));
    else quarantined.push(line);
  }
  return { lines, quarantined };
}

const NOTHING: Computation = { planHash: "", entries: [], walk: [] };

/** The computation of a snapshot's facts: used when an order is processed, and again whenever somebody asks why. */
export function compute(args: {
  state: OrderState;
  locked: Locked;
  lines: readonly CommissionableLine[];
  directory: PlanBook;
  /** Whether the walk is told too: it is made again when somebody asks for it. */
  explain?: boolean;
}): Computation {
  const { state, locked, lines, directory, explain = true } = args;
  const plan = locked.planHash === null ? null : directory.planByHash(locked.planHash);
  if (plan === null || locked.upline.length === 0 || missingRate(locked) !== null) return NOTHING;
  return computeCommissions({
    plan,
    orderId: state.orderId,
    placedAt: state.placedAt,
    currency: state.currency,
    exchangeRate: locked.exchange?.rate ?? undefined,
    market: locked.upline[0]?.country ?? null,
    buyer: locked.buyer,
    firstOrder: locked.firstOrder,
    subscription: state.subscription === true,
    ...(locked.saleNumbers === undefined ? {} : { saleNumbers: locked.saleNumbers }),
    lines,
    upline: locked.upline,
    placements: locked.placements,
    explain,
  });
}

/** The same computation from a stored snapshot alone. */
export function recompute(snapshot: Snapshot, directory: PlanBook, { explain = true } = {}): Computation {
  const { lines } = mapLines(snapshot.state, snapshot.locked);
  return compute({ state: snapshot.state, locked: snapshot.locked, lines, directory, explain });
}
