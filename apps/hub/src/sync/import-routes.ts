import { createRoute, z } from "@hono/zod-openapi";
import { insertAudit } from "../db/audit.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, instant, momentOf, newRoutes, problems } from "../http/shapes.ts";
import type { JobRunner } from "../jobs/runner.ts";
import type { HubParts } from "../parts.ts";
import { needReadableStore, readerOf } from "../stores/access.ts";
import { holdStore } from "./lock.ts";
import { askForImport, findReadState } from "./queries.ts";

const bring = createRoute({
  method: "post",
  path: "/{store_id}/import",
  operationId: "importStore",
  tags: ["Stores"],
  summary: "Bring in the orders a shop had before it was connected",
  description:
    "Needs the scope `admin`. An import that was interrupted goes on where it was; with `since` it begins anew, with the orders placed from then on; " +
    "a finished one begins with the shop's first order, and what is known already changes nothing. `GET /stores/{store_id}/health` says how far it is.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params: z.object({ store_id: z.string() }),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              since: instant
                .optional()
                .openapi({ example: "2026-01-01", description: "Begin anew, with orders placed from then on" }),
            })
            .openapi("StoreImportWanted"),
        },
      },
    },
  },
  responses: {
    202: answer(
      "Handed over",
      z.object({ started: z.boolean().openapi({ description: "False where it waits already, to be tried again" }) }),
    ),
    ...problems(400, 401, 403, 404, 409, 422),
  },
});

export function storeImportRoutes(hub: HubParts & { readonly jobs: JobRunner }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(bring, async (c) => {
    const { companyId, actor } = c.get("caller");
    const key = { companyId, storeId: c.req.valid("param").store_id };
    const since = momentOf(c.req.valid("json").since);
    const store = await needReadableStore(hub, key);
    if (store.status !== "active") throw new HubError("unprocessable", `The store ${key.storeId} is ${store.status}.`);
    // Says at once where the hub has been given no access.
    readerOf(hub, store);
    await asCompany(hub.db, companyId, async (tx) => {
      if (!(await holdStore(tx, key.storeId)))
        throw new HubError("conflict", "Another run is at this store just now: try again when it has ended.");
      const { importFinishedAt } = await findReadState(tx, key);
      const goesOn = since === undefined && importFinishedAt === null;
      await askForImport(tx, key, goesOn ? null : { since: since ?? null });
      const details = goesOn ? { goesOn } : { since: since?.toISOString() ?? null };
      await insertAudit(tx, { companyId, actor, act: "store.import", subject: key.storeId, details });
    });
    const { started } = await hub.jobs.ask("import", companyId, key.storeId);
    return c.json({ started: started === 1 }, 202);
  });
}
