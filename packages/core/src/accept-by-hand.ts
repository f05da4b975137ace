import {
  EVIDENCE_MAX,
  ID_LENGTH_MAX,
  isAmountMinor,
  isOrderDate,
  isPlainInstant,
  isQuantity,
  isStorable,
  LINES_MAX,
  REFUNDS_MAX,
  TEXT_LENGTH_MAX,
} from "./bounds.ts";
import { type BuyerIdentity, buyerIdentity } from "./buyer-identity.ts";
import { type Evidence, evidenceSource, lineKind, type OrderLine, type OrderState, platformName, type Refund } from "./order.ts";

/**
 * Whether an order's state is what the schema of `accept` would leave exactly as it is: a fifth of its time. False says
 * nothing: then the schema decides, cuts, and says what is wrong. A test holds it to the schema.
 */
export function isAcceptable(state: OrderState, now: Date | null): boolean {
  return (
    hasOnly(state, STATE) &&
    PLATFORMS.has(state.platform) &&
    isId(state.orderId) &&
    isWords(state.orderName) &&
    hasOnly(state.revision, REVISION) &&
    isMoment(state.revision.at, now) &&
    typeof state.revision.tie === "string" &&
    state.revision.tie.length <= 255 &&
    isMoment(state.placedAt, now) &&
    isStage(state.stage) &&
    isWords(state.platformStatus) &&
    CURRENCY.test(state.currency) &&
    isAmount(state.totalMinor) &&
    (state.worthMinor === undefined || isAmount(state.worthMinor)) &&
    isListOf(state.lines, LINES_MAX, isLine) &&
    areUnlike(state.lines, lineIdOf) &&
    isListOf(state.refunds, REFUNDS_MAX, (refund) => isRefund(refund, now)) &&
    areUnlike(state.refunds, refundIdOf) &&
    (state.refundsNotMade === undefined || isListOf(state.refundsNotMade, REFUNDS_MAX, isId)) &&
    isBuyer(state.buyer) &&
    (state.buyerIdentities === undefined || isListOf(state.buyerIdentities, Number.POSITIVE_INFINITY, isIdentity)) &&
    isListOf(state.evidence, EVIDENCE_MAX, isEvidence) &&
    (state.nobody === undefined || state.nobody === "buyer" || state.nobody === "shop") &&
    (state.subscription === undefined || state.subscription === true)
  );
}

const STATE: ReadonlySet<string> = new Set<keyof OrderState>([
  ...(["platform", "orderId", "orderName", "revision", "placedAt", "stage", "platformStatus", "currency", "totalMinor"] as const),
  ...(["worthMinor", "lines", "refunds", "refundsNotMade", "buyer", "buyerIdentities", "evidence"] as const),
  ...(["nobody", "subscription"] as const),
]);
const REVISION: ReadonlySet<string> = new Set(["at", "tie"]);
const LINE: ReadonlySet<string> = new Set<keyof OrderLine>([
  ...(["lineId", "kind", "variantId", "productId", "sku", "name", "quantity"] as const),
  ...(["grossMinor", "discountMinor", "includedTaxMinor"] as const),
]);
const REFUND: ReadonlySet<string> = new Set<keyof Refund>([
  ...(["refundId", "at", "amountMinor", "lines", "proratedMinor", "unlinked", "namedMinor", "detail"] as const),
]);
const NAMED: ReadonlySet<string> = new Set(["lineId", "netMinor"]);
const UNLINKED: ReadonlySet<string> = new Set(["lineIds", "netMinor", "grossMinor"]);
const EVIDENCE: ReadonlySet<string> = new Set<keyof Evidence>(["source", "code", "where"]);
const IDENTITY: ReadonlySet<string> = new Set<keyof BuyerIdentity>(["kind", "value"]);
const PLATFORMS: ReadonlySet<string> = new Set(platformName.options);
const LINE_KINDS: ReadonlySet<string> = new Set(lineKind.options);
const SOURCES: ReadonlySet<string> = new Set(evidenceSource.options);
const IDENTITY_KINDS: ReadonlySet<string> = new Set(buyerIdentity.shape.kind.options);
const VOIDS: ReadonlySet<string> = new Set(["cancelled", "failed", "test", "trashed", "deleted", "chargeback"]);
const CURRENCY = /^[A-Z]{3}$/;
/** Nobody's address, whatever it is folded to. */
const NO_ADDRESS = /^[ -?A-~]*$/;

/** An object without members that the schema would take away. */
function hasOnly(value: object, known: ReadonlySet<string>): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const name in value) if (!known.has(name)) return false;
  return true;
}

function isListOf<T>(items: readonly T[], most: number, isItem: (item: T) => boolean): boolean {
  return Array.isArray(items) && items.length <= most && items.every(isItem);
}

/** Every id once. */
function areUnlike<T>(items: readonly T[], idOf: (item: T) => string): boolean {
  return items.length < 2 || new Set(items.map(idOf)).size === items.length;
}

const lineIdOf = ({ lineId }: { readonly lineId: string }) => lineId;
const refundIdOf = ({ refundId }: Refund) => refundId;

const isText = (text: unknown, most: number): text is string =>
  typeof text === "string" && text.length <= most && isStorable(text);
const isId = (text: unknown): boolean => isText(text, ID_LENGTH_MAX) && text !== "";
const isWords = (text: unknown): boolean => isText(text, TEXT_LENGTH_MAX);
const isIdOrNull = (text: unknown): boolean => text === null || isId(text);
const isAmount = (minor: unknown): boolean => typeof minor === "bigint" && minor >= 0n && isAmountMinor(minor);
const isMoment = (text: string, now: Date | null): boolean => isPlainInstant(text) && isOrderDate(text, now);
const isBuyer = (buyer: unknown): boolean => buyer === null || isText(buyer, 320);

function isStage(stage: OrderState["stage"]): boolean {
  if (!hasOnly(stage, STAGE_VOID)) return false;
  if (stage.kind === "void") return VOIDS.has(stage.reason);
  return (stage.kind === "pending" || stage.kind === "earned") && hasOnly(stage, STAGE);
}
const STAGE: ReadonlySet<string> = new Set(["kind"]);
const STAGE_VOID: ReadonlySet<string> = new Set(["kind", "reason"]);

const isLine = (line: OrderLine): boolean =>
  hasOnly(line, LINE) &&
  isId(line.lineId) &&
  LINE_KINDS.has(line.kind) &&
  isIdOrNull(line.variantId) &&
  isIdOrNull(line.productId) &&
  (line.sku === null || isWords(line.sku)) &&
  isWords(line.name) &&
  typeof line.quantity === "number" &&
  isQuantity(line.quantity) &&
  isAmount(line.grossMinor) &&
  isAmount(line.discountMinor) &&
  isAmount(line.includedTaxMinor);

const isRefund = (refund: Refund, now: Date | null): boolean =>
  hasOnly(refund, REFUND) &&
  isId(refund.refundId) &&
  isMoment(refund.at, now) &&
  isAmount(refund.amountMinor) &&
  isListOf(refund.lines, LINES_MAX, (of) => hasOnly(of, NAMED) && isId(of.lineId) && isAmount(of.netMinor)) &&
  areUnlike(refund.lines, lineIdOf) &&
  isAmount(refund.proratedMinor) &&
  (refund.unlinked === undefined || isListOf(refund.unlinked, LINES_MAX, isUnlinked)) &&
  (refund.namedMinor === undefined || isAmount(refund.namedMinor)) &&
  (refund.detail === "full" || refund.detail === "summary");

const isUnlinked = (of: NonNullable<Refund["unlinked"]>[number]): boolean =>
  hasOnly(of, UNLINKED) &&
  isListOf(of.lineIds, Number.POSITIVE_INFINITY, isId) &&
  isAmount(of.netMinor) &&
  isAmount(of.grossMinor);

const isEvidence = (evidence: Evidence): boolean =>
  hasOnly(evidence, EVIDENCE) &&
  SOURCES.has(evidence.source) &&
  isId(evidence.code) &&
  NO_ADDRESS.test(evidence.code) &&
  isWords(evidence.where);

const isIdentity = (identity: BuyerIdentity): boolean =>
  hasOnly(identity, IDENTITY) && IDENTITY_KINDS.has(identity.kind) && isText(identity.value, 320) && identity.value !== "";
