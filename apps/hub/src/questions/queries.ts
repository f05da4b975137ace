import { and, asc, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { JSONValue } from "postgres";
import type { Tx } from "../db/connect.ts";
import { query } from "../db/query.ts";
import { distributors } from "../db/schema/network.ts";
import { type Question, questionMessages, questions } from "../db/schema/portal.ts";

/** Questions of distributors, and what was said to them. */

export interface About {
  readonly kind: "order" | "period";
  readonly id: string;
  /** As it was called when it was asked about. */
  readonly name: string;
  readonly bonus: string | null;
}

const shown = {
  questionNo: questions.questionNo,
  distributorNo: questions.distributorNo,
  distributorId: distributors.distributorId,
  name: distributors.name,
  about: questions.about,
  askedAt: questions.askedAt,
  answeredAt: questions.answeredAt,
  wroteAt: questions.wroteAt,
  readAt: questions.readAt,
  settledAt: questions.settledAt,
};

const listed = (tx: Tx) =>
  query(tx)
    .select(shown)
    .from(questions)
    .innerJoin(
      distributors,
      and(eq(distributors.companyId, questions.companyId), eq(distributors.distributorNo, questions.distributorNo)),
    );
export type QuestionRow = Awaited<ReturnType<typeof listed>>[number];

/** The newest first; of one distributor, or those that wait for the company. */
export function listQuestions(
  tx: Tx,
  args: {
    companyId: number;
    distributorNo?: number | undefined;
    onlyOpen?: boolean;
    before?: bigint | undefined;
    limit: number;
  },
): Promise<QuestionRow[]> {
  return listed(tx)
    .where(
      and(
        eq(questions.companyId, args.companyId),
        args.distributorNo === undefined ? undefined : eq(questions.distributorNo, args.distributorNo),
        args.onlyOpen ? isNull(questions.settledAt) : undefined,
        args.before === undefined ? undefined : lt(questions.questionNo, args.before),
      ),
    )
    .orderBy(desc(questions.questionNo))
    .limit(args.limit);
}

type Key = Pick<Question, "companyId" | "questionNo">;

export async function findQuestion(tx: Tx, key: Key): Promise<QuestionRow | null> {
  const [row] = await listed(tx).where(and(eq(questions.companyId, key.companyId), eq(questions.questionNo, key.questionNo)));
  return row ?? null;
}

export function readMessages(tx: Tx, key: Key) {
  const { messageNo, side, message, writtenAt } = questionMessages;
  return query(tx)
    .select({ messageNo, side, message, writtenAt })
    .from(questionMessages)
    .where(and(eq(questionMessages.companyId, key.companyId), eq(questionMessages.questionNo, key.questionNo)))
    .orderBy(asc(messageNo));
}

export async function insertQuestion(
  tx: Tx,
  args: { companyId: number; distributorNo: number; about: About | null },
): Promise<bigint> {
  const about: JSONValue = args.about === null ? {} : { ...args.about };
  const [row] = await query(tx)
    .insert(questions)
    .values({ companyId: args.companyId, distributorNo: args.distributorNo, about })
    .returning({ questionNo: questions.questionNo });
  if (!row) throw new Error("the new question has no number");
  return row.questionNo;
}

/** Writes what one side said: an answer of the company waits to be read, words of the distributor open the question again. */
export async function insertMessage(
  tx: Tx,
  args: Key & { side: "distributor" | "company"; actor: string; message: string },
): Promise<void> {
  await query(tx).insert(questionMessages).values(args);
  const now = sql`now()`;
  const change = args.side === "company" ? { answeredAt: now } : { wroteAt: now, readAt: now, settledAt: null };
  await query(tx)
    .update(questions)
    .set(change)
    .where(and(eq(questions.companyId, args.companyId), eq(questions.questionNo, args.questionNo)));
}

export async function markQuestion(tx: Tx, key: Key, what: "read" | "settled"): Promise<void> {
  await query(tx)
    .update(questions)
    .set(what === "read" ? { readAt: sql`now()` } : { settledAt: sql`now()` })
    .where(and(eq(questions.companyId, key.companyId), eq(questions.questionNo, key.questionNo)));
}

export const aboutOf = ({ about }: Pick<QuestionRow, "about">): About | null =>
  typeof about === "object" && about !== null && "kind" in about ? (about as unknown as About) : null;
