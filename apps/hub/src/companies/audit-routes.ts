import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  idText,
  instant,
  listOf,
  momentOf,
  newRoutes,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { type AuditView, listAudit } from "./audit-queries.ts";

const entry = z
  .object({
    audit_id: idText,
    at: time,
    actor: z
      .string()
      .openapi({ example: "person:p_4f2a", description: "A person, a key, a store, a service, or the hub's operator" }),
    act: z.string().openapi({ example: "period.close" }),
    subject: z.string().openapi({ example: "2026-06" }),
    details: z.record(z.string(), z.unknown()),
  })
  .openapi("AuditEntry");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listAudit",
  tags: ["Company"],
  summary: "Who did what, the newest first",
  description: "Written in the transaction of each act, and never changed. Needs the scope `admin`.",
  middleware: [demandAdmin] as const,
  request: {
    query: page.extend({
      act: z.string().max(100).optional().openapi({ example: "period.commit" }),
      actor: z.string().max(255).optional(),
      subject: z.string().max(255).optional(),
      since: instant.optional(),
      until: instant.optional(),
    }),
  },
  responses: { 200: answer("A page of entries", listOf(entry)), ...problems(400, 401, 403) },
});

export function auditRoutes(hub: Pick<HubParts, "db">) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes.openapi(list, async (c) => {
    const { companyId } = c.get("caller");
    const { act, actor, subject, since, until, ...pageAsked } = c.req.valid("query");
    const wanted = { companyId, act, actor, subject, since: momentOf(since), until: momentOf(until), ...asked(pageAsked) };
    const rows = await asCompany(hub.db, companyId, (tx) => listAudit(tx, wanted));
    const shown = pageOf(rows, pageAsked.limit, ({ auditNo }) => String(auditNo));
    return c.json({ items: shown.rows.map(entryAnswer), next: shown.next }, 200);
  });
}

function entryAnswer({ auditNo, actor, act, subject, details, recordedAt }: AuditView): z.infer<typeof entry> {
  const told = details as Record<string, unknown>;
  return { audit_id: String(auditNo), at: recordedAt.toISOString(), actor, act, subject, details: told };
}
