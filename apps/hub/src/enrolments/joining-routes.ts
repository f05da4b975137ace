import { createRoute, z } from "@hono/zod-openapi";
import { type Branding, readBranding, readLogo } from "../companies/branding.ts";
import { branding, brandingAnswer, logoAnswer } from "../companies/branding-routes.ts";
import { type Company, listCompanies } from "../companies/queries.ts";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { answer, exactJson, newRoutes, problems } from "../http/shapes.ts";
import { clientOf } from "../http/wrong-tries.ts";
import { LIMITS } from "../people/attempts.ts";
import type { People } from "../people/open-people.ts";
import { forStrangers } from "../people/strangers.ts";
import { checkForm, sendConfirmation } from "./ask.ts";
import { confirmEnrolment, type Rebind } from "./confirm.ts";
import { filledIn, type Settings, settings as settingsShape, versionedConsent } from "./form.ts";
import { findInviter, firstNameOf, type Inviter } from "./inviter.ts";
import { readSettings } from "./settings.ts";

/** `/joining/*`: what the page `/join/{code}` asks. For strangers: no key and no session; limited by address, and kept by no cache. */

const tags = ["Joining"];
const security: never[] = [];
const company = z
  .string()
  .min(1)
  .max(63)
  .optional()
  .openapi({ example: "acme", description: "The company's slug; needed where the hub has several" });
const params = z.object({
  name: z.string().min(1).max(200).openapi({ example: "MAYA21", description: "A code, or the name of a link" }),
});

const joining = z
  .object({
    company: z.object({ slug: z.string(), name: z.string() }),
    branding,
    state: z.enum(["open", "closed", "unknown", "over", "resting"]).openapi({
      description:
        "`closed`: the company takes nobody in this way; `unknown`, `over`, `resting`: nobody has this code, the link's time is over, its distributor is suspended or gone",
    }),
    inviter: z.string().nullable().openapi({ example: "Maya", description: "As much of the name as the company shows" }),
    code: z.string().nullable().openapi({ example: "MAYA21" }),
    needs_approval: z.boolean(),
    intro: settingsShape.shape.intro,
    fields: settingsShape.shape.fields,
    consents: z.array(versionedConsent),
  })
  .openapi("Joining");

const look = createRoute({
  method: "get",
  path: "/codes/{name}",
  operationId: "lookAtJoining",
  tags,
  security,
  summary: "Who invites, and what the company asks of whoever joins",
  request: { params, query: z.object({ company }) },
  responses: { 200: answer("The page", joining), ...problems(400, 404, 429) },
});

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, content: { "application/json": { schema } } },
});

const ask = createRoute({
  method: "post",
  path: "/codes/{name}",
  operationId: "askToJoin",
  tags,
  security,
  summary: "Ask to join under somebody's code",
  description:
    "A link goes to the address. The answer is the same for every address, and comes before any is looked up; whoever is a distributor already is told so by mail.",
  middleware: [exactJson] as [typeof exactJson],
  request: {
    params,
    ...json(filledIn.extend({ company })),
  },
  responses: {
    202: answer("Sent, unless it was asked for too often", z.object({ status: z.literal("sent") }).openapi("JoiningAsked")),
    ...problems(400, 403, 404, 409, 422, 429, 503),
  },
});

const confirm = createRoute({
  method: "post",
  path: "/confirmations",
  operationId: "confirmJoining",
  tags,
  security,
  summary: "Follow the link that was mailed",
  description: "The link works for a week. Followed again, it answers what came of it, and does nothing more.",
  middleware: [exactJson] as [typeof exactJson],
  request: json(
    z.strictObject({ company, token: z.string().min(1).max(100).openapi({ description: "The part of the link behind `#`" }) }),
  ),
  responses: {
    200: answer(
      "What it came to",
      z
        .object({
          company: z.object({ slug: z.string(), name: z.string() }),
          branding,
          state: z.enum(["enrolled", "awaits-company", "refused"]),
          distributor_id: z.string().nullable().openapi({ example: "N9013" }),
          reason: z.string().nullable().openapi({ description: "Of a refusal" }),
          account_link: z
            .string()
            .nullable()
            .openapi({ description: "Opens the account, once; for whoever follows the link first, and in a mail as well" }),
          welcome_sent: z
            .boolean()
            .openapi({ description: "False where the mail with that link could not go out yet: it follows by itself" }),
        })
        .openapi("JoiningConfirmed"),
    ),
    ...problems(400, 403, 404, 422, 429, 503),
  },
});

const picture = createRoute({
  method: "get",
  path: "/picture",
  operationId: "getLogoForStrangers",
  tags,
  security,
  summary: "The company's logo",
  request: { query: z.object({ company, v: z.string().max(20).optional().openapi({ description: "The branding's `logo`" }) }) },
  responses: {
    200: { description: "The logo", content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } } },
    ...problems(400, 404, 429),
  },
});

/** `rebind` is a higher room's. */
export function joiningRoutes(people: People, { rebind }: { rebind: Rebind }) {
  const routes = newRoutes();
  routes.use(...forStrangers(people));
  return routes
    .openapi(look, async (c) => {
      const company = await companyNamed(people, c.req.valid("query").company);
      return c.json(joiningAnswer(company, await readJoining(people, company, c.req.valid("param").name)), 200);
    })
    .openapi(ask, async (c) => {
      const { company: slug, ...given } = c.req.valid("json");
      await people.attempts.demand(LIMITS.enrolmentFromAddress, clientOf(c, people.env.proxies) ?? "");
      const company = await companyNamed(people, slug);
      const { settings, inviter } = await readJoining(people, company, c.req.valid("param").name);
      if (!settings.open)
        throw new HubError("conflict", "Enrolment is not open at the moment. Ask your inviter, or the company.");
      if (inviter.kind !== "inviter")
        throw new HubError("not-found", "This code invites nobody at the moment. Ask whoever gave it to you for another one.");
      const form = checkForm(settings, given);
      const work = async () => {
        if (!(await people.attempts.take(LIMITS.enrolmentsOfCompany, company.slug))) return;
        if (!(await people.attempts.take(LIMITS.mail, "enrolment", form.email))) return;
        await sendConfirmation(people, { company, inviter, form, now: new Date() });
      };
      if (!people.later("enrolment", work))
        throw new HubError("unavailable", "Many people ask for mail at the moment. Try again shortly.");
      return c.json({ status: "sent" as const }, 202);
    })
    .openapi(picture, async (c) => {
      const { companyId } = await companyNamed(people, c.req.valid("query").company);
      return c.body(...logoAnswer(await asCompany(people.db, companyId, (tx) => readLogo(tx, companyId))));
    })
    .openapi(confirm, async (c) => {
      const { company: slug, token } = c.req.valid("json");
      const company = await companyNamed(people, slug);
      const found = await confirmEnrolment(people, { company, token, now: new Date(), rebind });
      const shown = await asCompany(people.db, company.companyId, (tx) => readBranding(tx, company.companyId));
      return c.json(
        {
          company: { slug: company.slug, name: shown.name },
          branding: brandingAnswer(shown),
          state: found.kind,
          distributor_id: found.kind === "enrolled" ? found.distributorId : null,
          reason: found.kind === "refused" ? found.reason : null,
          account_link: found.kind === "enrolled" ? found.accountLink : null,
          welcome_sent: found.kind === "enrolled" && found.isWelcomed,
        },
        200,
      );
    });
}

export type JoiningApi = ReturnType<typeof joiningRoutes>;

/** The company of that slug, or the only one that there is. Throws HubError. */
async function companyNamed({ db }: Pick<People, "db">, slug: string | undefined): Promise<Company> {
  const companies = await listCompanies(db.gate);
  const company = slug === undefined && companies.length === 1 ? companies[0] : companies.find((one) => one.slug === slug);
  if (company === undefined)
    throw new HubError("not-found", "This link leads to no company. Ask whoever gave it to you for the whole of it.");
  return company;
}

function readJoining({ db }: Pick<People, "db">, { companyId }: Company, name: string) {
  return asCompany(db, companyId, async (tx) => ({
    shown: await readBranding(tx, companyId),
    settings: await readSettings(tx, companyId),
    inviter: await findInviter(tx, { companyId, name, now: new Date() }),
  }));
}

function joiningAnswer(
  { slug }: Company,
  { shown: how, settings, inviter }: { shown: Branding; settings: Settings; inviter: Inviter },
): z.infer<typeof joining> {
  const isOpen = settings.open && inviter.kind === "inviter";
  const names = { "first-name": firstNameOf, name: (whole: string) => whole, nobody: () => "" };
  const shown = inviter.kind === "inviter" ? names[settings.inviter](inviter.name) : "";
  return {
    company: { slug, name: how.name },
    branding: brandingAnswer(how),
    state: !settings.open ? "closed" : inviter.kind === "inviter" ? "open" : inviter.kind,
    inviter: isOpen && shown !== "" ? shown : null,
    code: isOpen ? inviter.code : null,
    needs_approval: settings.needs_approval,
    intro: isOpen ? settings.intro : null,
    fields: isOpen ? [...settings.fields] : [],
    consents: isOpen ? [...settings.consents] : [],
  };
}
