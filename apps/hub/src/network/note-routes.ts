import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  distributorText,
  exactJson,
  idText,
  listOf,
  newRoutes,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { addNote, changeNote, listNotes, type Note } from "./notes.ts";

const note = z
  .object({
    note_id: idText,
    body: z.string(),
    written_by: z.string().openapi({ example: "person:p_4f2a" }),
    written_at: time,
    changed_at: time.nullable(),
    is_own: z.boolean().openapi({ description: "Whether whoever asks wrote it, and may change it" }),
  })
  .openapi("DistributorNote");

const text = z
  .string("write a note of 1 to 4,000 characters")
  .trim()
  .min(1, "write a note of 1 to 4,000 characters")
  .max(4000, "write a note of 1 to 4,000 characters");
const params = z.object({ distributor_id: distributorText });
const json = { body: { required: true, content: { "application/json": { schema: z.object({ body: text }) } } } };
const NEEDS = "For the company's own people: no distributor reads a note. Needs the scope `admin`.";
const common = { tags: ["Distributors"], description: NEEDS };
const writing = [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson];

const list = createRoute({
  ...common,
  method: "get",
  path: "/{distributor_id}/notes",
  operationId: "listDistributorNotes",
  summary: "Notes about a distributor, the newest first",
  middleware: [demandAdmin] as const,
  request: { params, query: page },
  responses: { 200: answer("A page of notes", listOf(note)), ...problems(400, 401, 403, 404) },
});

const add = createRoute({
  ...common,
  method: "post",
  path: "/{distributor_id}/notes",
  operationId: "addDistributorNote",
  summary: "Write a note about a distributor",
  middleware: writing,
  request: { params, ...json },
  responses: { 201: answer("The note", note), ...problems(400, 401, 403, 404) },
});

const change = createRoute({
  ...common,
  method: "put",
  path: "/{distributor_id}/notes/{note_id}",
  operationId: "changeDistributorNote",
  summary: "Put a note of one's own right",
  middleware: writing,
  request: { params: params.extend({ note_id: numberParam }), ...json },
  responses: { 200: answer("The note", note), ...problems(400, 401, 403, 404) },
});

export function noteRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId, actor } = c.get("caller");
      const distributorId = c.req.valid("param").distributor_id;
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) => listNotes(tx, { companyId, distributorId, ...asked(query) }));
      const shown = pageOf(rows, query.limit, ({ noteNo }) => String(noteNo));
      return c.json({ items: shown.rows.map((row) => noteAnswer(row, actor)), next: shown.next }, 200);
    })
    .openapi(add, async (c) => {
      const { companyId, actor } = c.get("caller");
      const distributorId = c.req.valid("param").distributor_id;
      return c.json(noteAnswer(await addNote(hub, { companyId, actor, distributorId, ...c.req.valid("json") }), actor), 201);
    })
    .openapi(change, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { distributor_id: distributorId, note_id } = c.req.valid("param");
      const changed = { companyId, actor, distributorId, noteNo: BigInt(note_id), ...c.req.valid("json") };
      return c.json(noteAnswer(await changeNote(hub, changed), actor), 200);
    });
}

function noteAnswer({ noteNo, body, actor, recordedAt, changedAt }: Note, own: string): z.infer<typeof note> {
  return {
    ...{ note_id: String(noteNo), body, written_by: actor, written_at: recordedAt.toISOString(), is_own: actor === own },
    changed_at: changedAt?.toISOString() ?? null,
  };
}
