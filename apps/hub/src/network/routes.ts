import { createRoute, z } from "@hono/zod-openapi";
import { foldCode, membersAfter } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  demandAdmin,
  distributorText,
  exactJson,
  instant,
  listOf,
  newRoutes,
  numberedPage,
  pageOf,
  problems,
  refusedRows,
  time,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { downlineOf } from "./downlines.ts";
import { importDistributors } from "./import.ts";
import type { Network } from "./network.ts";
import { type DistributorView, describeMembers, findDistributor, readDistributors } from "./queries.ts";
import { STATUSES } from "./rows.ts";

/** An upline is as deep as the network; nobody reads more than this of it. */
const UPLINE_DEPTH = 1000;

/** The document's fields, and what decides an order besides. Names are shown to admins only, addresses to nobody. */
const distributor = z
  .object({
    distributor_id: distributorText,
    sponsor_id: z.string().nullable().openapi({ example: "9001", description: "Null: enrolled directly under the company" }),
    status: z.enum(STATUSES),
    country: z.string().nullable().openapi({ example: "US" }),
    tax_id: z.string().nullable().openapi({ example: "•••6789", description: "In full with the scope `admin` only" }),
    created_at: time.openapi({ description: "When they enrolled" }),
    rank: z.string().nullable().openapi({ example: "gold" }),
    codes: z
      .array(z.string())
      .openapi({ example: ["MAYA21"], description: "Referral codes; the distributor's own id is one as well" }),
    name: z.string().optional().openapi({ example: "Maya Lind", description: "With the scope `admin` only" }),
  })
  .openapi("Distributor");

const leveled = distributor
  .extend({ level: z.int().openapi({ description: "Distance: 1 is next" }) })
  .openapi("LeveledDistributor");

const at = instant.optional().openapi({ description: "As of this time; now where absent" });
const params = z.object({ distributor_id: distributorText });

const listQuery = numberedPage.extend({
  at,
  status: z.enum(STATUSES).optional(),
  country: z.string().length(2).toUpperCase().optional(),
  rank: z.string().optional(),
  sponsor_id: z.string().optional(),
  code: z.string().optional().openapi({ description: "Whose referral code is this?" }),
});

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listDistributors",
  tags: ["Distributors"],
  summary: "Distributors, newest first",
  request: { query: listQuery },
  responses: { 200: answer("A page of distributors", listOf(distributor)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{distributor_id}",
  operationId: "getDistributor",
  tags: ["Distributors"],
  summary: "One distributor",
  request: { params, query: z.object({ at }) },
  responses: { 200: answer("The distributor", distributor), ...problems(400, 401, 403, 404) },
});

const upline = createRoute({
  method: "get",
  path: "/{distributor_id}/upline",
  operationId: "getUpline",
  tags: ["Distributors"],
  summary: "Sponsors up to the root, nearest first",
  request: { params, query: z.object({ at }) },
  responses: { 200: answer("The upline", z.object({ items: z.array(leveled) })), ...problems(400, 401, 403, 404) },
});

const downline = createRoute({
  method: "get",
  path: "/{distributor_id}/downline",
  operationId: "getDownline",
  tags: ["Distributors"],
  summary: "Everybody below, level by level",
  request: {
    params,
    query: numberedPage.extend({
      at,
      depth: z.coerce.number().int().min(1).max(50).default(1).openapi({ description: "Levels; 1 is the frontline" }),
      before: z
        .string()
        .regex(/^\d{1,9}~\d{1,9}$/, "take it from `next` of the page before")
        .optional()
        .openapi({ description: "The `next` of the page before" }),
    }),
  },
  responses: { 200: answer("A page of the downline", listOf(leveled)), ...problems(400, 401, 403, 404) },
});

const levels = createRoute({
  method: "get",
  path: "/{distributor_id}/levels",
  operationId: "getLevels",
  tags: ["Distributors"],
  summary: "How many stand on each level below",
  request: { params, query: z.object({ at }) },
  responses: {
    200: answer(
      "Counts by level",
      z
        .object({
          at: time.openapi({ description: "As of this time" }),
          distributors: z.int().openapi({ example: 12, description: "Everybody below" }),
          levels: z.array(
            z.object({ level: z.int().openapi({ description: "Distance: 1 is the frontline" }), distributors: z.int() }),
          ),
        })
        .openapi("Levels"),
    ),
    ...problems(400, 401, 403, 404),
  },
});

const enrolment = z
  .object({
    distributor_id: z.string().min(1).max(100).openapi({ example: "9013" }),
    sponsor_id: z.string().nullable().default(null).openapi({ example: "9012", description: "Null: directly under the company" }),
    status: z.enum(STATUSES).optional(),
    country: z.string().optional().openapi({ example: "US" }),
    tax_id: z.string().min(1).max(100).optional(),
    created_at: z.string().optional().openapi({ description: "When they enrolled; now where absent" }),
    rank: z.string().optional().openapi({ example: "silver" }),
    codes: z
      .array(z.string())
      .max(20)
      .optional()
      .openapi({ example: ["BEN22"] }),
    name: z.string().max(200).optional().openapi({ description: "Shown to keys with the scope `admin` only" }),
    email: z.string().optional().openapi({ description: "Kept as a keyed hash only, to recognise own purchases" }),
    phone: z.string().optional().openapi({ description: "Kept as a keyed hash only, to recognise own purchases" }),
    customer_ids: z
      .array(z.string())
      .max(20)
      .optional()
      .openapi({
        example: ["shop.example.com=5551"],
        description: "Their customer ids as `<store>=<id>`, for shops that send no address; kept as keyed hashes only",
      }),
  })
  .openapi("Enrolment");

const enrol = createRoute({
  method: "post",
  path: "/",
  operationId: "enrolDistributor",
  tags: ["Distributors"],
  summary: "Enrol a distributor",
  description: "Needs the scope `admin`. Many at once: `pnpm upline distributor import`.",
  middleware: [demandAdmin, exactJson] as const,
  request: { body: { required: true, content: { "application/json": { schema: enrolment } } } },
  responses: { 201: answer("The distributor", distributor), ...problems(400, 401, 403, 409, 422) },
});

/** Decides open orders of a company again whose buyer turns out to be this distributor. */
export type Rebind = (companyId: number, distributorId: string) => Promise<unknown>;

/** A company's network in memory, as new as the database. */
export type NetworkOf = (companyId: number) => Promise<Network>;

export function distributorRoutes(hub: HubParts, { rebind, networkOf }: { rebind: Rebind; networkOf: NetworkOf }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const caller = c.get("caller");
      const { companyId } = caller;
      const query = c.req.valid("query");
      const at = timeOf(query.at);
      const numbers = numbersOfPage(await networkOf(companyId), query, at);
      const rows = await asCompany(hub.db, companyId, (tx) => readDistributors(tx, { companyId, at, numbers }));
      const shown = pageOf(rows, query.limit, (row) => String(row.distributorNo));
      return c.json({ items: shown.rows.map((row) => distributorAnswer(hub, caller, row)), next: shown.next }, 200);
    })
    .openapi(detail, async (c) => {
      const caller = c.get("caller");
      const row = await asCompany(hub.db, caller.companyId, (tx) =>
        needDistributor(tx, caller, c.req.valid("param").distributor_id, timeOf(c.req.valid("query").at)),
      );
      return c.json(distributorAnswer(hub, caller, row), 200);
    })
    .openapi(upline, async (c) => {
      const caller = c.get("caller");
      const time = timeOf(c.req.valid("query").at);
      const network = await networkOf(caller.companyId);
      const no = needNumber(network, c.req.valid("param").distributor_id);
      const walked = network.uplineAt(no, time.getTime(), UPLINE_DEPTH).map((up, index) => ({ no: up, level: index + 1 }));
      const rows = await asCompany(hub.db, caller.companyId, (tx) =>
        describeMembers(tx, { companyId: caller.companyId, at: time }, walked),
      );
      return c.json({ items: rows.map((row) => ({ ...distributorAnswer(hub, caller, row), level: row.level })) }, 200);
    })
    .openapi(downline, async (c) => {
      const caller = c.get("caller");
      const query = c.req.valid("query");
      const time = timeOf(query.at);
      const network = await networkOf(caller.companyId);
      const no = needNumber(network, c.req.valid("param").distributor_id);
      const after = query.before === undefined ? undefined : cursorOf(query.before);
      const asked = { after, depth: query.depth, limit: query.limit + 1 };
      const walked = membersAfter(await downlineOf(network, { no, at: time.getTime(), ...asked }), asked);
      const shown = pageOf(walked, query.limit, (step) => `${step.level}~${step.no}`);
      const rows = await asCompany(hub.db, caller.companyId, (tx) =>
        describeMembers(tx, { companyId: caller.companyId, at: time }, shown.rows),
      );
      const items = rows.map((row) => ({ ...distributorAnswer(hub, caller, row), level: row.level }));
      return c.json({ items, next: shown.next }, 200);
    })
    .openapi(levels, async (c) => {
      const network = await networkOf(c.get("caller").companyId);
      const no = needNumber(network, c.req.valid("param").distributor_id);
      return c.json(await countLevels(network, no, timeOf(c.req.valid("query").at)), 200);
    })
    .openapi(enrol, async (c) => {
      const caller = c.get("caller");
      const row = await enrolDistributor(hub, { caller, rebind }, c.req.valid("json"));
      return c.json(distributorAnswer(hub, caller, row), 201);
    });
}

async function enrolDistributor(
  hub: HubParts,
  { caller, rebind }: { caller: Caller; rebind: Rebind },
  body: z.output<typeof enrolment>,
): Promise<DistributorView> {
  const { companyId, actor } = caller;
  const distributorId = body.distributor_id.trim();
  const { sponsor_id, tax_id, created_at, customer_ids, distributor_id: _id, ...rest } = body;
  const names = { distributorId, sponsorId: sponsor_id, taxId: tax_id, customerIds: customer_ids };
  const row = { ...rest, ...names, line: 1, enrolledAt: created_at };
  const result = await importDistributors(hub, { companyId, actor, rows: [row], newOnly: true }).catch(async (error) => {
    // Whoever comes again, because the first call was not answered, finds done what may have been left of it.
    if (error instanceof HubError && error.code === "conflict") await rebind(companyId, distributorId);
    throw error;
  });
  if (result.errorCount > 0) throw refusedRows(result.errors, { enrolled_at: "created_at" });
  await rebind(companyId, distributorId);
  const at = new Date();
  return asCompany(hub.db, companyId, (tx) => needDistributor(tx, caller, distributorId, at));
}

/** Looked for in memory, where everybody's standing and sponsor of any time are, and one more to tell whether a page follows. */
function numbersOfPage(network: Network, query: z.output<typeof listQuery>, at: Date): number[] {
  const { status, rank, country, code, sponsor_id: sponsorId } = query;
  const before = query.before === undefined ? undefined : Number(query.before);
  const sponsor = sponsorId === undefined ? undefined : network.numberOf(sponsorId);
  const owner = code === undefined ? undefined : network.ownerOfCode(foldCode(code));
  // Nobody is of a sponsor or a code that are not there.
  if (sponsor === null || owner === null) return [];
  return network.search({ at: at.getTime(), before, limit: query.limit + 1, status, rank, country, sponsor, only: owner });
}

function timeOf(text: string | undefined): Date {
  return text === undefined ? new Date() : new Date(text);
}

function cursorOf(text: string): { level: number; no: number } {
  const [level = 1, no = 0] = text.split("~").map(Number);
  return { level: Math.max(1, level), no: level === 0 ? 0 : no };
}

async function countLevels(network: Network, no: number, at: Date) {
  const { members, starts } = await downlineOf(network, { no, at: at.getTime(), depth: Number.POSITIVE_INFINITY });
  const levels = starts.slice(1).map((end, index) => ({ level: index + 1, distributors: end - (starts[index] ?? 0) }));
  return { at: at.toISOString(), distributors: members.length, levels };
}

/** Somebody's number. Throws HubError where they are not there. */
export function needNumber(network: Network, distributorId: string): number {
  const no = network.numberOf(distributorId);
  if (no === null) throw unknownDistributor();
  return no;
}

async function needDistributor(tx: Tx, { companyId }: Caller, distributorId: string, at: Date): Promise<DistributorView> {
  const row = await findDistributor(tx, { companyId, distributorId, at });
  if (row) return row;
  throw unknownDistributor();
}

function unknownDistributor(): HubError {
  return new HubError(
    "not-found",
    "There is no such distributor. Look one up by referral code with GET /api/distributors?code=….",
  );
}

function distributorAnswer(hub: HubParts, caller: Caller, row: DistributorView): z.infer<typeof distributor> {
  return {
    distributor_id: row.distributorId,
    sponsor_id: row.sponsorId,
    status: row.status,
    country: row.country,
    tax_id: row.taxIdCiphertext === null ? null : taxId(hub.box.open(row.taxIdCiphertext), caller),
    created_at: row.enrolledAt.toISOString(),
    rank: row.rank,
    codes: row.codes ?? [],
    ...(caller.scopes.includes("admin") ? { name: row.name } : {}),
  };
}

/** Enough to recognise one's own; the last four only where much more is hidden. */
function taxId(text: string, caller: Caller): string {
  if (caller.scopes.includes("admin")) return text;
  return text.length >= 8 ? `•••${text.slice(-4)}` : "•••";
}
