import {
  allocate,
  type BuyerIdentity,
  currencyExponent,
  divideHalfUp,
  foldCode,
  foldEmail,
  formatAmount,
  identitiesOf,
  isAmountMinor,
  MoneyError,
  type OrderState,
  type PlatformName,
  parseAmount,
  parseDecimal,
  type Stage,
} from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { Overtaken, retryPassing } from "../db/retry.ts";
import { type FieldError, HubError, refused } from "../errors.ts";
import { listStores } from "../stores/queries.ts";
import type { Directory } from "./directory.ts";
import type { PipelineContext } from "./pipeline.ts";
import { processWork } from "./process.ts";
import { lockOrder, type RevisionText, readRevision, readRevisions } from "./queries.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

/**
 * An order that somebody sends over the API goes the way of every order. What is of its own: the
 * store is found rather than signed, and a repeat is told apart from a contradiction.
 */

/** An order's status as the API takes it; a status moves to a higher number only. */
export const API_STATUSES = { pending: 0, paid: 1, completed: 2, refunded: 3, cancelled: 3 } as const;
export type ApiStatus = keyof typeof API_STATUSES;

/** An order as it was sent. Numbers are decimal texts, so that no digit is lost. */
export interface ApiOrder {
  /** Which of the two bodies it came in: refusals name its fields. */
  readonly form: "single" | "normalised";
  readonly platform: PlatformName;
  readonly platformOrderId: string;
  /** Null: the company's only active store of the platform. */
  readonly storeId: string | null;
  /** Null: now, at first sight; a repeat then compares equal. */
  readonly orderTs: string | null;
  readonly status: ApiStatus;
  readonly currency: string;
  /** A referral code or a distributor's own id. */
  readonly distributorRef: string | null;
  readonly customerId: string | null;
  readonly items: readonly { readonly platformSku: string; readonly qty: string; readonly unitPrice: string }[];
  /** What the buyer pays; less than the items' sum is an order-wide discount. Null: the items' sum. */
  readonly total: string | null;
}

export interface AcceptedOrder {
  readonly replayed: boolean;
  readonly orderNo: bigint;
  readonly revision: RevisionText;
  /** Rows this call wrote to the ledger. */
  readonly transfers: number;
}

/** Marks the states of this route. It begins below every letter and digit, so that a shop's own state of the same second wins. */
const MARK = "!api:";

/**
 * Takes an order, or answers what an equal call was answered before. In one transaction: the order,
 * its commissions and the answer that `present` makes of them. `now` is used where no time was sent.
 * Throws HubError where the company has no such store, or the call contradicts what is stored.
 */
export function acceptOrder<T>(
  context: PipelineContext,
  args: { companyId: number; order: ApiOrder; now: Date; present: (tx: Tx, accepted: AcceptedOrder) => Promise<T> },
): Promise<T> {
  const { companyId, order, now, present } = args;
  return retryPassing(async () => {
    await context.directories.ready(companyId);
    return asCompany(context.db, companyId, async (tx) => {
      const store = await findStore(tx, companyId, order);
      const key = { storeId: store.storeId, platformOrderId: order.platformOrderId };
      const known = await lockOrder(tx, { companyId, ...key });
      if (known === null) {
        const applied = await apply(context, tx, { companyId, key, state: orderStateOf(order, now) });
        // Somebody else's first: what they sent must be compared with this before it may change anything.
        if (applied.revision.revision > 1 || !applied.changed) throw new Overtaken();
        return present(tx, applied);
      }
      const directory = await context.directories.current(tx, companyId);
      const newest = await readRevision(tx, { companyId, ...known });
      if (!newest) throw new Error("an order has no revision");
      const sent = await readRevisions(tx, { companyId, orderNo: known.orderNo, cause: "api", limit: 20 });
      const again = judgeRepeat({ order, newest, sent: [...sent].reverse(), directory });
      if (again.kind === "replay")
        return present(tx, { replayed: true, orderNo: known.orderNo, revision: again.revision, transfers: 0 });
      return present(tx, await apply(context, tx, { companyId, key, state: again.state }));
    });
  });
}

async function apply(
  context: PipelineContext,
  tx: Tx,
  args: { companyId: number; key: { storeId: string; platformOrderId: string }; state: OrderState },
): Promise<AcceptedOrder & { changed: boolean }> {
  const { companyId, key, state } = args;
  const work = { ...key, reads: [], states: [state], cause: "api" as const };
  const { orders, transfers } = await processWork(context, tx, { companyId, works: [work] }).catch((error: unknown) => {
    // Amounts, quantities and volumes are each within their bounds; their product may not be.
    if (!(error instanceof MoneyError)) throw error;
    throw refused("items", error.message, `This order cannot be computed: ${error.message}.`);
  });
  const [done] = orders;
  const revision = done && (await readRevision(tx, { companyId, orderNo: done.orderNo, revision: done.revision }));
  if (!done || !revision) throw new Error("an order that was just processed has no revision");
  return { replayed: false, orderNo: done.orderNo, revision, transfers, changed: done.changed };
}

async function findStore(tx: Tx, companyId: number, order: ApiOrder): Promise<{ storeId: string }> {
  const { platform } = order;
  const active = (await listStores(tx, companyId)).filter((store) => store.platform === platform && store.status === "active");
  const ids = active.map((store) => store.storeId);
  if (order.storeId !== null) {
    const named = active.find((store) => store.storeId === order.storeId);
    if (named) return named;
    const which = ids.length === 0 ? "there is none" : `there is ${ids.join(", ")}`;
    throw refused("store", which, `"store" names no active ${platform} store of this company: ${which}.`);
  }
  const [only] = active;
  if (only === undefined) {
    throw refused(
      "store",
      `no active ${platform} store`,
      `This company has no active ${platform} store: add one with \`pnpm upline store add --platform ${platform}\`.`,
    );
  }
  if (active.length === 1) return only;
  const which = `one of ${ids.join(", ")}`;
  throw refused(
    "store",
    which,
    `This company has several active ${platform} stores: say in "store" which one, of ${ids.join(", ")}.`,
  );
}

type Repeat =
  | { readonly kind: "replay"; readonly revision: RevisionText }
  | { readonly kind: "forward"; readonly state: OrderState };

/** An equal call is answered as it was; a status that moves on is applied; anything else contradicts what is stored, and is refused. */
function judgeRepeat(args: {
  order: ApiOrder;
  newest: RevisionText;
  /** What was sent over the API, the oldest first. */
  sent: readonly RevisionText[];
  directory: Directory;
}): Repeat {
  const { order, directory } = args;
  for (const revision of args.sent) {
    if (differences(order, readSnapshot(revision.snapshot), directory).length === 0) return { kind: "replay", revision };
  }
  const newest = readSnapshot(args.newest.snapshot);
  if (!newest.state.revision.tie.startsWith(MARK)) {
    throw new HubError(
      "conflict",
      "The store sends this order itself, and its deliveries decide. Read the order instead of sending it: GET /api/orders.",
    );
  }
  const differing = differences(order, newest, directory);
  const before = newest.state.platformStatus as ApiStatus;
  if (differing.length === 1 && differing[0]?.path === "status" && API_STATUSES[order.status] > API_STATUSES[before])
    return { kind: "forward", state: orderStateOf(order, new Date(newest.state.placedAt)) };
  const names = differing.map((field) => field.path).join(", ");
  throw new HubError(
    "conflicting-replay",
    `Order ${order.platformOrderId} was sent before with other ${names}. Nothing was changed. Repeat a call with the same facts, or let the status move on.`,
    { fields: differing },
  );
}

/** Which facts of a call differ from a stored order, each with what is stored. */
function differences(order: ApiOrder, stored: Snapshot, directory: Directory): FieldError[] {
  const { state, locked } = stored;
  const sent = orderStateOf(order, new Date(state.placedAt));
  const money = (minor: bigint) => formatAmount(minor, state.currency);
  const buyerHash = sent.buyer === null ? null : directory.hashBuyer(sent.buyer);
  const code = (state: OrderState) => foldCode(state.evidence[0]?.code ?? "");
  const single = order.form === "single";
  const skus = (state: OrderState) => state.lines.map((line) => line.sku).join(", ");
  const differing: [path: string, differs: boolean, told: string][] = [
    ["status", order.status !== state.platformStatus, `is "${state.platformStatus}"; a status only moves on`],
    ["currency", sent.currency !== state.currency, `is ${state.currency}`],
    ["order_ts", Date.parse(sent.placedAt) !== Date.parse(state.placedAt), `is ${state.placedAt}`],
    [refFieldOf(order), code(sent) !== code(state), `is ${state.evidence[0] ? `"${state.evidence[0].code}"` : "not set"}`],
    ["customer_id", buyerHash !== locked.buyerHash, "is another one"],
    single
      ? ["sku", skus(sent) !== skus(state), `is ${skus(state)}`]
      : ["items", itemsText(sent) !== itemsText(state), `are ${itemsText(state)}`],
    [single ? "amount" : "total", sent.totalMinor !== state.totalMinor, `is ${money(state.totalMinor)} ${state.currency}`],
  ];
  return differing.filter(([, differs]) => differs).map(([path, , told]) => ({ path, message: `${told} in the stored order` }));
}

function refFieldOf(order: ApiOrder): string {
  return order.form === "single" ? "referrer_id" : "distributor_ref";
}

/** SKU, quantity and price of every line; their order says nothing. */
function itemsText(state: OrderState): string {
  return state.lines
    .map((line) => `${line.quantity} × ${line.sku} for ${formatAmount(line.grossMinor, state.currency)}`)
    .sort()
    .join(", ");
}

/** The canonical state of an order as sent. Pure: the same order and time give the same state. */
export function orderStateOf(order: ApiOrder, otherwise: Date): OrderState {
  const { currency, status } = order;
  const placedAt = (order.orderTs === null ? otherwise : new Date(order.orderTs)).toISOString();
  const gross = order.items.map((item) => grossMinor(item.unitPrice, item.qty, currency));
  const sum = gross.reduce((all, amount) => all + amount, 0n);
  if (!isAmountMinor(sum))
    throw refused(
      "items",
      "their sum is larger than any order",
      "The sum of the items is larger than any order: check qty and unit_price.",
    );
  const totalMinor = order.total === null ? sum : parseAmount(order.total, currency);
  const discount = sum > totalMinor ? sum - totalMinor : 0n;
  const discounts = allocate(
    discount,
    gross.map((weight, index) => ({ key: lineIdOf(index), weight })),
  );
  return {
    platform: order.platform,
    orderId: order.platformOrderId,
    orderName: order.platformOrderId,
    revision: { at: placedAt, tie: `${MARK}${API_STATUSES[status]}` },
    placedAt,
    stage: stageOf(status),
    platformStatus: status,
    currency,
    totalMinor,
    lines: order.items.map((item, index) => ({
      lineId: lineIdOf(index),
      kind: "product",
      variantId: null,
      productId: null,
      sku: item.platformSku,
      name: item.platformSku,
      quantity: Number(item.qty),
      grossMinor: gross[index] as bigint,
      discountMinor: discounts.get(lineIdOf(index)) ?? 0n,
      includedTaxMinor: 0n,
    })),
    refunds: [],
    buyer: order.customerId === null ? null : `customer:${order.customerId}`,
    buyerIdentities: order.customerId === null ? [] : identitiesOfCaller(order.customerId),
    evidence:
      order.distributorRef === null || foldEmail(order.distributorRef) !== null
        ? []
        : [{ source: "cart-attribute", code: order.distributorRef, where: refFieldOf(order) }],
  };
}

/** A caller names the buyer by the shop's customer id, by an address, or by a distributor's own id, as it does the referrer. */
function identitiesOfCaller(customerId: string): BuyerIdentity[] {
  const told = identitiesOf({ emails: [customerId], customerId, phones: [] });
  return [...told, { kind: "distributor", value: customerId }];
}

function lineIdOf(index: number): string {
  return String(index + 1);
}

/** Price × quantity, rounded half up once. */
function grossMinor(unitPrice: string, qty: string, currency: string): bigint {
  const price = parseDecimal(unitPrice);
  const quantity = parseDecimal(qty);
  return divideHalfUp(price.num * quantity.num * 10n ** BigInt(currencyExponent(currency)), price.den * quantity.den);
}

function stageOf(status: ApiStatus): Stage {
  switch (status) {
    case "pending":
      return { kind: "pending" };
    case "paid":
    case "completed":
      return { kind: "earned" };
    case "refunded":
    case "cancelled":
      return { kind: "void", reason: "cancelled" };
  }
}
