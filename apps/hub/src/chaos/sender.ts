import { setTimeout as wait } from "node:timers/promises";
import type { TestStore } from "../testing/test-company.ts";
import { deliveriesOf, type MadeDelivery, type MadeOrder } from "./orders.ts";

export interface Acknowledged {
  readonly deliveryId: string;
  readonly order: MadeOrder;
}

const TIMEOUT_MS = 10_000;
const AGAIN_MS = 200;

/** A shop that sends orders at a steady rate, and each delivery again until it is acknowledged, as shops do. */
export class Sender {
  readonly acknowledged: Acknowledged[] = [];
  /** Deliveries that no answer came for, or another than 200: sent again, they may be stored twice. */
  refused = 0;
  /** The share of orders that are poison, in hundredths. */
  poisonPercent = 0;
  readonly #store: TestStore;
  readonly #baseUrl: () => string | null;
  readonly #underWay = new Set<Promise<void>>();
  #nextId: number;
  #sending = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(args: { store: TestStore; baseUrl: () => string | null; firstId: number }) {
    this.#store = args.store;
    this.#baseUrl = args.baseUrl;
    this.#nextId = args.firstId;
  }

  start(perSecond: number): void {
    this.#sending = true;
    this.#loop = (async () => {
      while (this.#sending) {
        this.#sendOrder();
        await wait(1000 / perSecond);
      }
    })();
  }

  /** Makes no more orders, and sends until everything made is acknowledged. */
  async stop(): Promise<void> {
    this.#sending = false;
    await this.#loop;
    await Promise.all(this.#underWay);
  }

  #sendOrder(): void {
    const id = this.#nextId++;
    const poison = id % 100 < this.poisonPercent;
    const order: MadeOrder = { id, poison, units: id % 3 === 0 ? [2, 1] : [2] };
    for (const delivery of deliveriesOf(order, this.#store)) {
      const sent = this.#send(delivery).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
  }

  async #send(delivery: MadeDelivery): Promise<void> {
    for (;;) {
      const deliveryId = await this.#attempt(delivery).catch(() => null);
      if (deliveryId !== null) {
        this.acknowledged.push({ deliveryId, order: delivery.order });
        return;
      }
      this.refused++;
      await wait(AGAIN_MS);
    }
  }

  async #attempt({ path, headers, body }: MadeDelivery): Promise<string | null> {
    const base = this.#baseUrl();
    if (base === null) return null;
    const answer = await fetch(`${base}${path}`, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { delivery } = (await answer.json()) as { delivery?: string };
    return answer.status === 200 && delivery !== undefined ? delivery : null;
  }
}
