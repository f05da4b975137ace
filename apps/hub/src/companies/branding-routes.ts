import { createRoute, z } from "@hono/zod-openapi";
import { asCompany } from "../db/connect.ts";
import { HubError } from "../errors.ts";
import { type CallerVariables, requireScope } from "../http/auth.ts";
import { readPictureBytes } from "../http/picture.ts";
import { answer, demandAdmin, exactJson, newRoutes, problems } from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { darkAccent } from "./accent.ts";
import { type Branding, LOGO_TYPES, readBranding, readLogo, setBranding } from "./branding.ts";

const tags = ["Company"];
const LOGO = { field: "logo", types: LOGO_TYPES, mostBytes: 200 * 1024, most: "200 KB" } as const;

export const branding = z
  .object({
    name: z.string().openapi({ description: "As distributors are shown it" }),
    shown_name: z.string().nullable().openapi({ description: "Null: the company's own name" }),
    accent: z
      .object({
        light: z.string().openapi({ example: "#0e5a70" }),
        dark: z.string().openapi({ example: "#5a9fb3", description: "The same colour, as much lighter as a dark page needs" }),
      })
      .nullable()
      .openapi({ description: "Null: the product's own" }),
    support: z.string().nullable().openapi({ example: "help@acme.example", description: "Where questions go" }),
    logo: z.string().nullable().openapi({ description: "Changes with the picture; null where there is none" }),
  })
  .openapi("Branding");

export function brandingAnswer({ name, shownName, accent, support, logo }: Branding): z.infer<typeof branding> {
  const colours = accent === null ? null : { light: accent, dark: darkAccent(accent) };
  return { name, shown_name: shownName, accent: colours, support, logo };
}

const read = createRoute({
  method: "get",
  path: "/branding",
  operationId: "getBranding",
  tags,
  summary: "How the company shows itself to its distributors",
  responses: { 200: answer("The branding", branding), ...problems(401, 403) },
});

const picture = createRoute({
  method: "get",
  path: "/branding/picture",
  operationId: "getLogo",
  tags,
  summary: "The company's logo",
  responses: {
    200: { description: "The logo", content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } } },
    ...problems(401, 403, 404),
  },
});

const set = createRoute({
  method: "put",
  path: "/branding",
  operationId: "setBranding",
  tags,
  summary: "Set how the company shows itself to its distributors",
  description:
    "In the portal, on the page for whoever joins, and in mails. The colour has to reach 4.5:1 as text; a refusal names one near it that does. " +
    "The logo is PNG or WebP of at most 200 KB, in base64: left out it stays, null takes it away. Audited.",
  middleware: [demandAdmin, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            shown_name: z.string().trim().min(1, "write a name, or null for the company's own").max(80).nullable(),
            accent: z.string().max(20).nullable().openapi({ example: "#0e5a70" }),
            support: z.email("write an e-mail address, such as help@acme.example").max(254).nullable(),
            logo: z.string().max(280_000, "has more than 200 KB: make it smaller").nullable().optional(),
          }),
        },
      },
    },
  },
  responses: { 200: answer("The branding as it is now", branding), ...problems(400, 401, 403, 413, 422) },
});

export function brandingRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(read, async (c) => {
      const { companyId } = c.get("caller");
      return c.json(brandingAnswer(await asCompany(hub.db, companyId, (tx) => readBranding(tx, companyId))), 200);
    })
    .openapi(picture, async (c) => {
      const { companyId } = c.get("caller");
      const found = await asCompany(hub.db, companyId, (tx) => readLogo(tx, companyId));
      return c.body(...logoAnswer(found));
    })
    .openapi(set, async (c) => {
      const { companyId, actor } = c.get("caller");
      const { shown_name: shownName, logo: sent, ...given } = c.req.valid("json");
      const logo = typeof sent === "string" ? readPictureBytes(sent, LOGO) : sent;
      return c.json(brandingAnswer(await setBranding(hub, { companyId, actor, shownName, ...given, logo })), 200);
    });
}

/** A logo as a page shows it, kept for a day under the address that changes with it. Throws HubError where there is none. */
export function logoAnswer(found: Awaited<ReturnType<typeof readLogo>>) {
  if (found === null) throw new HubError("not-found", "The company has no logo.");
  const headers = {
    ...{ "content-type": found.type, "cache-control": "private, max-age=86400" },
    ...{ "content-disposition": "inline", "x-content-type-options": "nosniff" },
  };
  return [new Uint8Array(found.bytes), 200, headers] as const;
}
