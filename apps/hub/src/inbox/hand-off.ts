import type { PendingDelivery } from "./queries.ts";

/** The hand-off from inbox to worker. A queue of its own (RabbitMQ) may implement it later. */
export interface HandOff {
  offer(deliveries: readonly PendingDelivery[]): void;
}
