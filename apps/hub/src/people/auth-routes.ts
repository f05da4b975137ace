import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ErrorCode, HubError } from "../errors.ts";
import { refuseOddText } from "../http/odd-text.ts";
import { problemResponse } from "../http/problem.ts";
import { answer, exactJson, newRoutes, problems } from "../http/shapes.ts";
import { clientOf } from "../http/wrong-tries.ts";
import { acceptInvitation, lookAtInvitation } from "./accept.ts";
import { LIMITS } from "./attempts.ts";
import { sendClaim } from "./claim.ts";
import { readEmail } from "./invite.ts";
import { CLIENT_HEADER, handle } from "./open-auth.ts";
import type { People } from "./open-people.ts";
import { forStrangers } from "./strangers.ts";

/**
 * `/auth/*`: signing in. Our own routes first; of the library's only those that are listed, so that a newer version of it opens nothing by
 * itself. All of it is limited by address, taken from the hub's own pages only, and kept by no cache.
 */

/** What the library answers itself. Sessions are listed and ended at `/api/me/sessions`: its own list would show their tokens. */
const LIBRARY: ReadonlySet<string> = new Set([
  "POST /auth/sign-in/email",
  "POST /auth/sign-out",
  "POST /auth/reset-password",
  "POST /auth/change-password",
  "POST /auth/update-user",
  "GET /auth/magic-link/verify",
  "POST /auth/two-factor/enable",
  "POST /auth/two-factor/disable",
  "POST /auth/two-factor/verify-totp",
  "POST /auth/two-factor/verify-backup-code",
  "POST /auth/two-factor/generate-backup-codes",
  "GET /auth/passkey/generate-register-options",
  "POST /auth/passkey/verify-registration",
  "GET /auth/passkey/generate-authenticate-options",
  "POST /auth/passkey/verify-authentication",
  "GET /auth/passkey/list-user-passkeys",
  "POST /auth/passkey/delete-passkey",
  "POST /auth/passkey/update-passkey",
]);

const tags = ["Signing in"];
const security: never[] = [];
const email = z.string().max(254).openapi({ example: "ann@acme.example" });
const token = z.string().min(1).max(100).openapi({ description: "The part of the link behind `#`" });
const sent = z.object({ status: z.literal("sent-if-known") }).openapi("SentIfKnown");
const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});
const common = { method: "post" as const, tags, security, middleware: [exactJson] as [typeof exactJson] };
const SAME = "The answer is always the same, and comes before anything is looked up.";

const askForLink = createRoute({
  ...common,
  path: "/sign-in/magic-link",
  operationId: "askForSignInLink",
  summary: "Ask for a link to sign in with",
  description: `${SAME} The link works once, within 10 minutes, and not for whoever signs in with codes as well.`,
  request: json(z.strictObject({ email })),
  responses: { 202: answer("Sent, if somebody is known by it", sent), ...problems(400, 403, 422, 429, 503) },
});

const askForPassword = createRoute({
  ...common,
  path: "/request-password-reset",
  operationId: "askForNewPassword",
  summary: "Ask for a link that sets a new password",
  description: `${SAME} The link works once, within 30 minutes.`,
  request: json(z.strictObject({ email })),
  responses: { 202: answer("Sent, if somebody is known by it", sent), ...problems(400, 403, 422, 429, 503) },
});

const claim = createRoute({
  ...common,
  path: "/claims",
  operationId: "claimDistributor",
  summary: "Ask for a distributor's own account",
  description: `By the address that the company has of the distributor, or with a one-time code of an admin. ${SAME} The link goes to the address that was typed.`,
  request: json(
    z.strictObject({
      company: z.string().min(1).max(63).openapi({ example: "acme", description: "The company's slug" }),
      email,
      code: z.string().min(1).max(40).optional().openapi({ example: "7KQM-2XVD-9RTA" }),
    }),
  ),
  responses: { 202: answer("Sent, if it fits", sent), ...problems(400, 403, 422, 429, 503) },
});

const look = createRoute({
  ...common,
  path: "/invitations/look",
  operationId: "lookAtInvitation",
  summary: "What a link leads to",
  request: json(z.strictObject({ token })),
  responses: {
    200: answer(
      "The company, and what the link makes of whoever takes it",
      z
        .object({ company: z.object({ slug: z.string(), name: z.string() }), role: z.string(), email, is_new: z.boolean() })
        .openapi("Invited"),
    ),
    ...problems(400, 403, 404, 429),
  },
});

const accept = createRoute({
  ...common,
  path: "/invitations/accept",
  operationId: "acceptInvitation",
  summary: "Take the place that a link leads to",
  description:
    "Of an invitation or a claim. Whoever is new gives a name and a password; whoever has an account keeps theirs. Nobody is signed in by it. The link works once.",
  request: json(z.strictObject({ token, name: z.string().max(200).optional(), password: z.string().max(200).optional() })),
  responses: {
    200: answer("Taken: sign in now", z.object({ email, is_new: z.boolean() }).openapi("Accepted")),
    ...problems(400, 403, 404, 422, 429, 503),
  },
});

export function authRoutes(people: People) {
  const routes = newRoutes();
  routes.use(...forStrangers(people));
  const later = (what: string, work: () => Promise<unknown>) => {
    if (!people.later(what, work))
      throw new HubError("unavailable", "Many people ask for mail at the moment. Try again shortly.");
    return { status: "sent-if-known" as const };
  };
  /** So many mails an hour to one address, whoever asks; more are asked for in vain. */
  const mailTo = (what: string, address: string, work: () => Promise<unknown>) =>
    later(what, async () => {
      if (await people.attempts.take(LIMITS.mail, what, address)) await work();
    });
  const ours = routes
    .openapi(askForLink, (c) => {
      const address = readEmail(c.req.valid("json").email);
      const body = { email: address, callbackURL: "/" };
      return c.json(
        mailTo("sign-in", address, () => handOver(people, c, "/auth/sign-in/magic-link", body)),
        202,
      );
    })
    .openapi(askForPassword, (c) => {
      const address = readEmail(c.req.valid("json").email);
      return c.json(
        mailTo("password", address, () => handOver(people, c, "/auth/request-password-reset", { email: address })),
        202,
      );
    })
    .openapi(claim, (c) => {
      const { company, email, code } = c.req.valid("json");
      const address = readEmail(email);
      const work = async () => {
        if (code !== undefined && !(await people.attempts.take(LIMITS.codeOfCompany, company))) return;
        await sendClaim(people, { slug: company, email: address, code });
      };
      return c.json(mailTo("claim", address, work), 202);
    })
    .openapi(look, async (c) => {
      const { companyName, slug, role, email, isNew } = await lookAtInvitation(people, c.req.valid("json").token);
      return c.json({ company: { slug, name: companyName }, role, email, is_new: isNew }, 200);
    })
    .openapi(accept, async (c) => {
      const { email, isNew } = await acceptInvitation(people, c.req.valid("json"));
      return c.json({ email, is_new: isNew }, 200);
    });
  ours.all("/*", (c) => library(people, c));
  return ours;
}

export type AuthApi = ReturnType<typeof authRoutes>;

async function library(people: People, c: Context): Promise<Response> {
  const called = `${c.req.method} ${c.req.path}`;
  if (!LIBRARY.has(called)) throw new HubError("not-found", `Nothing is at ${c.req.path}. docs/people.md lists what is.`);
  const body = c.req.method === "GET" ? undefined : await readBody(c);
  if (called === "POST /auth/sign-in/email") {
    // What it was asked for beside these, such as another place to go to, is not handed on.
    const { email = "", password = "" } = body ?? {};
    const address = readEmail(String(email));
    await people.attempts.demand(LIMITS.passwordFromAddress, address, clientOf(c, people.env.proxies) ?? "");
    await people.attempts.demand(LIMITS.password, address);
    return plain(await handOver(people, c, c.req.path, { email: address, password, rememberMe: true }));
  }
  return plain(await handOver(people, c, c.req.path, body));
}

async function readBody(c: Context): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    throw new HubError("bad-request", "Send JSON, with the header `Content-Type: application/json`.");
  const read = z.record(z.string(), z.unknown()).safeParse(await c.req.json().catch(() => null));
  if (!read.success) throw new HubError("bad-request", "Send a JSON object.");
  refuseOddText(read.data);
  return read.data;
}

/** The library's own handler, with the caller's address as we know it. */
function handOver(people: People, c: Context, path: string, body?: Readonly<Record<string, unknown>>): Promise<Response> {
  const url = new URL(c.req.url);
  url.pathname = path;
  const headers = new Headers();
  for (const name of ["cookie", "user-agent", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"]) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  headers.set(CLIENT_HEADER, clientOf(c, people.env.proxies) ?? "127.0.0.1");
  // It wants to know where a call came from even where no browser is behind it; `guard` has held it against the hub's own.
  if (!headers.has("origin")) headers.set("origin", url.origin);
  if (body !== undefined) headers.set("content-type", "application/json");
  const init = { method: c.req.method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return handle(people.auth(), new Request(url, init));
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: "bad-request",
  401: "unauthorized",
  403: "missing-role",
  404: "not-found",
  422: "unprocessable",
  429: "too-many",
};

/** The library's answer in the house's form: no token in a body, refusals as problem details. */
async function plain(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  // Redirects come with headers that nobody may add to.
  const isRedirect = response.status >= 300 && response.status < 400;
  if (isRedirect || !(headers.get("content-type") ?? "").startsWith("application/json"))
    return new Response(response.body, { status: response.status, headers });
  const body: unknown = await response.json().catch(() => null);
  headers.delete("content-length");
  if (response.ok) return new Response(JSON.stringify(withoutTokens(body)), { status: response.status, headers });
  const said = z.object({ code: z.string(), message: z.string() }).partial().catch({}).parse(body);
  const code = CODES[response.status];
  const refusal =
    code === undefined
      ? new HubError("internal", "")
      : new HubError(code, `${said.message ?? "That was refused"}.`.replace("..", "."), {
          members: said.code === undefined ? {} : { reason: said.code },
        });
  const cookies = headers.getSetCookie();
  const problem = problemResponse(code === undefined ? null : refusal);
  for (const cookie of cookies) problem.headers.append("set-cookie", cookie);
  return problem;
}

function withoutTokens(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  const { token: _token, session, ...rest } = body as Record<string, unknown>;
  return session === undefined ? rest : { ...rest, session: withoutTokens(session) };
}
