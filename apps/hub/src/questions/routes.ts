import { createRoute, z } from "@hono/zod-openapi";
import { asCompany, type Tx } from "../db/connect.ts";
import { type Caller, type CallerVariables, demandPerson, requireScope, signedInOnly } from "../http/auth.ts";
import {
  answer,
  asked,
  demandAdmin,
  exactJson,
  flag,
  idText,
  listOf,
  newRoutes,
  numberOf,
  numberParam,
  page,
  pageOf,
  problems,
} from "../http/shapes.ts";
import type { HubParts } from "../parts.ts";
import { sellerOf } from "../portal/seller.ts";
import { askQuestion, readQuestion, settle, type Writer, writeTo } from "./ask.ts";
import { listQuestions } from "./queries.ts";
import { messageText, question, questionAnswer, tags, wholeQuestion } from "./shapes.ts";

const params = z.object({ question_id: numberParam });
const text = { body: { required: true, content: { "application/json": { schema: z.strictObject({ text: messageText }) } } } };

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listQuestions",
  tags,
  summary: "What distributors asked, the newest first",
  request: { query: page.extend({ open: flag.optional().openapi({ description: "Only what is not settled" }) }) },
  responses: { 200: answer("A page of questions", listOf(question)), ...problems(400, 401, 403) },
});
const read = createRoute({
  method: "get",
  path: "/{question_id}",
  operationId: "getQuestion",
  tags,
  summary: "A question and all that was said to it",
  request: { params },
  responses: { 200: answer("The question", wholeQuestion), ...problems(400, 401, 403, 404) },
});
const reply = createRoute({
  method: "post",
  path: "/{question_id}/messages",
  operationId: "answerQuestion",
  tags,
  summary: "Answer a question",
  description: "Audited. The distributor sees it in the portal.",
  middleware: [demandAdmin, exactJson] as const,
  request: { params, ...text },
  responses: { 200: answer("The question as it is now", wholeQuestion), ...problems(400, 401, 403, 404) },
});
const lay = createRoute({
  method: "post",
  path: "/{question_id}/settle",
  operationId: "settleQuestion",
  tags,
  summary: "Lay a question aside",
  description: "Whatever its distributor writes afterwards opens it again. Audited.",
  middleware: [demandAdmin] as const,
  request: { params },
  responses: { 200: answer("The question as it is now", wholeQuestion), ...problems(400, 401, 403, 404) },
});

/** The company's side. */
export function questionRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  const writer = ({ companyId, actor }: Caller): Writer => ({ companyId, actor, distributorNo: null });
  const numbered = (param: { question_id: string }) => numberOf(param.question_id) ?? 0n;
  return routes
    .openapi(list, async (c) => {
      const { companyId } = c.get("caller");
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) =>
        listQuestions(tx, { companyId, onlyOpen: query.open === "true", ...asked(query) }),
      );
      const shown = pageOf(rows, query.limit, ({ questionNo }) => String(questionNo));
      return c.json({ items: shown.rows.map(questionAnswer), next: shown.next }, 200);
    })
    .openapi(read, async (c) => {
      const by = writer(c.get("caller"));
      const no = numbered(c.req.valid("param"));
      return c.json(await asCompany(hub.db, by.companyId, (tx) => wholeAnswer(tx, by, no)), 200);
    })
    .openapi(reply, async (c) => {
      const by = writer(c.get("caller"));
      const questionNo = numbered(c.req.valid("param"));
      await writeTo(hub, by, { questionNo, text: c.req.valid("json").text });
      return c.json(await asCompany(hub.db, by.companyId, (tx) => wholeAnswer(tx, by, questionNo)), 200);
    })
    .openapi(lay, async (c) => {
      const by = writer(c.get("caller"));
      const no = numbered(c.req.valid("param"));
      await settle(hub, by, no);
      return c.json(await asCompany(hub.db, by.companyId, (tx) => wholeAnswer(tx, by, no)), 200);
    });
}

async function wholeAnswer(tx: Tx, by: Writer, questionNo: bigint): Promise<z.infer<typeof wholeQuestion>> {
  const { row, messages } = await readQuestion(tx, by, questionNo);
  return {
    ...questionAnswer(row),
    messages: messages.map(({ messageNo, side, message, writtenAt }) => ({
      ...{ message_id: String(messageNo), side, text: message, written_at: writtenAt.toISOString() },
    })),
  };
}

const own = createRoute({
  ...list,
  security: signedInOnly(),
  operationId: "listOwnQuestions",
  summary: "What one asked oneself, the newest first",
  request: { query: page },
});
const readOwn = createRoute({
  ...read,
  security: signedInOnly(),
  operationId: "getOwnQuestion",
  summary: "An own question and all that was said to it",
});
const replyOwn = createRoute({
  ...reply,
  security: signedInOnly(),
  middleware: [demandPerson, exactJson] as const,
  operationId: "writeToOwnQuestion",
  summary: "Write to an own question",
  description: "It waits for the company again. Audited.",
});
const ask = createRoute({
  method: "post",
  path: "/",
  security: signedInOnly(),
  operationId: "askQuestion",
  tags,
  summary: "Ask the company something",
  description: "About an order or a close that concerns oneself, or in general. Audited.",
  middleware: [demandPerson, exactJson] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            text: messageText,
            order_id: numberParam.optional(),
            period_id: z
              .string()
              .regex(/^\d{1,9}$/, "a number as the API gave it")
              .optional(),
            bonus: z.string().max(100).optional(),
          }),
        },
      },
    },
  },
  responses: { 201: answer("Asked", z.object({ question_id: idText })), ...problems(400, 401, 403, 422) },
});

/** The distributor's side. */
export function ownQuestionRoutes(hub: HubParts) {
  const routes = newRoutes<CallerVariables>();
  routes.use(requireScope(hub.db, "read"));
  return routes
    .openapi(own, async (c) => {
      const { companyId, distributorNo } = sellerOf(c.get("caller"));
      const query = c.req.valid("query");
      const rows = await asCompany(hub.db, companyId, (tx) => listQuestions(tx, { companyId, distributorNo, ...asked(query) }));
      const shown = pageOf(rows, query.limit, ({ questionNo }) => String(questionNo));
      return c.json({ items: shown.rows.map(questionAnswer), next: shown.next }, 200);
    })
    .openapi(ask, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const { text: said, order_id, period_id, bonus } = c.req.valid("json");
      const periodNo = period_id === undefined ? undefined : Number(period_id);
      const questionNo = await askQuestion(hub, seller, { text: said, orderNo: numberOf(order_id), periodNo, bonus });
      return c.json({ question_id: String(questionNo) }, 201);
    })
    .openapi(readOwn, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const no = numberOf(c.req.valid("param").question_id) ?? 0n;
      return c.json(await asCompany(hub.db, seller.companyId, (tx) => wholeAnswer(tx, seller, no)), 200);
    })
    .openapi(replyOwn, async (c) => {
      const seller = sellerOf(c.get("caller"));
      const questionNo = numberOf(c.req.valid("param").question_id) ?? 0n;
      await writeTo(hub, seller, { questionNo, text: c.req.valid("json").text });
      return c.json(await asCompany(hub.db, seller.companyId, (tx) => wholeAnswer(tx, seller, questionNo)), 200);
    });
}
