import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { MATERIAL_KINDS } from "../db/schema/portal.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { answer, demandAdmin, exactJson, idText, newRoutes, numberOf, numberParam, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { addMaterial, changeMaterial } from "./edit.ts";
import { listMaterials, readPicture } from "./queries.ts";

const tags = ["Materials"];
const MOST = 500;
const params = z.object({ material_id: numberParam });
const title = z.string().trim().min(1, "give it a title").max(200);
const body = z.string().trim().max(20_000);
const kind = z.enum(MATERIAL_KINDS);

const material = z
  .object({
    material_id: idText,
    kind,
    title: z.string(),
    body: z.string().openapi({ description: "Of a text the text, of a link its address, of a picture what it shows" }),
    changed_at: time,
  })
  .openapi("Material");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listMaterials",
  tags,
  summary: "What the company offers its distributors, the newest first",
  responses: { 200: answer("At most 500", z.object({ items: z.array(material) })), ...problems(401, 403, 404) },
});

const picture = createRoute({
  method: "get",
  path: "/{material_id}/picture",
  operationId: "getMaterialPicture",
  tags,
  summary: "The picture of a material",
  request: { params },
  responses: {
    200: { description: "The picture", content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } } },
    ...problems(400, 401, 403, 404),
  },
});

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const add = createRoute({
  method: "post",
  path: "/",
  operationId: "addMaterial",
  tags,
  summary: "Offer a text, a link or a picture",
  description: "A picture is PNG, JPEG or WebP of at most 2 MB, in base64. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: json(
    z.strictObject({ kind, title, body, picture: z.string().max(2_900_000, "has more than 2 MB: make it smaller").optional() }),
  ),
  responses: { 201: answer("Offered", z.object({ material_id: idText })), ...problems(400, 401, 403, 413, 422) },
});

const change = createRoute({
  method: "put",
  path: "/{material_id}",
  operationId: "changeMaterial",
  tags,
  summary: "Change the title and the text of a material",
  description: "Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: { params, ...json(z.strictObject({ kind, title, body })) },
  responses: { 200: answer("Changed", z.object({ material_id: idText })), ...problems(400, 401, 403, 404, 422) },
});

const withdraw = createRoute({
  method: "delete",
  path: "/{material_id}",
  operationId: "withdrawMaterial",
  tags,
  summary: "Take a material back",
  description: "Audited.",
  middleware: [demandAdmin] as const,
  request: { params },
  responses: { 200: answer("Taken back", z.object({ material_id: idText })), ...problems(400, 401, 403, 404) },
});

export function materialRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const rows = await asCompany(hub.db, companyId, (tx) => listMaterials(tx, companyId, MOST));
      const items = rows.map((row) => ({
        ...{ material_id: String(row.materialNo), kind: row.kind, title: row.title, body: row.body },
        changed_at: row.changedAt.toISOString(),
      }));
      return c.json({ items }, 200);
    })
    .openapi(picture, async (c) => {
      const { companyId } = c.get("caller");
      const materialNo = numberOf(c.req.valid("param").material_id) ?? 0n;
      const found = await asCompany(hub.db, companyId, (tx) => readPicture(tx, { companyId, materialNo }));
      if (found?.picture == null || found.pictureType === null)
        throw new HubError("not-found", "There is no such picture. GET /api/materials lists them.");
      return c.body(new Uint8Array(found.picture), 200, {
        ...{ "content-type": found.pictureType, "cache-control": "private, max-age=86400" },
        ...{ "content-disposition": "inline", "x-content-type-options": "nosniff" },
      });
    })
    .openapi(add, async (c) => {
      const { companyId, actor } = c.get("caller");
      const materialNo = await addMaterial(hub, { companyId, actor, ...c.req.valid("json") });
      return c.json({ material_id: String(materialNo) }, 201);
    })
    .openapi(change, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { material_id } = c.req.valid("param");
      const { kind: of, ...rest } = c.req.valid("json");
      await changeMaterial(hub, { companyId, actor, kind: of, materialNo: numberOf(material_id) ?? 0n, change: rest });
      return c.json({ material_id }, 200);
    })
    .openapi(withdraw, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { material_id } = c.req.valid("param");
      await changeMaterial(hub, { companyId, actor, kind: "text", materialNo: numberOf(material_id) ?? 0n, change: "withdraw" });
      return c.json({ material_id }, 200);
    });
}
