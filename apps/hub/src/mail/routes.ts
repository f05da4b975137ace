import { createRoute, z } from "@hono/zod-openapi";
import type { Database } from "../db/connect.ts";
import { type CallerVariables, demandPerson, requireScope, signedInOnly } from "../http/auth.ts";
import { answer, newRoutes, problems, time } from "../http/shapes.ts";
import { MAIL_KINDS, type Mailer } from "./mailer.ts";

const MOST = 100;

const mail = z
  .object({
    at: time,
    kind: z.enum(MAIL_KINDS),
    to: z.string(),
    subject: z.string(),
    text: z.string().nullable().openapi({
      description: "Null where its link would make you somebody else: that is read in the folder, by whoever runs the hub",
    }),
  })
  .openapi("KeptMail");

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listOutbox",
  tags: ["People"],
  summary: "Mails that lie in the outbox folder, where the hub has no mail server",
  description: "Those of the company, the newest first. For an owner who is signed in.",
  security: signedInOnly(),
  middleware: [demandPerson] as const,
  responses: {
    200: answer(
      "The mails",
      z.object({
        is_sent: z.boolean().openapi({ description: "Whether mail goes out, and none lies here" }),
        items: z.array(mail),
      }),
    ),
    ...problems(401, 403, 404),
  },
});

export function outboxRoutes({ db, mailer }: { db: Database; mailer: Mailer }) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(db, "read"));
  return routes.openapi(list, (c) => {
    const kept = mailer.listKept(c.get("caller").companyId, MOST);
    const items = kept.map(({ at, kind, to, subject, text }) => ({
      ...{ at, kind, to, subject },
      text: kind === "sign-in" || kind === "password" ? null : text,
    }));
    return c.json({ is_sent: mailer.folder === null, items }, 200);
  });
}
