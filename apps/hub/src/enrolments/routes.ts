import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { ENROLMENT_STATES } from "../db/schema/enrolments.ts";
import { HubError } from "../errors.ts";
import { type Caller, type CallerVariables, requireScope } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  exactJson,
  exactJsonIfAny,
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
import { findDistributorId } from "../network/queries.ts";
import { STATUSES } from "../network/rows.ts";
import type { HubParts } from "../parts.ts";
import type { PeopleParts } from "../people/invite.ts";
import type { Rebind } from "./confirm.ts";
import { approve, refuse } from "./decide.ts";
import {
  type GivenConsent,
  type KeptAnswer,
  keptAnswer,
  type Said,
  settings as settingsShape,
  versionedConsent,
} from "./form.ts";
import { type EnrolmentView, findEnrolment, listEnrolments, readGivenConsents, readInviter } from "./queries.ts";
import { readConsentTexts, readSettings, setSettings } from "./settings.ts";

const tags = ["Enrolments"];
const params = z.object({ enrolment_id: numberParam });
const saidAnswer = z.object({ en: z.string().optional(), de: z.string().optional() });

const enrolment = z
  .object({
    enrolment_id: idText,
    state: z.enum(ENROLMENT_STATES).openapi({
      description:
        "`waiting` for the address to be confirmed; `confirmed` waits for the company; `approved` and `refused` are decided",
    }),
    name: z.string(),
    country: z.string().openapi({ example: "DE" }),
    sponsor_id: z.string().openapi({ description: "Who invites" }),
    sponsor_name: z.string(),
    code: z.string().openapi({ example: "MAYA21", description: "The code that they came by" }),
    asked_at: time,
    expires_at: time.openapi({ description: "Until when the address can be confirmed" }),
    confirmed_at: time.nullable(),
    decided_at: time.nullable(),
  })
  .openapi("Enrolling");

const whole = enrolment
  .extend({
    answers: z
      .array(keptAnswer)
      .openapi({ description: "The company's own fields, by the names they had when it was filled in" }),
    consents: z.array(
      z.object({ consent_id: z.string(), version: z.int(), text: saidAnswer, given_at: time.nullable() }).openapi("GivenConsent"),
    ),
    sponsor_status: z.enum(STATUSES).openapi({
      description: "Of who invites, now. Nobody is put under a `suspended` or `terminated` one unless somebody decides so",
    }),
    decided_by: z.string().nullable().openapi({ description: "`enrolment`: by itself, when the address was confirmed" }),
    reason: z.string().nullable().openapi({ description: "Of a refusal: what they were told" }),
    distributor_id: z.string().nullable().openapi({ description: "Of an approved one" }),
  })
  .openapi("WholeEnrolling");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listEnrolments",
  tags,
  summary: "Who wants to join, the newest first",
  middleware: [demandAdmin] as const,
  request: { query: page.extend({ state: z.enum(ENROLMENT_STATES).optional() }) },
  responses: { 200: answer("A page of enrolments", listOf(enrolment)), ...problems(400, 401, 403) },
});

const detail = createRoute({
  method: "get",
  path: "/{enrolment_id}",
  operationId: "getEnrolment",
  tags,
  summary: "One enrolment, with what was answered and agreed to",
  description: "The address is shown to nobody: it is sealed until somebody decides, and erased then.",
  middleware: [demandAdmin] as const,
  request: { params },
  responses: { 200: answer("The enrolment", whole), ...problems(400, 401, 403, 404) },
});

const approval = createRoute({
  method: "post",
  path: "/{enrolment_id}/approve",
  operationId: "approveEnrolment",
  tags,
  summary: "Make a distributor of somebody who confirmed their address",
  description:
    "Under the inviter, placed by each tree's mode or in its holding tank. Where the inviter is suspended or terminated by now it is refused " +
    "until somebody decides: for another sponsor, or for that one all the same. They are written to. Audited.",
  middleware: [demandAdmin, exactJsonIfAny] as const,
  request: {
    params,
    body: {
      required: false,
      content: {
        "application/json": {
          schema: z
            .strictObject({
              sponsor_id: z
                .string()
                .min(1)
                .max(255)
                .optional()
                .openapi({ example: "D02", description: "Under whom, where not under the inviter" }),
              despite_status: z
                .boolean()
                .default(false)
                .openapi({ description: "True: under the sponsor although they are suspended or terminated" }),
            })
            .openapi("EnrollingApproval"),
        },
      },
    },
  },
  responses: {
    200: answer("Enrolled", z.object({ enrolment_id: idText, distributor_id: z.string() }).openapi("ApprovedEnrolling")),
    ...problems(400, 401, 403, 404, 409, 422),
  },
});

const refusal = createRoute({
  method: "post",
  path: "/{enrolment_id}/refuse",
  operationId: "refuseEnrolment",
  tags,
  summary: "Refuse somebody who confirmed their address",
  description: "They are written the reason. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            reason: z.string().trim().min(5, "write a sentence: they are sent it").max(1_000),
          }),
        },
      },
    },
  },
  responses: { 200: answer("Refused", z.object({ enrolment_id: idText })), ...problems(400, 401, 403, 404, 409, 422) },
});

/** Who wants to join. `rebind` is a higher room's. */
export function enrolmentRoutes(hub: HubParts & { readonly people: PeopleParts }, { rebind }: { rebind: Rebind }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const decisionOf = ({ companyId, actor }: Caller, enrolmentId: string) => {
    return { companyId, actor, enrolmentNo: BigInt(enrolmentId), now: new Date() };
  };
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listEnrolments(tx, { companyId, state: query.state, ...asked(query) }),
      );
      const shown = pageOf(rows, query.limit, (row) => String(row.enrolmentNo));
      return c.json({ items: shown.rows.map(enrolmentAnswer), next: shown.next }, 200);
    })
    .openapi(detail, async (c) => {
      const { companyId } = c.get("caller");
      const enrolmentNo = numberOf(c.req.valid("param").enrolment_id) ?? 0n;
      return c.json(await readWhole(hub, { companyId, enrolmentNo }), 200);
    })
    .openapi(approval, async (c) => {
      const { enrolment_id } = c.req.valid("param");
      const { sponsor_id: sponsorId, despite_status: despiteStatus = false } = c.req.valid("json");
      const decision = { ...decisionOf(c.get("caller"), enrolment_id), sponsorId, despiteStatus };
      const { distributorId } = await approve(hub.people, { ...decision, rebind });
      return c.json({ enrolment_id, distributor_id: distributorId }, 200);
    })
    .openapi(refusal, async (c) => {
      const { enrolment_id } = c.req.valid("param");
      await refuse(hub.people, { ...decisionOf(c.get("caller"), enrolment_id), reason: c.req.valid("json").reason });
      return c.json({ enrolment_id }, 200);
    });
}

function enrolmentAnswer(row: EnrolmentView): z.infer<typeof enrolment> {
  return {
    ...{ enrolment_id: String(row.enrolmentNo), state: row.state, name: row.name, country: row.country, code: row.code },
    ...{ sponsor_id: row.sponsorId, sponsor_name: row.sponsorName },
    asked_at: row.askedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    confirmed_at: row.confirmedAt?.toISOString() ?? null,
    decided_at: row.decidedAt?.toISOString() ?? null,
  };
}

function readWhole(hub: HubParts, key: { companyId: number; enrolmentNo: bigint }): Promise<z.infer<typeof whole>> {
  const { companyId } = key;
  return asCompany(hub.db, companyId, async (tx) => {
    const row = await findEnrolment(tx, key);
    if (row === null) throw new HubError("not-found", "There is no such enrolment. GET /api/enrolments lists them.");
    const given = await readGivenConsents(tx, key);
    // Until the address is confirmed, what was ticked is nobody's consent yet.
    const ticked =
      given.length > 0 ? given : (row.consents as unknown as GivenConsent[]).map((one) => ({ ...one, givenAt: null }));
    const sponsor = await readInviter(tx, { companyId, sponsorNo: row.sponsorNo, at: new Date() });
    const texts = await readConsentTexts(tx, { companyId, consentIds: ticked.map(({ consentId }) => consentId) });
    const { distributorNo } = row;
    return {
      ...enrolmentAnswer(row),
      sponsor_status: sponsor.status,
      answers: row.answersCiphertext === null ? [] : (JSON.parse(hub.box.open(row.answersCiphertext)) as KeptAnswer[]),
      consents: ticked.map(({ consentId, version, givenAt }) => ({
        ...{ consent_id: consentId, version, text: texts.get(`${consentId} ${version}`) ?? ({} as Said) },
        given_at: givenAt?.toISOString() ?? null,
      })),
      ...{ decided_by: row.decidedBy, reason: row.reason === "" ? null : row.reason },
      distributor_id: distributorNo === null ? null : await findDistributorId(tx, { companyId, distributorNo }),
    };
  }) as Promise<z.infer<typeof whole>>;
}

const settings = z.object({ ...settingsShape.shape, consents: z.array(versionedConsent) }).openapi("EnrolmentSettings");

const read = createRoute({
  method: "get",
  path: "/",
  operationId: "getEnrolmentSettings",
  tags,
  summary: "How the company takes in distributors who come by a link",
  responses: { 200: answer("The settings; closed, where nobody decided", settings), ...problems(401, 403) },
});

const set = createRoute({
  method: "put",
  path: "/",
  operationId: "setEnrolmentSettings",
  tags,
  summary: "Set how the company takes in distributors who come by a link",
  description: "Words of a consent that changed are a new version of it; what was agreed to before stays as it was. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: { body: { required: true, content: { "application/json": { schema: settingsShape } } } },
  responses: { 200: answer("The settings as they are now", settings), ...problems(400, 401, 403, 422) },
});

export function enrolmentSettingsRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(read, async (c) => {
      const { companyId } = c.get("caller");
      const found = await asCompany(hub.db, companyId, (tx) => readSettings(tx, companyId));
      return c.json({ ...found, consents: [...found.consents] }, 200);
    })
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      const found = await setSettings(hub, { companyId, actor, ...c.req.valid("json") });
      return c.json({ ...found, consents: [...found.consents] }, 200);
    });
}
