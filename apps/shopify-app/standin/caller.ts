import type { Reading } from "./pages.ts";
import type { Shop } from "./shop.ts";

/** What the app's settings demand when it is installed, and what it may ask for later. */
export const REQUIRED_SCOPES = ["read_orders", "read_products"];
export const OPTIONAL_SCOPES = ["write_discounts", "write_pixels", "read_customer_events"];

/** What a request to the Admin API knows of who asks. */
export interface Caller extends Reading {
  readonly shop: Shop;
  readonly scopes: readonly string[];
  readonly app: { readonly apiKey: string; readonly appUrl: string };
  readonly bulkOperations: BulkDesk;
  /** Gives back scopes that the app no longer wants. */
  revoke(scopes: readonly string[]): void;
}

/** A query over a whole list, which Shopify works on by itself and answers as a file of lines. */
export interface BulkOperation {
  readonly id: string;
  readonly query: string;
  readonly createdAt: Date;
  status: "CREATED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELED";
  completedAt: Date | null;
  objectCount: number;
  rootObjectCount: number;
  url: string | null;
  content: string;
  /** Questions that are answered "still running". */
  polls: number;
  readonly caller: Caller;
}

export interface BulkDesk {
  of(shop: Shop): BulkOperation[];
  start(caller: Caller, query: string): BulkOperation | { error: string; code: string };
  /** Takes the work one step on: whoever asks often enough finds it done. */
  look(operation: BulkOperation): BulkOperation;
}
