import { canonicalJson, type Json, parseJson } from "./json.ts";
import { netOfLine, refundedNet } from "./net.ts";
import { type OrderState, orderState } from "./order.ts";
import { DEFAULT_STORE_SETTINGS, type Normalised, type Platform, type StoreSettings } from "./platform.ts";
import type { SharedFactName } from "./shared-facts.ts";

/** What the cases of the platforms' battery share: what a connector brings along, and how something is checked. */

export interface ContractDelivery {
  readonly topic: string;
  /** The exact JSON text that was signed. */
  readonly body: string;
  readonly settings?: StoreSettings;
}

export interface ContractFixture extends ContractDelivery {
  readonly name: string;
  readonly expect: {
    readonly kind: Normalised["kind"];
    /** At least one fixture of a connector states an order id beyond 2^53. */
    readonly orderId?: string;
    /** Σ of the net of all lines, in minor units as a decimal string. */
    readonly netMinor?: string;
    /** Σ of what of that net has been given back. */
    readonly refundedMinor?: string;
    /** "pending", "earned", or "void:cancelled" and its siblings. */
    readonly stage?: string;
  };
}

export interface ContractSubject {
  readonly platform: Platform;
  /** Three different secrets in the form the platform gives them out. */
  readonly secrets: readonly [string, string, string];
  /** The headers, by lower-case name, that the platform would send with this body. */
  readonly sign: (body: Uint8Array, how: { secret: string; topic: string; now: Date }) => Record<string, string>;
  /** Lower-case name of the header that carries the signature. */
  readonly signatureHeader: string;
  readonly fixtures: readonly ContractFixture[];
  /** The shared basket as this platform tells it: one delivery per step of SHARED_BASKET, in its order. */
  readonly sharedBasket: readonly ContractDelivery[];
  /** Each of SHARED_FACTS as this platform tells it; null where it has no words for it. */
  readonly facts: Readonly<Record<SharedFactName, ContractDelivery | null>>;
  /** An order whose buyer is a distributor with the address anna@example.com: written Anna+shop@Example.com in the shop. */
  readonly ownPurchase: ContractDelivery;
  /** An order one of whose line ids stands twice. */
  readonly lineTwice: ContractDelivery;
}

export interface ContractCase {
  readonly name: string;
  /** Throws where the connector breaks the contract. */
  readonly run: () => void;
}

export function orderFixture(subject: ContractSubject): ContractFixture {
  const found = subject.fixtures.find(({ expect }) => expect.kind === "order");
  check(found !== undefined, "a connector needs a fixture of an order");
  return found;
}

export function read(subject: ContractSubject, { topic, body, settings }: ContractDelivery): Normalised {
  return subject.platform.normalise({ topic, body, settings: settings ?? DEFAULT_STORE_SETTINGS });
}

export function readState(subject: ContractSubject, delivery: ContractDelivery): OrderState {
  const said = read(subject, delivery);
  check(said.kind === "order", `read as ${said.kind}, expected the state of an order`);
  return said.state;
}

export function stageWord({ stage }: OrderState): string {
  return stage.kind === "void" ? `void:${stage.reason}` : stage.kind;
}

export function checkState(state: OrderState): void {
  equal(stable(orderState.parse(state)), stable(state), "the state after its own schema");
  equal(stable(orderState.parse(parseJson(stable(state)))), stable(state), "the state after a round trip through JSON");
  const lineIds = new Set(state.lines.map(({ lineId }) => lineId));
  equal(lineIds.size, state.lines.length, "number of distinct line ids");
  equal(new Set(state.refunds.map(({ refundId }) => refundId)).size, state.refunds.length, "number of distinct refund ids");
  const back = refundedNet(state);
  for (const line of state.lines) {
    check((back.get(line.lineId) ?? 0n) <= netOfLine(line), `line ${line.lineId} gives back more than its net`);
    check(
      line.discountMinor + line.includedTaxMinor <= line.grossMinor,
      `line ${line.lineId} has more discount and tax than gross`,
    );
  }
  for (const refund of state.refunds) {
    check(refund.proratedMinor <= refund.amountMinor, `refund ${refund.refundId} prorates more than it gives back`);
    for (const { lineId } of refund.lines)
      check(lineIds.has(lineId), `refund ${refund.refundId} names line ${lineId}, which the order has not`);
  }
}

export const stable = (value: unknown): string => canonicalJson(value as Json);

export const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

export function errorOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (thrown) {
    return thrown;
  }
}

export function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  check(Object.is(actual, expected), `${what}: expected ${String(expected)}, got ${String(actual)}`);
}
