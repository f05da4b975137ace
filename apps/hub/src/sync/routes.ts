import { createRoute, z } from "@hono/zod-openapi";
import { inEnglish, type PlatformName, type Reason, reason } from "@upline/core";
import { asCompany } from "../db/connect.ts";
import type { FieldError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { answer, asked, decimal, idText, listOf, newRoutes, page, pageOf, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { readableNow } from "../stores/access.ts";
import { findStoreAccess } from "../stores/connection-queries.ts";
import { noSuchStore, type StoreKey } from "../stores/queries.ts";
import { readSettings } from "../stores/settings.ts";
import { isStoreLocked } from "./lock.ts";
import {
  countDead,
  findLastDelivery,
  findReadState,
  type Heard,
  listReconciliations,
  NEWEST_OF_STORE,
  type ReadState,
  type Reconciliation,
  readHeard,
} from "./queries.ts";

const delta = z.record(z.string(), decimal).openapi({ example: { EUR: "0.00" } });

const reconciliation = z
  .object({
    reconciliation_id: idText,
    outcome: z.enum(["finished", "failed"]),
    error: z.string().nullable().openapi({ description: "Why it failed; what was healed by then stays healed" }),
    since: time,
    until: time.nullable().openapi({ description: "Changes up to this time of the store's clock are compared" }),
    checked: z.int().openapi({ description: "Orders compared" }),
    healed: z.int().openapi({ description: "Orders that the store's messages had missed, in whole or in part" }),
    missed: delta.openapi({ description: "Σ|net in the shop − net here| as found, by currency" }),
    delta: delta.openapi({ description: "The same after healing: what still differs" }),
    discrepancies: z.array(
      z.object({
        platform_order_id: z.string(),
        problem: z.string(),
        reason: reasonShape.nullable().openapi({ description: "The same before any language; null of earlier versions" }),
      }),
    ),
    webhooks: z.array(z.object({ topic: z.string(), outcome: z.string() })),
    started_at: time,
    finished_at: time,
  })
  .openapi("Reconciliation");

const underWay = z
  .object({
    act: z.enum(["reconcile", "import"]),
    since: time.openapi({ description: "When it began" }),
    done: z.int().openapi({ description: "Orders gone through so far" }),
    total: z.int().nullable().openapi({ description: "Orders there are to go through; null where nobody knows" }),
    healed: z.int().openapi({ description: "Of them, new or different: the shop's messages had missed them" }),
  })
  .openapi("StoreRun");

const imported = z
  .object({
    state: z.enum(["never", "asked", "running", "interrupted", "finished"]).openapi({
      description:
        "`asked`: it begins shortly; `interrupted`: it goes on where it was by `POST /stores/{store_id}/import`, or by itself where it is tried again",
    }),
    since: time.nullable().openapi({ description: "Orders placed from then on; null: from the store's first" }),
    done: z.int(),
    total: z.int().nullable(),
    finished_at: time.nullable(),
  })
  .openapi("StoreImport");

const health = z
  .object({
    store_id: z.string(),
    status: z.string(),
    plugin_since: time.nullable().openapi({ description: "Since when the shop's plugin is connected" }),
    rest_since: time.nullable().openapi({ description: "Since when the hub can ask the shop, by a key of its own" }),
    app_since: time.nullable().openapi({ description: "Since when the hub can ask the shop, by its platform's app" }),
    last_delivery_at: time.nullable().openapi({
      description: "The last message of the shop itself; null also where it is older than the company's newest 20,000",
    }),
    dead_letters: z.int(),
    deliveries: z
      .object({
        hours: z.array(z.int()).openapi({ description: "In each of the last 24 hours, the oldest first" }),
        total: z.int(),
        processed_ms: z.number().nullable().openapi({
          description: "Within which the commissions of 99 of 100 of the newest thousand were there; null: none came",
        }),
        is_cut: z.boolean().openapi({
          description: `True where more than ${NEWEST_OF_STORE} came: only so many are counted, and the oldest hours are too low`,
        }),
      })
      .openapi({ description: "What the store itself sent in the last 24 hours" }),
    under_way: underWay.nullable().openapi({ description: "What the hub is asking the shop just now" }),
    import: imported,
    copy: z
      .object({ url: z.string(), seen_at: time })
      .nullable()
      .openapi({ description: "Where a copy of the shop sends from; what it sends is refused with `copied-shop`" }),
    last_reconciliation: reconciliation.nullable(),
    problems: z.array(z.string()).openapi({ description: "What somebody should look after; empty where all is well" }),
    problem_reasons: z.array(reasonShape).openapi({ description: "The same before any language" }),
  })
  .openapi("StoreHealth");

const params = z.object({ store_id: z.string() });

const list = createRoute({
  method: "get",
  path: "/{store_id}/reconciliations",
  operationId: "listReconciliations",
  tags: ["Stores"],
  summary: "What came of comparing a store with the hub, newest first",
  request: { params, query: page },
  responses: { 200: answer("A page of runs", listOf(reconciliation)), ...problems(400, 401, 403, 404) },
});

const healthOf = createRoute({
  method: "get",
  path: "/{store_id}/health",
  operationId: "getStoreHealth",
  tags: ["Stores"],
  summary: "Whether a store's orders arrive",
  request: { params },
  responses: { 200: answer("Its health", health), ...problems(401, 403, 404) },
});

export function storeReadRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const key = { companyId: c.get("caller").companyId, storeId: c.req.valid("param").store_id };
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, key.companyId, async (tx) => {
        if ((await findStoreAccess(tx, key)) === null) throw noSuchStore();
        return listReconciliations(tx, { ...key, ...asked(query) });
      });
      const shown = pageOf(rows, query.limit, (row) => String(row.reconciliationNo));
      return c.json({ items: shown.rows.map(reconciliationAnswer), next: shown.next }, 200);
    })
    .openapi(healthOf, async (c) => {
      const key = { companyId: c.get("caller").companyId, storeId: c.req.valid("param").store_id };
      return c.json(await readHealth(hub, key), 200);
    });
}

async function readHealth(hub: HubParts, key: StoreKey): Promise<z.infer<typeof health>> {
  return asCompany(hub.db, key.companyId, async (tx) => {
    const store = await findStoreAccess(tx, key);
    if (store === null) throw noSuchStore();
    const [lastDelivery, dead, runs, heard, read, isLocked] = await Promise.all([
      findLastDelivery(tx, key),
      countDead(tx, key),
      listReconciliations(tx, { ...key, limit: 1 }),
      readHeard(tx, key),
      findReadState(tx, key),
      isStoreLocked(tx, key.storeId),
    ]);
    const [last] = runs;
    const { copyUrl, copySeenAt, homeUrl } = store;
    const copy = copyUrl !== null && copySeenAt !== null ? { url: copyUrl, seen_at: copySeenAt.toISOString() } : null;
    return {
      store_id: store.storeId,
      status: store.status,
      plugin_since: store.pluginSince?.toISOString() ?? null,
      rest_since: store.restSince?.toISOString() ?? null,
      app_since: store.appSince?.toISOString() ?? null,
      last_delivery_at: lastDelivery?.toISOString() ?? null,
      dead_letters: dead,
      deliveries: heardAnswer(heard),
      under_way: isLocked ? underWayAnswer(read) : null,
      import: importAnswer(read, isLocked),
      copy,
      last_reconciliation: last ? reconciliationAnswer(last) : null,
      ...problemsOf({
        dead,
        settings: readSettings(store.settings).problems,
        last,
        copy: copy && { ...copy, homeUrl },
        canAsk: store.restSince !== null || store.appSince !== null,
        platform: readableNow(hub.env).includes(store.platform) ? store.platform : null,
      }),
    };
  });
}

interface Now {
  readonly dead: number;
  readonly settings: readonly FieldError[];
  readonly last: Reconciliation | undefined;
  readonly copy: { readonly url: string; readonly homeUrl: string | null } | null;
  readonly canAsk: boolean;
  /** Null where no store of the platform can be asked. */
  readonly platform: PlatformName | null;
}

function problemsOf(now: Now): { problems: string[]; problem_reasons: Reason[] } {
  const { dead, settings, last, copy, platform } = now;
  const found: Reason[] = [];
  if (dead > 0) found.push(reason("dead-letters", { count: String(dead) }));
  for (const { path, message } of settings) found.push(reason("setting-left-out", { setting: path, message }));
  if (copy) found.push(reason("shop-copied", { url: copy.url, home: copy.homeUrl ?? "null" }));
  if (platform !== null && !now.canAsk) found.push(reason("cannot-ask", { platform }));
  if (last?.outcome === "failed") found.push(reason("comparison-failed", { error: last.error ?? undefined }));
  const differ = last?.discrepancies.length ?? 0;
  if (differ > 0) found.push(reason("orders-differ", { count: String(differ) }));
  return { problems: found.map(inEnglish), problem_reasons: found };
}

function heardAnswer({ hours, processedMs, isCut }: Heard): z.infer<typeof health>["deliveries"] {
  const total = hours.reduce((sum, one) => sum + one, 0);
  return { hours: [...hours], total, processed_ms: processedMs === null ? null : Math.round(processedMs), is_cut: isCut };
}

function underWayAnswer(read: ReadState): z.infer<typeof underWay> | null {
  const { readingAct, readingSince, readingDone, readingTotal, readingHealed } = read;
  // The lock is taken a moment before the run says what it does.
  if (readingAct === null || readingSince === null) return null;
  return {
    act: readingAct,
    since: readingSince.toISOString(),
    ...{ done: readingDone, total: readingTotal, healed: readingHealed },
  };
}

function importAnswer(read: ReadState, isLocked: boolean): z.infer<typeof imported> {
  const { importAskedAt, importCursor, importSince, importDone, importTotal, importFinishedAt, readingAct } = read;
  const state =
    importFinishedAt !== null
      ? "finished"
      : isLocked && readingAct === "import"
        ? "running"
        : importCursor !== null
          ? "interrupted"
          : importAskedAt !== null
            ? "asked"
            : "never";
  return {
    state,
    since: importSince?.toISOString() ?? null,
    done: importDone,
    total: importTotal === 0 ? null : importTotal,
    finished_at: importFinishedAt?.toISOString() ?? null,
  };
}

function reconciliationAnswer(row: Reconciliation): z.infer<typeof reconciliation> {
  return {
    reconciliation_id: String(row.reconciliationNo),
    outcome: row.outcome,
    error: row.error,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    checked: row.checked,
    healed: row.healed,
    missed: { ...row.deltaBefore },
    delta: { ...row.delta },
    discrepancies: row.discrepancies.map(({ order, problem, reason: why = null }) => ({
      ...{ platform_order_id: order, problem, reason: why },
    })),
    webhooks: row.webhooks.map(({ topic, outcome }) => ({ topic, outcome })),
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt.toISOString(),
  };
}
