import type { Order } from "../standin/order.ts";
import { sum, type Worth, worthOf } from "./expected.ts";

/** The hub's books of one store, read through its API, and how far they are from the suite's own. */

export interface Booked {
  readonly stage: string;
  readonly owner: string | null;
  readonly net: bigint;
  readonly refunded: bigint;
  /** What the ledger holds, by `level distributor`; what stays with the company is left out. */
  readonly earned: ReadonlyMap<string, bigint>;
}

interface Summary {
  readonly order_id: string;
  readonly platform_order_id: string;
  readonly stage: string;
  readonly distributor_id: string | null;
  readonly net: string;
  readonly refunded_net: string;
}

interface Entry {
  readonly amount: string;
  readonly entry: string;
  readonly distributor_id: string | null;
}

export interface HubReader {
  readonly url: string;
  /** An API key of the company. */
  readonly key: string;
}

export async function askHub<Answer>({ url, key }: HubReader, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(url + path, { ...init, headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as Answer;
}

async function all<Item>(hub: HubReader, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const before: string = next === "" ? "" : `&before=${encodeURIComponent(next)}`;
    const page: { items: Item[]; next: string | null } = await askHub(hub, `${path}&limit=500${before}`);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

/** By the order's number at Shopify. */
export async function booksOf(hub: HubReader, store: string): Promise<Map<string, Booked>> {
  const known = await all<Summary>(hub, `/api/orders?store=${encodeURIComponent(store)}`);
  const booked = new Map<string, Booked>();
  for (const order of known) {
    booked.set(order.platform_order_id, {
      stage: order.stage,
      owner: order.distributor_id,
      net: minor(order.net),
      refunded: minor(order.refunded_net),
      earned: earnedOf(await all<Entry>(hub, `/api/ledger?order_id=${order.order_id}`)),
    });
  }
  return booked;
}

/** An entry is named `bonus:line:level:distributor`; what was taken back has the same name and another sign. */
function earnedOf(entries: readonly Entry[]): Map<string, bigint> {
  const earned = new Map<string, bigint>();
  for (const { amount, entry, distributor_id: distributor } of entries) {
    if (distributor === null) continue;
    const share = `${entry.split(":").at(-2)} ${distributor}`;
    earned.set(share, (earned.get(share) ?? 0n) + minor(amount));
  }
  return new Map([...earned].filter(([, amount]) => amount !== 0n));
}

/** Amounts of a currency with two places. */
function minor(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d{2})$/.exec(amount);
  if (!match) throw new Error(`"${amount}" is no amount with two places`);
  const size = BigInt(`${match[2]}${match[3]}`);
  return match[1] === "-" ? -size : size;
}

/** An order that somebody bought, and the code by which they came, as the suite knows it. */
export interface Sold {
  readonly order: Order;
  readonly code: string | null;
}

export interface Comparison {
  /** Minor units by which commissions differ, over all orders and people; whole orders too few or too many count in full. */
  readonly delta: bigint;
  readonly differences: readonly string[];
}

export function compare(sold: readonly Sold[], books: ReadonlyMap<string, Booked>): Comparison {
  let delta = 0n;
  const differences: string[] = [];
  const unknown = new Map(books);
  for (const { order, code } of sold) {
    const wanted = worthOf(order, code);
    const found = books.get(order.id);
    unknown.delete(order.id);
    const off = distance(wanted, found);
    delta += off;
    const same = found && off === 0n && found.stage === wanted.stage && found.owner === wanted.owner;
    if (!(same && found.net === wanted.net && found.refunded === wanted.refunded)) {
      differences.push(`#${order.number}: ${show(wanted)}, the hub has ${found ? show(found) : "nothing"}`);
    }
  }
  for (const [id, found] of unknown) {
    delta += sum([...found.earned.values()].map(size));
    differences.push(`the hub has an order ${id} of nobody: ${show(found)}`);
  }
  return { delta, differences };
}

function distance(wanted: Worth, found: Booked | undefined): bigint {
  const shares = new Set([...wanted.earned.keys(), ...(found?.earned.keys() ?? [])]);
  return sum([...shares].map((share) => size((wanted.earned.get(share) ?? 0n) - (found?.earned.get(share) ?? 0n))));
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const show = ({ stage, owner, net, refunded, earned }: Booked | Worth): string =>
  `${stage} of ${owner ?? "nobody"}, net ${net} − ${refunded}, ${[...earned].map(([share, amount]) => `${share}: ${amount}`).join(", ") || "no commissions"}`;
