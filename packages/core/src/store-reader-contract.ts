import { netOfLine, refundedNet } from "./net.ts";
import { DEFAULT_STORE_SETTINGS, type Normalised, type Platform } from "./platform.ts";
import {
  type FoundOrder,
  type KnownOrder,
  type OrdersPage,
  type OrdersWalk,
  StoreError,
  type StoreReader,
} from "./store-reader.ts";

/**
 * The battery that every platform's `StoreReader` passes, over real HTTP to a stand-in of the shop that answers
 * as the platform was seen to answer. It knows no test framework, as `platformContract` knows none:
 *
 *     for (const { name, run } of storeReaderContract(subject)) test(name, run);
 */

export interface ReaderSubject {
  /** Reads what the reader finds. */
  readonly platform: Platform;
  /** Opens an empty shop and a reader of it; every case has its own. */
  readonly open: () => Promise<TestShop>;
}

/** A shop that the battery fills and breaks. Its currency is EUR. */
export interface TestShop {
  readonly reader: StoreReader;
  readonly version: string;
  /** `no`: a cart of this platform is no order, and has a number of its own. */
  readonly drafts?: "no";
  /** Adds an order, or changes the one of this id. */
  readonly putOrder: (order: TestOrder) => void | Promise<void>;
  /** For good: no list has it any more. */
  readonly deleteOrder: (orderId: string) => void | Promise<void>;
  readonly putProduct: (product: TestProduct) => void | Promise<void>;
  /** From now on the shop answers nothing but this. */
  readonly fail: (how: "unavailable" | "unauthorised") => void | Promise<void>;
  readonly close: () => Promise<void>;
}

/** Paid, without tax and shipping: one piece of SKU "KIT" at `netMinor`, and one of SKU "EXTRA" at 5.00. */
export interface TestOrder {
  readonly orderId: string;
  /** In whole seconds, UTC. */
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly netMinor: bigint;
  /** Refunds of the KIT alone. Taking one away leaves `changedAt` as it is. */
  readonly refunds?: readonly { readonly refundId: string; readonly netMinor: bigint }[];
  readonly isDraft?: boolean;
  /** Thrown away, not for good. Platforms without such a state may cancel the order. */
  readonly isTrashed?: boolean;
}

export interface TestProduct {
  readonly productId: string;
  readonly name: string;
  /** None: the product itself is what is sold, under `sku`. */
  readonly variants: readonly { readonly variantId: string; readonly sku: string | null }[];
  readonly sku: string | null;
}

export interface ReaderContractCase {
  readonly name: string;
  /** Rejects where the reader breaks the contract. */
  readonly run: () => Promise<void>;
}

type Act = (shop: TestShop, platform: Platform) => Promise<void>;

/** The cases for one reader; each stands alone. */
export function storeReaderContract({ platform, open }: ReaderSubject): ReaderContractCase[] {
  return Object.entries(CASES).map(([name, act]) => ({
    name: `reader: ${name}`,
    async run() {
      const shop = await open();
      try {
        await act(shop, platform);
      } finally {
        await shop.close();
      }
    },
  }));
}

const DAY_MS = 86_400_000;
const BEGIN = Date.parse("2026-03-01T00:00:00Z");
const moment = (day: number, second = 0): Date => new Date(BEGIN + day * DAY_MS + second * 1000);

/** More than any platform has on a page, many of them in one second. */
const MANY = 260;

const order = (number: number, over: Partial<TestOrder> = {}): TestOrder => ({
  orderId: String(1000 + number),
  createdAt: moment(number >> 5),
  changedAt: moment(number >> 5, Math.min(number % 32, 4)),
  netMinor: 1000n + BigInt(number),
  ...over,
});

const CASES: Readonly<Record<string, Act>> = {
  async "the facts are the shop's"({ reader, version }) {
    const facts = await reader.facts();
    equal(facts.currency, "EUR", "currency");
    equal(facts.decimals, 2, "decimals");
    equal(facts.warnings.length, 0, "number of warnings");
    if (facts.version !== null) equal(facts.version, version, "version");
    if (facts.timeZone !== null) check(isTimeZone(facts.timeZone), `${facts.timeZone} is no time zone`);
  },

  async "an empty shop answers one page that says when it was asked"({ reader }) {
    for (const by of ["changed", "created"] as const) {
      const pages = await all(reader.orders({ by }));
      check(pages.length > 0, `no page by orders ${by}`);
      equal(pages.flatMap(({ found }) => found).length, 0, "orders");
    }
  },

  async "every order once by change and by creation, oldest first, though seconds fill pages"({ reader, putOrder }) {
    const orders = Array.from({ length: MANY }, (_, number) => order(number));
    // Of one day, so that two hundred of them share a second.
    const crowded = orders.map((order, number) =>
      number < 200 ? { ...order, createdAt: moment(0), changedAt: moment(0) } : order,
    );
    for (const order of crowded) await putOrder(order);
    for (const by of ["changed", "created"] as const) {
      const pages = await all(reader.orders({ by }));
      const ids = idsOf(pages);
      equal(new Set(ids).size, MANY, `distinct orders by orders ${by}`);
      equal(ids.length, MANY, `orders told by orders ${by}`);
      const days = ids.map((id) => timeIn(crowded, id, by));
      check(
        days.every((time, index) => index === 0 || time >= (days[index - 1] ?? 0)),
        `not oldest first by orders ${by}`,
      );
      equal(pages.at(-1)?.done, MANY, "done in the end");
    }
  },

  async "what is older than the time asked for is left out"({ reader, putOrder }) {
    await putOrder(order(0));
    await putOrder(order(1, { createdAt: moment(0), changedAt: moment(20) }));
    await putOrder(order(2, { createdAt: moment(20), changedAt: moment(20) }));
    equal(
      idsOf(await all(reader.orders({ by: "changed", since: moment(10) })))
        .sort()
        .join(),
      "1001,1002",
      "changed since",
    );
    equal(idsOf(await all(reader.orders({ by: "created", since: moment(10) }))).join(), "1002", "created since");
  },

  async "what was thrown away is told by change, and is nothing for an import"({ reader, putOrder }, platform) {
    await putOrder(order(0));
    await putOrder(order(1, { isTrashed: true }));
    const found = (await all(reader.orders({ by: "changed" }))).flatMap((page) => page.found);
    const trashed = found.find(({ orderId }) => orderId === "1001");
    check(trashed !== undefined, "the order that was thrown away is not told");
    equal(readAs(platform, trashed).stage, "void", "its stage");
    check(!idsOf(await all(reader.orders({ by: "created" }))).includes("1001"), "an import brings it in");
  },

  async "a cursor goes on where a page ended and misses nothing"({ reader, putOrder }) {
    for (let number = 0; number < MANY; number++) await putOrder(order(number, number % 50 === 0 ? { isTrashed: true } : {}));
    for (const by of ["changed", "created"] as const) {
      const whole = await all(reader.orders({ by }));
      const [first] = whole;
      for (const [index, page] of whole.entries()) {
        const rest = await all(reader.orders({ by, cursor: page.cursor }));
        const told = new Set([...idsOf(whole.slice(0, index + 1)), ...idsOf(rest)]);
        equal(told.size, new Set(idsOf(whole)).size, `orders by ${by} with a break after page ${index + 1}`);
        equal(rest[0]?.startedAt.getTime(), first?.startedAt.getTime(), "when the walk began");
        if (index === whole.length - 1) check(idsOf(rest).length < MANY / 2, "the walk began anew behind its last page");
      }
    }
  },

  async "a cursor of another walk, or none at all, is refused"({ reader, putOrder }) {
    await putOrder(order(0));
    const [page] = await all(reader.orders({ by: "changed" }));
    for (const walk of [
      { by: "created", cursor: page?.cursor ?? "" },
      { by: "changed", cursor: "page 2" },
      { by: "changed", cursor: "{}" },
    ] satisfies OrdersWalk[])
      check((await errorOf(all(reader.orders(walk)))) instanceof TypeError, `${walk.cursor} was taken by orders ${walk.by}`);
  },

  async "an order is read with its refunds, by lists and by itself alike"({ reader, putOrder }, platform) {
    const refunds = [
      { refundId: "71", netMinor: 250n },
      { refundId: "72", netMinor: 150n },
    ];
    await putOrder(order(0, { refunds }));
    const listed = (await all(reader.orders({ by: "changed" }))).flatMap((page) => page.found);
    for (const found of [await reader.order("1000"), ...listed]) {
      const said = readAs(platform, found);
      equal(said.net, "EXTRA 500,KIT 1000", "net by SKU");
      equal(said.back, "EXTRA 0,KIT 400", "refunded net by SKU");
      equal(said.refundIds.join(), "71,72", "refunds");
      equal(said.stage, "earned", "stage");
    }
  },

  async "an order that is gone is told as gone; a draft as a draft or not at all"(shop, platform) {
    const { reader, putOrder, deleteOrder, drafts } = shop;
    await putOrder(order(0));
    await putOrder(order(1, { isDraft: true }));
    await deleteOrder("1000");
    for (const orderId of ["1000", "4711"]) {
      const found = await reader.order(orderId);
      equal(found.kind, "deleted", `order ${orderId}`);
      equal(found.orderId, orderId, "its id");
      const said = normalised(platform, found);
      equal(said.kind, "deleted", "what its body says");
    }
    if (drafts !== "no") equal((await reader.order("1001")).kind, "draft", "the draft");
    equal(idsOf(await all(reader.orders({ by: "changed" }))).length, 0, "orders listed");
  },

  async "comparing answers what differs and nothing else"({ reader, putOrder, deleteOrder }) {
    const refunds = [{ refundId: "71", netMinor: 250n }];
    const orders = Array.from({ length: MANY }, (_, number) => order(number, number % 10 === 0 ? { refunds } : {}));
    for (const order of orders) await putOrder(order);
    const known = orders.map(knownOf);
    equal((await all(reader.compare(known))).length, 0, "differences where there is none");
    await putOrder({ ...order(20), refunds: [] });
    await putOrder({ ...order(3), changedAt: moment(30) });
    await deleteOrder("1255");
    const found = await all(reader.compare(known));
    const told = found.map(({ orderId, kind }) => `${orderId} ${kind}`).sort();
    equal(told.join(), "1003 order,1020 order,1255 deleted", "what differs");
  },

  async "a shop that does not answer has not deleted anything"({ reader, putOrder, fail }) {
    for (let number = 0; number < 3; number++) await putOrder(order(number));
    await fail("unavailable");
    await failsAs("unavailable", reader);
  },

  async "a key that is not taken is told as that"({ reader, putOrder, fail }) {
    await putOrder(order(0));
    await fail("unauthorised");
    await failsAs("unauthorised", reader);
  },

  async "the catalogue has everything that is sold once, variants in place of their product"({ reader, putProduct }) {
    const plain = Array.from({ length: MANY }, (_, number) => ({
      ...{ productId: String(5000 + number), name: `Product ${number}`, variants: [] },
      sku: number === 0 ? null : `SKU-${number}`,
    }));
    const variants = Array.from({ length: 3 }, (_, number) => ({ variantId: String(8000 + number), sku: `V-${number}` }));
    for (const product of plain) await putProduct(product);
    await putProduct({ productId: "7000", name: "Shirt", sku: null, variants });
    const rows = (await all(reader.catalogue())).flat();
    const expected = [
      ...plain.map(({ productId, sku }) => `${productId} ${sku}`),
      ...variants.map((variant) => `${variant.variantId} ${variant.sku}`),
    ];
    equal(
      rows
        .map((row) => `${row.variantId} ${row.sku}`)
        .sort()
        .join(),
      expected.sort().join(),
      "what is sold",
    );
    equal(rows.find((row) => row.variantId === "8001")?.productId, "7000", "the product of a variant");
  },

  async "webhooks: wanted once, kept afterwards, taken away again; those of others stay"({ reader }) {
    const { webhooks } = reader;
    if (webhooks === null) return;
    const wanted = { deliveryUrl: "https://hub.example/ingest/a", secret: "first secret" };
    const other = { deliveryUrl: "https://elsewhere.example/hook", secret: "other secret" };
    await webhooks.ensure(other);
    const first = await webhooks.ensure(wanted);
    check(first.length > 0, "nothing is wanted");
    check(
      first.every(({ outcome }) => outcome === "created"),
      "not all were created",
    );
    const again = await webhooks.ensure(wanted);
    check(
      again.every(({ outcome }) => outcome === "kept"),
      "the second time something was changed",
    );
    equal(again.map(({ webhookId }) => webhookId).join(), first.map(({ webhookId }) => webhookId).join(), "webhooks");
    equal(await webhooks.remove(wanted.deliveryUrl), first.length, "webhooks taken away");
    equal(await webhooks.remove(wanted.deliveryUrl), 0, "webhooks left");
    check(
      (await webhooks.ensure(other)).every(({ outcome }) => outcome === "kept"),
      "those of others were touched",
    );
    check(webhooks.addressProblem("ftp://hub.example") !== null, "an address that cannot be called is taken");
    equal(webhooks.addressProblem(wanted.deliveryUrl), null, "what is wrong with a good address");
  },
};

async function failsAs(kind: StoreError["kind"], reader: StoreReader): Promise<void> {
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    facts: () => reader.facts(),
    orders: () => all(reader.orders({ by: "changed" })),
    order: () => reader.order("1000"),
    compare: () => all(reader.compare([knownOf(order(0))])),
    catalogue: () => all(reader.catalogue()),
  };
  for (const [name, act] of Object.entries(acts)) {
    const error = await errorOf(act());
    check(error instanceof StoreError, `${name} ended with ${error === null ? "an answer" : String(error)}`);
    equal(error.kind, kind, `what ${name} says`);
  }
}

function knownOf({ orderId, changedAt, refunds = [], isTrashed = false }: TestOrder): KnownOrder {
  return { orderId, modifiedAt: changedAt, refundIds: refunds.map(({ refundId }) => refundId), isTrashed };
}

function timeIn(orders: readonly TestOrder[], orderId: string, by: OrdersWalk["by"]): number {
  const found = orders.find((order) => order.orderId === orderId);
  check(found !== undefined, `order ${orderId} is not one of the shop's`);
  return (by === "changed" ? found.changedAt : found.createdAt).getTime();
}

const idsOf = (pages: readonly OrdersPage[]): string[] => pages.flatMap(({ found }) => found.map(({ orderId }) => orderId));

function normalised(platform: Platform, found: FoundOrder): Normalised {
  check(found.kind === "order" || found.kind === "deleted", `order ${found.orderId} is told as ${found.kind}`);
  return platform.normalise({ topic: found.topic, body: found.body, settings: DEFAULT_STORE_SETTINGS });
}

function readAs(platform: Platform, found: FoundOrder) {
  const said = normalised(platform, found);
  check(said.kind === "order", `order ${found.orderId} reads as ${said.kind}`);
  const { lines } = said.state;
  const back = refundedNet(said.state);
  const bySku = (amount: (line: (typeof lines)[number]) => bigint): string =>
    lines
      .map((line) => `${line.sku} ${amount(line)}`)
      .sort()
      .join();
  return {
    stage: said.state.stage.kind,
    net: bySku(netOfLine),
    back: bySku(({ lineId }) => back.get(lineId) ?? 0n),
    refundIds: said.state.refunds.map(({ refundId }) => refundId).sort(),
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

async function errorOf(act: Promise<unknown>): Promise<unknown> {
  try {
    await act;
    return null;
  } catch (error) {
    return error;
  }
}

function check(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

function equal(actual: unknown, expected: unknown, what: string): void {
  check(Object.is(actual, expected), `${what}: expected ${String(expected)}, got ${String(actual)}`);
}
