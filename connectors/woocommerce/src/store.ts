/** The door to a store's REST API: everything that asks, where the Platform only listens. */
export { acceptGrant, authoriseUrl, type Grant, type GrantRequest } from "./authorise.ts";
export { type ClientOptions, createClient, type Patience, type StoreAccess, StoreError, type WooClient } from "./client.ts";
export { askForOrder, type Found } from "./found.ts";
export { type CatalogueRow, importCatalogue, type SkuSuggestion, suggestSkus } from "./import-catalogue.ts";
export { type HistoryStep, importHistory } from "./import-history.ts";
export { compareKnown, type KnownOrder, type Reconciled, reconcile } from "./reconcile.ts";
export { readStoreFacts, type StoreFacts } from "./store-facts.ts";
export type { Surroundings } from "./throttle.ts";
export { deliveryUrlProblem, ensureWebhooks, removeWebhooks, type WantedWebhooks, type WebhookOutcome } from "./webhooks.ts";
