import { z } from "@hono/zod-openapi";
import { distributorText, idText, time } from "../http/shapes.ts";
import { aboutOf, type QuestionRow } from "./queries.ts";

/** A question, as both sides see it. */

export const tags = ["Questions"];
export const messageText = z
  .string()
  .trim()
  .min(2, "write what you mean, in 2 to 4,000 characters")
  .max(4_000, "write what you mean, in 2 to 4,000 characters");

export const question = z
  .object({
    question_id: idText,
    distributor_id: distributorText,
    name: z.string(),
    about: z
      .object({ kind: z.enum(["order", "period"]), id: z.string(), name: z.string(), bonus: z.string().nullable() })
      .nullable(),
    state: z.enum(["waiting", "answered", "settled"]),
    asked_at: time,
    answered_at: time.nullable(),
    unread: z.boolean().openapi({ description: "Whether the distributor has an answer that they have not seen" }),
  })
  .openapi("Question");

export const wholeQuestion = question
  .extend({
    messages: z.array(
      z.object({ message_id: idText, side: z.enum(["distributor", "company"]), text: z.string(), written_at: time }),
    ),
  })
  .openapi("WholeQuestion");

export function questionAnswer(row: QuestionRow): z.infer<typeof question> {
  const { answeredAt, wroteAt, readAt, settledAt } = row;
  const isAnswered = answeredAt !== null && answeredAt >= wroteAt;
  return {
    ...{ question_id: String(row.questionNo), distributor_id: row.distributorId, name: row.name, about: aboutOf(row) },
    state: settledAt !== null ? "settled" : isAnswered ? "answered" : "waiting",
    ...{ asked_at: row.askedAt.toISOString(), answered_at: answeredAt?.toISOString() ?? null },
    unread: answeredAt !== null && answeredAt > readAt,
  };
}
