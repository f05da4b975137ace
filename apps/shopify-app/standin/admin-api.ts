import { API_VERSION, adminSchema } from "@upline/shopify/fixtures/admin-schema";
import { type ExecutionResult, execute, parse, validate } from "graphql";
import { type Context, Hono } from "hono";
import type { Caller } from "./caller.ts";
import { costOf, MOST_AT_ONCE, type Purse } from "./cost.ts";
import { mutationRoot } from "./mutations.ts";
import { queryRoot } from "./query-root.ts";
import { resolveField } from "./schema.ts";
import type { Fault, Site } from "./site.ts";

interface Question {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

const REFUSALS: Readonly<Record<string, string>> = {
  "401": "[API] Invalid API key or access token (unrecognized login or wrong password)",
  "402": "Unavailable Shop",
  "403": "[API] This action requires merchant approval.",
  "423": "Unavailable Shop",
  "429": "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.",
  "500": "Internal Server Error",
  "503": "Service Unavailable",
};

/** The token endpoint and the Admin API of every shop, below `/shops/<domain>`. */
export function adminApi(site: Site): Hono {
  const app = new Hono();
  app.post("/shops/:domain/admin/oauth/access_token", async (c) => {
    const shop = site.shops.get(c.req.param("domain"));
    if (!shop) return c.json({ errors: "Not Found" }, 404);
    const fault = site.nextFault(shop, "token");
    if (fault) return faulty(fault);
    const { status, body } = site.tokens.answer(shop, await bodyOf(c));
    return Response.json(body, { status });
  });
  app.post("/shops/:domain/admin/api/:version/graphql.json", async (c) => {
    const shop = site.shops.get(c.req.param("domain"));
    if (!shop) return c.json({ errors: "Not Found" }, 404);
    const headers = { "x-shopify-api-version": API_VERSION, "x-request-id": `r-${Date.now()}` };
    const fault = site.nextFault(shop, "graphql");
    if (fault && fault !== "THROTTLED") return faulty(fault, headers);
    const caller = site.callerOf(shop, c.req.header("x-shopify-access-token"));
    if (!caller) return faulty("401", headers);
    const question = questionOf(await c.req.json().catch(() => null));
    if (!question) return Response.json({ errors: { query: "Required parameter missing or invalid" } }, { status: 400, headers });
    return Response.json(await answer({ caller, purse: site.purseOf(shop), throttled: fault === "THROTTLED" }, question), {
      headers,
    });
  });
  app.get("/bulk/:file", (c) => {
    const content = site.bulk.fileOf(c.req.param("file").replace(/\.jsonl$/, ""));
    return content === null ? c.notFound() : c.body(content, 200, { "content-type": "application/jsonl" });
  });
  return app;
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  if (c.req.header("content-type")?.includes("json")) return (await c.req.json().catch(() => null)) ?? {};
  return await c.req.parseBody();
}

function faulty(kind: Fault["kind"], headers: Record<string, string> = {}): Response {
  if (kind === "hang-up") return new Response(new ReadableStream({ start: (stream) => stream.error(new Error("hung up")) }));
  const status = kind === "THROTTLED" ? 429 : Number(kind);
  const wait: Record<string, string> = status === 429 ? { "retry-after": "2.0" } : {};
  return Response.json({ errors: REFUSALS[String(status)] }, { status, headers: { ...headers, ...wait } });
}

function questionOf(body: unknown): Question | null {
  if (typeof body !== "object" || body === null || !("query" in body) || typeof body.query !== "string") return null;
  const variables = "variables" in body && typeof body.variables === "object" ? body.variables : null;
  const operationName = "operationName" in body && typeof body.operationName === "string" ? body.operationName : null;
  return { query: body.query, variables: { ...variables }, operationName };
}

interface Asking {
  readonly caller: Caller;
  readonly purse: Purse;
  /** Whether this request finds the purse empty, whatever it costs. */
  readonly throttled: boolean;
}

/** As Shopify answers: 200 with `errors`, and what it cost. */
async function answer({ caller, purse, throttled }: Asking, question: Question): Promise<Record<string, unknown>> {
  const schema = adminSchema();
  const refuse = (message: string, code: string, more: Record<string, unknown> = {}) => ({
    errors: [{ message, extensions: { code, documentation: "https://shopify.dev/api/usage/rate-limits", ...more } }],
  });
  let document: ReturnType<typeof parse>;
  try {
    document = parse(question.query);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), "syntaxError");
  }
  const invalid = validate(schema, document);
  if (invalid.length > 0) return { errors: invalid.map((one) => ({ ...one.toJSON(), extensions: { code: "invalid" } })) };
  const requested = costOf(schema, document, question.variables, question.operationName);
  const cost = (actual: number | null) => ({
    cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus: purse.status() },
  });
  if (requested > MOST_AT_ONCE) {
    const message = `Query cost is ${requested}, which exceeds the single query max cost limit (${MOST_AT_ONCE}).`;
    return refuse(message, "MAX_COST_EXCEEDED", { cost: requested, maxCost: MOST_AT_ONCE });
  }
  if (throttled) purse.empty();
  if (throttled || !purse.take(requested)) return { ...refuse("Throttled", "THROTTLED"), extensions: cost(null) };
  const result = await execute({
    schema,
    document,
    rootValue: { ...queryRoot(), ...mutationRoot() },
    contextValue: caller,
    variableValues: question.variables,
    operationName: question.operationName,
    fieldResolver: resolveField,
  });
  return { ...plain(result), extensions: cost(requested) };
}

function plain(result: ExecutionResult): Record<string, unknown> {
  const errors = result.errors?.map((one) => one.toJSON());
  return { ...(result.data === undefined ? {} : { data: result.data }), ...(errors ? { errors } : {}) };
}
