import { parseJson } from "@upline/core";
import type { Hub } from "../hub.ts";
import { recordedLives, signedRequest } from "../testing/recorded-lives.ts";
import type { TestCompany } from "../testing/test-company.ts";
import { ApiCalls, type ApiDescription, type Call, spoil } from "./api-calls.ts";
import { Draw } from "./draw.ts";

/** What a fuzz found: no answer may be a fault of the hub, and none may stay away. */
export interface FuzzReport {
  readonly ok: boolean;
  readonly seed: number;
  readonly calls: number;
  readonly deliveries: number;
  readonly operations: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** 503 with Retry-After: overload or a lock, which the API defines. */
  readonly unavailable: number;
  /** Orders that were stored and read again, one by one. */
  readonly ordersRead: number;
  readonly failures: readonly string[];
}

export interface FuzzOptions {
  readonly hub: Pick<Hub, "app" | "worker">;
  readonly company: TestCompany;
  readonly seed: number;
  readonly calls: number;
  readonly deliveries: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** After so long a call counts as hanging. */
const HANG_MS = 20_000;
const AT_ONCE = 8;
/** No report needs more. */
const FAILURES = 50;

/** Plays drawn deliveries, then drawn calls, then reads every order that came of it. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { hub, company, seed } = options;
  const draw = new Draw(seed);
  const tally = new Tally(hub);
  const description = (await (await hub.app.request("/openapi.json")).json()) as ApiDescription;
  const total = options.deliveries + options.calls;
  let done = 0;
  const step = () => {
    done += 1;
    if (done % 500 === 0) options.onProgress?.(done, total);
  };
  await atOnce(options.deliveries, () => {
    const call = drawDelivery(draw, company);
    return tally.send(call).then(step);
  });
  await settled(hub);
  const calls = new ApiCalls({
    draw,
    description,
    keys: [
      ...Array.from({ length: 12 }, () => company.keys.admin),
      company.keys.read,
      company.keys.orders,
      "",
      "upk_wrong-key-0000",
    ],
    known: ["1", "2", "3", "9012", "1001", "D01", ...Object.values(company.stores).map((store) => store.storeId)],
  });
  await atOnce(options.calls, () => tally.send(calls.next()).then(step));
  await settled(hub);
  const ordersRead = await readEveryOrder(tally, company.keys.read);
  return {
    ok: tally.failures.length === 0,
    seed,
    calls: options.calls,
    deliveries: options.deliveries,
    operations: calls.operations,
    statuses: Object.fromEntries([...tally.statuses].sort()),
    unavailable: tally.unavailable,
    ordersRead,
    failures: tally.failures.slice(0, FAILURES),
  };
}

/** A recorded delivery with something wrong in it, rightly signed; now and then as it was, or no JSON at all. */
function drawDelivery(draw: Draw, company: TestCompany): Call {
  const life = draw.pick(lives);
  let body = life.body;
  if (draw.chance(0.03)) body = body.slice(0, draw.below(body.length));
  else if (draw.chance(0.95)) {
    let value = parsed(body);
    for (let times = 1 + draw.below(3); times > 0; times -= 1) value = spoil(draw, value);
    body = text(value);
  }
  const { path, init } = signedRequest(company.stores[life.platform], { ...life, body });
  return { method: "POST", path, headers: init.headers as Record<string, string>, body };
}

const lives = recordedLives();
/** Ids beyond 2^53 stay what they are: core's reader keeps them as texts where a number would lose digits. */
const parsed = (body: string): unknown => parseJson(body);
const text = (value: unknown): string =>
  JSON.stringify(value, (_name, inner) => (typeof inner === "bigint" ? String(inner) : inner)) ?? "null";

class Tally {
  readonly #hub: Pick<Hub, "app">;
  readonly statuses = new Map<string, number>();
  readonly failures: string[] = [];
  unavailable = 0;

  constructor(hub: Pick<Hub, "app">) {
    this.#hub = hub;
  }

  async send(call: Call): Promise<Response | null> {
    const { method, path, headers, body } = call;
    const init = { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
    let request: Request;
    try {
      request = new Request(`http://hub.test${path}`, init);
    } catch {
      // What no client can send is no test of a hub.
      return null;
    }
    const response = await within(Promise.resolve(this.#hub.app.fetch(request)));
    const status = response === null ? "hangs" : String(response.status);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (response?.status === 503 && response.headers.has("retry-after")) this.unavailable += 1;
    else if (response === null || response.status >= 500)
      this.failures.push(`${status} ${method} ${path.slice(0, 300)} ${(body ?? "").slice(0, 600)}`);
    return response;
  }
}

async function within(answer: Promise<Response>): Promise<Response | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), HANG_MS);
  });
  const first = await Promise.race([answer, late]);
  clearTimeout(timer);
  return first;
}

async function atOnce(count: number, send: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function settled(hub: Pick<Hub, "worker">): Promise<void> {
  await hub.worker.idle();
  await hub.worker.sweep(0);
  await hub.worker.idle();
}

/** What is stored can be read again: the list by pages, and every order with what explains it. */
async function readEveryOrder(tally: Tally, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  let read = 0;
  for (let before: string | null = ""; before !== null; ) {
    const path = `/api/orders?limit=500${before === "" ? "" : `&before=${before}`}`;
    const response = await tally.send({ method: "GET", path, headers });
    if (response === null || !response.ok) return read;
    const page = (await response.json()) as { items: { order_id: string }[]; next: string | null };
    for (const { order_id: orderId } of page.items) {
      for (const about of [`orders/${orderId}`, `commissions/${orderId}`])
        await tally.send({ method: "GET", path: `/api/${about}`, headers });
      read += 1;
    }
    before = page.next;
  }
  return read;
}
