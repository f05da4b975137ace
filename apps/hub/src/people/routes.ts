import { createRoute, z } from "@hono/zod-openapi";
import { ROLES, type Role } from "../db/schema/people.ts";
import { HubError } from "../errors.ts";
import { type Caller, type CallerVariables, callingPerson, demandPerson, requireScope, signedInOnly } from "../http/auth.ts";
import {
  answer,
  asked,
  exactJson,
  idText,
  listOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
  time,
} from "../http/shapes.ts";
import { makeClaimCode } from "./claim.ts";
import { changeRole, type Giver, invite, revokePerson, withdrawInvitation } from "./invite.ts";
import type { People } from "./open-people.ts";
import { listInvitations, listStaff } from "./queries.ts";

const role = z.enum(ROLES);
const personId = z.string().min(1).max(64);
const tags = ["People"];
const BY_PERSON = "For somebody who is signed in: no API key may do it. Audited.";

const person = z
  .object({
    person_id: z.string().openapi({ example: "p_5f0c…" }),
    name: z.string(),
    email: z.string(),
    role,
    totp: z.boolean().openapi({ description: "Whether they sign in with a code as well" }),
    since: time,
  })
  .openapi("Person");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listPeople",
  tags,
  summary: "Who works for the company, the first first",
  description: "Distributors' accounts are not among them. For somebody who is signed in.",
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  request: { query: page },
  responses: { 200: answer("The people", listOf(person)), ...problems(400, 401, 403, 404) },
});

const oneOf = { params: z.object({ person_id: personId }) };

const change = createRoute({
  method: "patch",
  path: "/{person_id}",
  operationId: "changeRole",
  tags,
  summary: "Give somebody another role",
  description: `It counts from their next call on; keys that they made are revoked where the new role has none. ${BY_PERSON}`,
  security: signedInOnly(),
  middleware: [demandPerson, exactJson] as const,
  request: {
    ...oneOf,
    body: { required: true, content: { "application/json": { schema: z.strictObject({ role }) } } },
  },
  responses: {
    200: answer("Changed", z.object({ person_id: personId, role }).openapi("ChangedRole")),
    ...problems(400, 401, 403, 404, 422),
  },
});

const revoke = createRoute({
  method: "delete",
  path: "/{person_id}",
  operationId: "revokePerson",
  tags,
  summary: "Take somebody's place in the company away",
  description: `With the keys that they made. It counts from their next call on. \`sells=true\` takes a distributor's account away. ${BY_PERSON}`,
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  request: { ...oneOf, query: z.object({ sells: z.enum(["true", "false"]).default("false") }) },
  responses: {
    200: answer("Taken away", z.object({ person_id: personId }).openapi("RevokedPerson")),
    ...problems(400, 401, 403, 404, 422),
  },
});

const invitation = z
  .object({ invitation_id: idText, email: z.string(), role, invited_by: z.string(), created_at: time, expires_at: time })
  .openapi("Invitation");

const waiting = createRoute({
  method: "get",
  path: "/invitations",
  operationId: "listInvitations",
  tags,
  summary: "Invitations that nobody took yet",
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  request: { query: page },
  responses: { 200: answer("The invitations", listOf(invitation)), ...problems(400, 401, 403, 404) },
});

const inviteRoute = createRoute({
  method: "post",
  path: "/invitations",
  operationId: "invitePerson",
  tags,
  summary: "Invite somebody by mail",
  description: `The link is in the mail, works once, and for seven days. Owners give every role, admins every one but the owner's. ${BY_PERSON}`,
  security: signedInOnly(),
  middleware: [demandPerson, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            email: z.string().max(254).openapi({ example: "ben@acme.example" }),
            role,
            distributor_id: z
              .string()
              .min(1)
              .max(255)
              .optional()
              .openapi({ description: "With the role `distributor`: as whom they sell" }),
          }),
        },
      },
    },
  },
  responses: {
    201: answer("Invited", z.object({ invitation_id: idText, expires_at: time }).openapi("NewInvitation")),
    ...problems(400, 401, 403, 404, 422),
  },
});

const withdraw = createRoute({
  method: "delete",
  path: "/invitations/{invitation_id}",
  operationId: "withdrawInvitation",
  tags,
  summary: "Take an invitation back",
  description: BY_PERSON,
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  request: { params: z.object({ invitation_id: numberParam }) },
  responses: {
    200: answer("Taken back", z.object({ invitation_id: idText }).openapi("WithdrawnInvitation")),
    ...problems(400, 401, 403, 404),
  },
});

const code = createRoute({
  method: "post",
  path: "/claim-codes",
  operationId: "makeClaimCode",
  tags,
  summary: "Make a one-time code for a distributor whose address is not known",
  description: `They open their account with it, at an address of their own. It is shown now only, and an earlier one is void. ${BY_PERSON}`,
  security: signedInOnly(),
  middleware: [demandPerson, exactJson] as const,
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ distributor_id: z.string().min(1).max(255) }) } },
    },
  },
  responses: {
    201: answer(
      "The code",
      z.object({ code: z.string().openapi({ example: "7KQM-2XVD-9RTA" }), expires_at: time }).openapi("ClaimCode"),
    ),
    ...problems(400, 401, 403, 404, 422),
  },
});

function giverOf(caller: Caller): Giver {
  const { role } = callingPerson(caller);
  const known: Role | undefined = ROLES.find((other) => other === role);
  if (known === undefined) throw new HubError("missing-role", "Your role is not known.");
  return { actor: caller.actor, role: known };
}

/** A company's people: who they are, and as what they are there. */
export function peopleRoutes(people: People) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(people.db, "read"));
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const { limit, before } = asked(c.req.valid("query"));
      const found = pageOf(await listStaff(people.db.people, { companyId, limit, after: before }), limit - 1, ({ seatNo }) =>
        String(seatNo),
      );
      const items = found.rows.map(({ personId, name, email, role, totpEnabled, createdAt }) => ({
        ...{ person_id: personId, name, email, role, totp: totpEnabled, since: createdAt.toISOString() },
      }));
      return c.json({ items, next: found.next }, 200);
    })
    .openapi(waiting, async (c) => {
      const { companyId } = c.get("caller");
      const { limit, before } = asked(c.req.valid("query"));
      const rows = await listInvitations(people.db.people, { companyId, limit, before });
      const found = pageOf(rows, limit - 1, ({ invitationNo }) => String(invitationNo));
      const items = found.rows.map((row) => ({
        ...{ invitation_id: String(row.invitationNo), email: row.email ?? "", role: row.role, invited_by: row.invitedBy },
        ...{ created_at: row.createdAt.toISOString(), expires_at: row.expiresAt.toISOString() },
      }));
      return c.json({ items, next: found.next }, 200);
    })
    .openapi(inviteRoute, async (c) => {
      const caller = c.get("caller");
      const { email, role, distributor_id: distributorId } = c.req.valid("json");
      const { companyId } = caller;
      const made = await invite(people, { companyId, email, role, distributorId, giver: giverOf(caller) });
      return c.json({ invitation_id: String(made.invitationNo), expires_at: made.expiresAt.toISOString() }, 201);
    })
    .openapi(withdraw, async (c) => {
      const caller = c.get("caller");
      const { invitation_id } = c.req.valid("param");
      const invitationNo = numberOf(invitation_id) ?? 0n;
      await withdrawInvitation(people, { companyId: caller.companyId, invitationNo, giver: giverOf(caller) });
      return c.json({ invitation_id }, 200);
    })
    .openapi(code, async (c) => {
      const caller = c.get("caller");
      const distributorId = c.req.valid("json").distributor_id;
      const made = await makeClaimCode(people, { companyId: caller.companyId, distributorId, giver: giverOf(caller) });
      return c.json({ code: made.code, expires_at: made.expiresAt.toISOString() }, 201);
    })
    .openapi(change, async (c) => {
      const caller = c.get("caller");
      const { person_id: personId } = c.req.valid("param");
      await changeRole(people, { companyId: caller.companyId, personId, giver: giverOf(caller), role: c.req.valid("json").role });
      return c.json({ person_id: personId, role: c.req.valid("json").role }, 200);
    })
    .openapi(revoke, async (c) => {
      const caller = c.get("caller");
      const { person_id: personId } = c.req.valid("param");
      const sells = c.req.valid("query").sells === "true";
      await revokePerson(people, { companyId: caller.companyId, personId, giver: giverOf(caller), sells });
      return c.json({ person_id: personId }, 200);
    });
}
