import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  amountText,
  answer,
  asked,
  currencyText,
  decimal,
  distributorText,
  idText,
  listOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type LedgerEntry, listLedger } from "./queries.ts";

/** One ledger row, with exactly the document's field names, and what an accountant needs besides. */
const ledgerEntry = z
  .object({
    event_id: idText,
    order_id: idText.nullable().openapi({ description: "Null where a period's close, not an order, caused it" }),
    distributor_id: distributorText.nullable().openapi({ description: "Null is the company: breakage" }),
    amount: decimal.openapi({ description: "Decimal in the currency's major unit; negative for a clawback" }),
    calc_snapshot_json: z
      .unknown()
      .openapi({ description: "The whole input of the computation and what came out", type: "object" }),
    currency: currencyText,
    kind: z.string().openapi({ example: "commission" }),
    entry: z.string().openapi({ example: "level-pay:1:1:9012" }),
    effective_at: time.openapi({ description: "When it happened: the order's time, or the last moment of a closed period" }),
    recorded_at: time.openapi({ description: "When it was written here" }),
  })
  .openapi("LedgerEntry");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listLedger",
  tags: ["Ledger"],
  summary: "Ledger entries, newest first",
  description: "Append-only: a correction is a new entry. Each carries the snapshot from which anybody can compute it again.",
  request: { query: page.extend({ distributor_id: z.string().optional(), order_id: numberParam.optional() }) },
  responses: { 200: answer("A page of entries", listOf(ledgerEntry)), ...problems(400, 401, 403) },
});

export function ledgerRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(list, async (c) => {
    const { companyId } = c.get("caller");
    const query = c.req.valid("query");
    const rows = await asCompany(hub.db, companyId, (tx) =>
      listLedger(tx, {
        companyId,
        ...asked(query),
        distributorId: query.distributor_id,
        orderId: numberOf(query.order_id),
      }),
    );
    const shown = pageOf(rows, query.limit, (row) => String(row.eventId));
    const snapshots = new Snapshots();
    return c.json({ items: shown.rows.map((row) => entryAnswer(row, snapshots)), next: shown.next }, 200);
  });
}

/** The entries of one order share its snapshot, which is much longer than they are: it is read once. */
class Snapshots {
  readonly #read = new Map<string, unknown>();

  of(text: string | null): unknown {
    if (text === null) return null;
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const snapshot: unknown = JSON.parse(text);
    this.#read.set(text, snapshot);
    return snapshot;
  }
}

function entryAnswer(row: LedgerEntry, snapshots: Snapshots): z.infer<typeof ledgerEntry> {
  return {
    event_id: String(row.eventId),
    order_id: row.orderId === null ? null : String(row.orderId),
    distributor_id: row.distributorId,
    amount: amountText(row.amountMinor, row.currency),
    calc_snapshot_json: snapshots.of(row.calcSnapshotJson),
    currency: row.currency,
    kind: row.kind,
    entry: row.entryKey,
    effective_at: row.effectiveAt.toISOString(),
    recorded_at: row.recordedAt.toISOString(),
  };
}
