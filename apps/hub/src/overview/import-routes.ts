import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { IMPORT_KINDS, IMPORT_STAGES, type ImportProgressRow } from "../db/schema/imports.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { newestImport, SILENT_MS } from "../http/import-progress.ts";
import { answer, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";

const progress = z
  .object({
    kind: z.enum(IMPORT_KINDS),
    file: z.string().nullable().openapi({ description: "As it was called where it was chosen" }),
    actor: z.string(),
    stage: z.enum([...IMPORT_STAGES, "gone"]).openapi({
      description:
        "`reading` the file, `writing` its lines, `computing` what waited for them; `done`; `failed`: `problem` says why, and where its lines are in all the same; " +
        "`gone`: whoever was at it is not heard any more. Lines are written all or none",
    }),
    done: z.int().openapi({ description: "Lines that are written" }),
    total: z.int().openapi({ description: "Of so many" }),
    told: z.record(z.string(), z.unknown()).nullable().openapi({ description: "What the act answered, once it is done" }),
    problem: z.string().nullable(),
    started_at: time,
    heard_at: time,
  })
  .openapi("ImportProgress");

const read = createRoute({
  method: "get",
  path: "/{kind}",
  operationId: "getImportProgress",
  tags: ["Overview"],
  summary: "How far the newest import of a file is",
  description:
    "Of people (`POST /distributors/import`) or of the SKU map (`POST /sku-map/import`). `progress` among the events says that it moved.",
  request: { params: z.object({ kind: z.enum(IMPORT_KINDS) }) },
  responses: {
    200: answer("It, or null where there was none", z.object({ import: progress.nullable() })),
    ...problems(400, 401, 403),
  },
});

export function importProgressRoutes(hub: Pick<HubParts, "db">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "admin"));
  return routes.openapi(read, async (c) => {
    const { companyId } = c.get("caller");
    const { kind } = c.req.valid("param");
    const found = await asCompany(hub.db, companyId, (tx) => newestImport(tx, { companyId, kind }));
    return c.json({ import: found && progressAnswer(found) }, 200);
  });
}

function progressAnswer(row: ImportProgressRow): z.infer<typeof progress> {
  const isOver = row.stage === "done" || row.stage === "failed";
  const isGone = !isOver && Date.now() - row.heardAt.getTime() > SILENT_MS;
  return {
    ...{ kind: row.kind, file: row.fileName === "" ? null : row.fileName, actor: row.actor },
    ...{ stage: isGone ? ("gone" as const) : row.stage, done: row.done, total: row.total, problem: row.problem },
    told: row.told as Record<string, unknown> | null,
    started_at: row.startedAt.toISOString(),
    heard_at: row.heardAt.toISOString(),
  };
}
