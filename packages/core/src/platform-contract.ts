import {
  type ContractCase,
  type ContractFixture,
  type ContractSubject,
  check,
  checkState,
  equal,
  errorOf,
  orderFixture,
  read,
  readState,
  stable,
  stageWord,
  sum,
} from "./contract-checks.ts";
import { netOfLine, refundedNet } from "./net.ts";
import { compareRevisions, type OrderState } from "./order.ts";
import { DEFAULT_STORE_SETTINGS, type Normalised, PayloadError, type Verdict } from "./platform.ts";
import { edgeCases, sharedFactCases } from "./platform-contract-facts.ts";
import { itemAt, uint8At } from "./typed.ts";

export type { ContractCase, ContractDelivery, ContractFixture, ContractSubject } from "./contract-checks.ts";

/**
 * The battery that every platform's connector passes. It knows no test framework: a connector's
 * test file loops over the cases and hands each to whatever runs tests there.
 *
 *     for (const { name, run } of platformContract(subject)) test(name, run);
 */

/**
 * One basket, bought and given back on all three platforms: 2 × KIT-STARTER at 49.90 and
 * 1 × GREENS-030 at 29.95, 10 % off the order, shipping 4.90, 19 % tax on top of everything.
 *
 *     KIT-STARTER   99.80 − 9.98 = 89.82   tax 17.07
 *     GREENS-030    29.95 − 3.00 = 26.95   tax  5.12
 *     shipping                      4.90   tax  0.93   → total 144.79
 *
 * Then one kit is refunded by its line (44.91 + 8.54 tax = 53.45), then all the rest (91.34).
 * Amounts are minor units as decimal strings, by SKU; `refunded` is the state after the step.
 */
export const SHARED_BASKET = {
  currency: "EUR",
  totalMinor: "14479",
  quantity: { "KIT-STARTER": 2, "GREENS-030": 1 },
  gross: { "KIT-STARTER": "9980", "GREENS-030": "2995" },
  discount: { "KIT-STARTER": "998", "GREENS-030": "300" },
  net: { "KIT-STARTER": "8982", "GREENS-030": "2695" },
  steps: [
    { name: "bought and paid", refunded: { "KIT-STARTER": "0", "GREENS-030": "0" } },
    { name: "one kit refunded by line", refunded: { "KIT-STARTER": "4491", "GREENS-030": "0" } },
    { name: "the rest refunded", refunded: { "KIT-STARTER": "8982", "GREENS-030": "2695" } },
  ],
} as const;

/** The cases for one connector; each stands alone and may run in any order. */
export function platformContract(subject: ContractSubject): ContractCase[] {
  return [
    ...signatureCases(subject),
    ...batteryCases(subject),
    ...subject.fixtures.flatMap((fixture) => fixtureCases(subject, fixture)),
    ...sharedBasketCases(subject),
    ...sharedFactCases(subject),
    ...edgeCases(subject),
  ];
}

const NOW = new Date("2026-11-20T10:00:00Z");

function signatureCases(subject: ContractSubject): ContractCase[] {
  const { platform, sign, signatureHeader } = subject;
  const [active, other, foreign] = subject.secrets;
  const topic = orderFixture(subject).topic;
  const body = new TextEncoder().encode(orderFixture(subject).body);
  const headers = () => sign(body, { secret: active, topic, now: NOW });
  const verify = (sent: Record<string, string>, rawBody: Uint8Array, secrets: readonly string[]): Verdict =>
    platform.verify({ header: (name) => sent[name], rawBody, secrets, now: NOW });
  const refuses = (sent: Record<string, string>, rawBody: Uint8Array, secrets: readonly string[]) =>
    equal(verify(sent, rawBody, secrets).kind, "refused", "verdict");

  return [
    {
      name: "signature: accepted under any one of several secrets",
      run() {
        for (const secrets of [[active], [active, other], [other, active], [foreign, other, active]]) {
          const verdict = verify(headers(), body, secrets);
          equal(verdict.kind, "signed", `verdict with ${secrets.length} secrets`);
          if (verdict.kind === "signed") equal(verdict.topic, topic, "topic");
        }
      },
    },
    { name: "signature: a wrong secret is refused", run: () => refuses(headers(), body, [other, foreign]) },
    { name: "signature: no secret at all is refused", run: () => refuses(headers(), body, []) },
    {
      name: "signature: a missing or empty header is refused",
      run() {
        const { [signatureHeader]: signature, ...rest } = headers();
        check(signature !== undefined, `sign() must set ${signatureHeader}`);
        refuses(rest, body, [active]);
        refuses({ ...rest, [signatureHeader]: "" }, body, [active]);
      },
    },
    {
      name: "signature: one flipped bit anywhere in the body is refused",
      run() {
        for (const at of [0, body.length >> 1, body.length - 1]) {
          const flipped = body.slice();
          flipped[at] = uint8At(flipped, at) ^ 1;
          refuses(headers(), flipped, [active]);
        }
        refuses(headers(), body.slice(0, -1), [active]);
      },
    },
    {
      name: "signature: a truncated or lengthened one is refused",
      run() {
        const signature = headers()[signatureHeader] as string;
        for (const length of [1, 8, signature.length - 6, signature.length - 2]) {
          refuses({ ...headers(), [signatureHeader]: signature.slice(0, length) }, body, [active]);
        }
        refuses({ ...headers(), [signatureHeader]: `${signature}AAAA` }, body, [active]);
      },
    },
    {
      name: "signature: the bytes are what is signed, parsed or not",
      run() {
        for (const bytes of [new TextEncoder().encode('{"id": 1,'), new Uint8Array([0xff, 0xfe, 0x00, 0x7b]), new Uint8Array()]) {
          const sent = sign(bytes, { secret: active, topic, now: NOW });
          equal(verify(sent, bytes, [active]).kind, "signed", "verdict on a body that is no JSON");
        }
      },
    },
  ];
}

function batteryCases(subject: ContractSubject): ContractCase[] {
  const { topic } = orderFixture(subject);
  return [
    {
      name: "body: what cannot be understood is a PayloadError that names a path",
      run() {
        for (const body of ["", "{", '{"id":', "null", "[]", "7", '"text"', "{}", '{"id":null}', '{"id":{}}']) {
          const thrown = errorOf(() => subject.platform.normalise({ topic, body, settings: DEFAULT_STORE_SETTINGS }));
          check(thrown instanceof PayloadError, `${JSON.stringify(body)} gave ${thrown === null ? "a result" : String(thrown)}`);
          check((thrown as PayloadError).path.length > 0, `the error for ${JSON.stringify(body)} names no path`);
        }
      },
    },
    {
      name: "ids: a fixture has an order id beyond 2^53",
      run() {
        const ids = subject.fixtures.map(({ expect }) => expect.orderId ?? "0").filter((id) => /^\d+$/.test(id));
        check(
          ids.some((id) => BigInt(id) > BigInt(Number.MAX_SAFE_INTEGER)),
          "none of the fixtures states one",
        );
      },
    },
  ];
}

function fixtureCases(subject: ContractSubject, fixture: ContractFixture): ContractCase[] {
  const name = (what: string) => `${fixture.name}: ${what}`;
  const cases: ContractCase[] = [
    { name: name(`reads as ${fixture.expect.kind}`), run: () => readsAsExpected(subject, fixture) },
    {
      name: name("the same body reads the same, and nothing is changed on the way"),
      run() {
        const delivery = deepFreeze({
          topic: fixture.topic,
          body: fixture.body,
          settings: fixture.settings ?? DEFAULT_STORE_SETTINGS,
        });
        equal(
          stable(subject.platform.normalise(delivery)),
          stable(subject.platform.normalise(structuredClone(delivery))),
          "second reading",
        );
      },
    },
    {
      name: name("unknown fields pass"),
      run() {
        const strange = { ...fixture, body: withUnknownFields(fixture.body) };
        equal(
          stable(withoutTie(read(subject, strange))),
          stable(withoutTie(read(subject, fixture))),
          "reading with unknown fields",
        );
      },
    },
  ];
  if (fixture.expect.kind === "order" || fixture.expect.kind === "refund") {
    cases.push({
      name: name("amounts are whole minor units, ids keep their digits"),
      run: () => checkValues(read(subject, fixture), fixture.body),
    });
  }
  if (fixture.expect.kind === "order") {
    cases.push({
      name: name("the state is valid and refunds stay within it"),
      run: () => checkState(readState(subject, fixture)),
    });
  }
  return cases;
}

function readsAsExpected(subject: ContractSubject, { expect, ...delivery }: ContractFixture): void {
  const said = read(subject, delivery);
  equal(said.kind, expect.kind, "kind");
  const orderId =
    said.kind === "order" ? said.state.orderId : said.kind === "refund" || said.kind === "deleted" ? said.orderId : undefined;
  if (expect.orderId !== undefined) equal(orderId, expect.orderId, "orderId");
  if (said.kind !== "order") return;
  const { state } = said;
  if (expect.netMinor !== undefined) equal(String(sum(state.lines.map(netOfLine))), expect.netMinor, "Σ net of lines");
  if (expect.refundedMinor !== undefined)
    equal(String(sum([...refundedNet(state).values()])), expect.refundedMinor, "Σ refunded net");
  if (expect.stage !== undefined) equal(stageWord(state), expect.stage, "stage");
}

/** Walks everything that was read: money is bigint, and a numeric id stands in the body digit for digit. */
function checkValues(value: unknown, body: string, path = "$"): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkValues(item, body, `${path}[${index}]`);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) checkValues(member, body, `${path}.${key}`);
  }
  const key = path.slice(path.lastIndexOf(".") + 1);
  if (key.endsWith("Minor")) equal(typeof value, "bigint", `type of ${path}`);
  else if (typeof value === "number") equal(key, "quantity", "the only number that is no amount");
  if (key.endsWith("Id") && typeof value === "string" && /^\d+$/.test(value))
    check(body.includes(value), `${path} ${value} is not in the body`);
}

type Figures = Readonly<Record<string, string | number>>;

function checkStep(state: OrderState, refunded: Figures): void {
  checkState(state);
  equal(state.currency, SHARED_BASKET.currency, "currency");
  equal(String(state.totalMinor), SHARED_BASKET.totalMinor, "total");
  const back = refundedNet(state);
  const figures: [string, Figures, (line: OrderState["lines"][number]) => bigint | number][] = [
    ["quantity", SHARED_BASKET.quantity, ({ quantity }) => quantity],
    ["gross", SHARED_BASKET.gross, ({ grossMinor }) => grossMinor],
    ["discount", SHARED_BASKET.discount, ({ discountMinor }) => discountMinor],
    ["net", SHARED_BASKET.net, netOfLine],
    ["refunded net", refunded, ({ lineId }) => back.get(lineId) ?? 0n],
  ];
  const products = state.lines.filter(({ kind }) => kind === "product");
  for (const [what, expected, of] of figures) {
    equal(stable(Object.fromEntries(products.map((line) => [line.sku ?? "none", of(line)]))), stable(expected), `${what} by SKU`);
  }
}

function sharedBasketCases(subject: ContractSubject): ContractCase[] {
  const states = () => subject.sharedBasket.map((delivery) => readState(subject, delivery));
  const steps = SHARED_BASKET.steps.map(({ name, refunded }, index): ContractCase => {
    const run = () => {
      const state = states()[index];
      check(state !== undefined, "the connector has no delivery for this step");
      checkStep(state, refunded);
    };
    return { name: `shared basket: ${name}`, run };
  });
  return [
    ...steps,
    {
      name: "shared basket: one order, each step newer than the one before",
      run() {
        const all = states();
        equal(all.length, SHARED_BASKET.steps.length, "number of deliveries");
        all.slice(1).forEach((state, index) => {
          const before = itemAt(all, index);
          equal(state.orderId, before.orderId, "orderId");
          check(compareRevisions(state.revision, before.revision) > 0, `step ${index + 2} is not newer than the one before`);
        });
        equal(all[0]?.stage.kind, "earned", "stage after payment");
      },
    },
  ];
}

/** A revision's tie may be made from the whole body, which the unknown fields are a part of. */
function withoutTie(said: Normalised): Normalised {
  return said.kind === "order" ? { ...said, state: { ...said.state, revision: { ...said.state.revision, tie: "" } } } : said;
}

/** Puts a field that no platform has in front of the first member of every object; works on the text, so that no digit is lost. */
function withUnknownFields(body: string): string {
  return body.replace(/"(?:[^"\\]|\\.)*"|\{(\s*\})?/g, (token, empty: string | undefined) => {
    if (!token.startsWith("{")) return token;
    return `{"upline_unknown_field":{"deep":[1,2.5,null,"text"]}${empty === undefined ? "," : "}"}`;
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
