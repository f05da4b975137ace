import { createRoute, z } from "@hono/zod-openapi";
import { PlanError, parsePlan } from "@upline/core";
import { isPublishable } from "@upline/core/engine";
import { asCompany } from "../db/connect.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { reasonShape } from "../http/reason-shape.ts";
import { answer, demandAdmin, exactJson, instant, momentOf, newRoutes, problems, time } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { planFindings } from "./findings.ts";
import { publishPlan } from "./publish.ts";
import { findPlan, type ListedPlan, listPlans, listTreeNames } from "./queries.ts";
import { noSuchPlan, redatePlan } from "./redate.ts";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "the plan_hash of a published version, 64 hexadecimal digits");
const params = z.object({ plan_hash: hash });
const document = z
  .record(z.string(), z.unknown())
  .openapi({ type: "object", description: "A plan document: docs/plan-language.md" });

const version = z
  .object({
    plan_hash: z.string().openapi({ example: "49946340f31335ac705b02cb187f76d7e74c98c6af7fc01ec00801be48410790" }),
    plan_id: z.string().openapi({ example: "acme-unilevel" }),
    version: z.int().openapi({ example: 1 }),
    name: z.string(),
    effective_from: time.nullable().openapi({ description: "Orders placed from then on are judged by it; null: withdrawn" }),
    published_at: time,
  })
  .openapi("PlanVersion");

const finding = z
  .object({
    severity: z
      .enum(["error", "warning", "note"])
      .openapi({ description: "Errors refuse a plan; warnings ask for a second look; notes only tell" }),
    path: z.string().openapi({ example: "bonuses[0].rates" }),
    wrong: z.string(),
    right: z.string(),
    reasons: z
      .object({ wrong: reasonShape, right: reasonShape })
      .nullable()
      .openapi({ description: "The two sentences before any language; null of a document that is no plan" }),
  })
  .openapi("PlanFinding");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listPlans",
  tags: ["Plans"],
  summary: "Published plan versions, the one that counts last first",
  responses: { 200: answer("All of them", z.object({ items: z.array(version) })), ...problems(401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{plan_hash}",
  operationId: "getPlan",
  tags: ["Plans"],
  summary: "One version with its document",
  request: { params },
  responses: { 200: answer("The version", version.extend({ document })), ...problems(400, 401, 403, 404) },
});

const admin = { tags: ["Plans"], middleware: [demandAdmin, exactJson] as [typeof demandAdmin, typeof exactJson] };
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const publish = createRoute({
  ...admin,
  method: "post",
  path: "/",
  operationId: "publishPlan",
  summary: "Publish a plan document",
  description:
    "Needs the scope `admin`. A version never changes once published. The same document again is answered with what it is, " +
    "with another date it is refused; of two versions one may be in force from a moment.",
  request: body(
    z.object({
      document,
      effective_from: instant
        .optional()
        .openapi({ description: "Orders placed from then on are judged by it; now where absent" }),
    }),
  ),
  responses: {
    201: answer("Published", version.extend({ published: z.boolean(), findings: z.array(finding) })),
    200: answer("Published already", version.extend({ published: z.boolean(), findings: z.array(finding) })),
    ...problems(400, 401, 403, 409, 422),
  },
});

const lint = createRoute({
  ...admin,
  method: "post",
  path: "/lint",
  operationId: "lintPlan",
  summary: "Check a plan document without publishing it",
  description: "Needs the scope `admin`.",
  request: body(z.object({ document })),
  responses: {
    200: answer("What was found", z.object({ publishable: z.boolean(), findings: z.array(finding) })),
    ...problems(400, 401, 403),
  },
});

const redate = createRoute({
  ...admin,
  method: "post",
  path: "/{plan_hash}/redate",
  operationId: "redatePlan",
  summary: "Give a version another date, before it was used",
  description: "Needs the scope `admin`. Refused once an order was judged or a period computed by it.",
  request: { params, ...body(z.object({ effective_from: instant })) },
  responses: { 200: answer("Dated", version), ...problems(400, 401, 403, 404, 409) },
});

const withdraw = createRoute({
  tags: ["Plans"],
  middleware: [demandAdmin] as [typeof demandAdmin],
  method: "post",
  path: "/{plan_hash}/withdraw",
  operationId: "withdrawPlan",
  summary: "Take a version back, before it was used",
  description: "Needs the scope `admin`. Publishing the same document again puts it back.",
  request: { params },
  responses: { 200: answer("Withdrawn", version), ...problems(400, 401, 403, 404, 409) },
});

export function planRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const plans = await asCompany(hub.db, companyId, (tx) => listPlans(tx, companyId));
      return c.json({ items: plans.map(versionAnswer) }, 200);
    })
    .openapi(detail, async (c) => {
      const { companyId } = c.get("caller");
      const { plan_hash: planHash } = c.req.valid("param");
      const plan = await asCompany(hub.db, companyId, (tx) => findPlan(tx, { companyId, planHash }));
      if (plan === null) throw noSuchPlan();
      return c.json({ ...versionAnswer(plan), document: plan.document as Record<string, unknown> }, 200);
    })
    .openapi(publish, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { document, effective_from } = c.req.valid("json");
      const effectiveFrom = momentOf(effective_from);
      const { planHash, published, findings } = await publishPlan(hub, { companyId, document, effectiveFrom, actor });
      const plan = await asCompany(hub.db, companyId, (tx) => findPlan(tx, { companyId, planHash }));
      if (plan === null) throw noSuchPlan();
      return c.json({ ...versionAnswer(plan), published, findings: findings.map(findingAnswer) }, published ? 201 : 200);
    })
    .openapi(lint, async (c) => {
      const { companyId } = c.get("caller");
      const trees = await asCompany(hub.db, companyId, (tx) => listTreeNames(tx, companyId));
      return c.json(lintDocument(c.req.valid("json").document, trees), 200);
    })
    .openapi(redate, async (c) => {
      const { companyId, actor } = c.get("caller");
      const effectiveFrom = new Date(c.req.valid("json").effective_from);
      const which = { planHash: c.req.valid("param").plan_hash };
      return c.json(versionAnswer(await redatePlan(hub, { companyId, which, effectiveFrom, actor })), 200);
    })
    .openapi(withdraw, async (c) => {
      const { companyId, actor } = c.get("caller");
      const which = { planHash: c.req.valid("param").plan_hash };
      return c.json(versionAnswer(await redatePlan(hub, { companyId, which, effectiveFrom: null, actor })), 200);
    });
}

function lintDocument(
  document: unknown,
  trees: readonly string[],
): { publishable: boolean; findings: z.infer<typeof finding>[] } {
  try {
    const findings = planFindings(parsePlan(document), trees);
    return { publishable: isPublishable(findings), findings: findings.map(findingAnswer) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return {
      publishable: false,
      findings: error.problems.map((problem) => findingAnswer({ ...problem, severity: "error", reasons: null })),
    };
  }
}

function findingAnswer({ severity, path, wrong, right, reasons }: z.infer<typeof finding>): z.infer<typeof finding> {
  return { severity, path, wrong, right, reasons };
}

type ShownPlan = Omit<ListedPlan, "name"> & { readonly name?: string; readonly document?: unknown };

function versionAnswer(plan: ShownPlan): z.infer<typeof version> {
  return {
    plan_hash: plan.planHash,
    plan_id: plan.planId,
    version: plan.version,
    name: plan.name ?? (plan.document as { name: string }).name,
    effective_from: plan.effectiveFrom?.toISOString() ?? null,
    published_at: plan.recordedAt.toISOString(),
  };
}
