import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { findPeriod } from "../periods/queries.ts";
import { readSources } from "../portal/earning-sources.ts";
import { earnedOfOrders } from "../portal/order-queries.ts";
import type { Seller } from "../portal/seller.ts";
import {
  type About,
  findQuestion,
  insertMessage,
  insertQuestion,
  markQuestion,
  type QuestionRow,
  readMessages,
} from "./queries.ts";

export interface Asked {
  readonly text: string;
  readonly orderNo?: bigint | undefined;
  readonly periodNo?: number | undefined;
  readonly bonus?: string | undefined;
}

/** Asks the company something, with what it is about. Audited. Throws HubError. */
export function askQuestion({ db }: Pick<HubParts, "db">, seller: Seller, asked: Asked): Promise<bigint> {
  const { companyId, distributorNo, actor } = seller;
  return asCompany(db, companyId, async (tx) => {
    const about = await readAbout(tx, seller, asked);
    const questionNo = await insertQuestion(tx, { companyId, distributorNo, about });
    await insertMessage(tx, { companyId, questionNo, side: "distributor", actor, message: asked.text });
    await insertAudit(tx, { companyId, actor, act: "question.ask", subject: String(questionNo) });
    return questionNo;
  }) as Promise<bigint>;
}

/** What brought them something, or is their own sale: whatever else is told like what is nowhere. */
async function readAbout(tx: Tx, { companyId, distributorNo }: Seller, asked: Asked): Promise<About | null> {
  const bonus = asked.bonus ?? null;
  if (asked.orderNo !== undefined) {
    const sources = await readSources(tx, { companyId, rows: [{ sourceKind: 1, sourceNo: asked.orderNo }] });
    const order = sources.orders.get(String(asked.orderNo));
    const earned = await earnedOfOrders(tx, { companyId, distributorNo, orderNos: [asked.orderNo] });
    if (order === undefined || (order.distributorNo !== distributorNo && earned.length === 0))
      throw refused("order_id", "no order of yours has this number");
    return { kind: "order", id: String(asked.orderNo), name: order.orderName, bonus };
  }
  if (asked.periodNo === undefined) return null;
  const period = await findPeriod(tx, { companyId, periodNo: asked.periodNo });
  if (period === null) throw refused("period_id", "there is no such period");
  return { kind: "period", id: String(asked.periodNo), name: period.name, bonus };
}

/** Who writes: the company, or the distributor whose question it is. */
export interface Writer {
  readonly companyId: number;
  readonly actor: string;
  /** Null for the company. */
  readonly distributorNo: number | null;
}

/** Throws the same problem for another distributor's question as for one that is not there. */
export async function needQuestion(
  tx: Tx,
  { companyId, distributorNo }: Omit<Writer, "actor">,
  questionNo: bigint,
): Promise<QuestionRow> {
  const found = await findQuestion(tx, { companyId, questionNo });
  if (found !== null && (distributorNo === null || found.distributorNo === distributorNo)) return found;
  throw new HubError("not-found", "There is no such question.");
}

/** Says something to a question. Audited. Throws HubError. */
export async function writeTo(
  { db }: Pick<HubParts, "db">,
  { companyId, actor, distributorNo }: Writer,
  { questionNo, text }: { questionNo: bigint; text: string },
): Promise<void> {
  await asCompany(db, companyId, async (tx) => {
    await needQuestion(tx, { companyId, distributorNo }, questionNo);
    const side = distributorNo === null ? ("company" as const) : ("distributor" as const);
    await insertMessage(tx, { companyId, questionNo, side, actor, message: text });
    await insertAudit(tx, {
      companyId,
      actor,
      act: side === "company" ? "question.answer" : "question.write",
      subject: String(questionNo),
    });
  });
}

/** The company lays a question aside. Audited. Throws HubError. */
export async function settle({ db }: Pick<HubParts, "db">, { companyId, actor }: Writer, questionNo: bigint): Promise<void> {
  await asCompany(db, companyId, async (tx) => {
    await needQuestion(tx, { companyId, distributorNo: null }, questionNo);
    await markQuestion(tx, { companyId, questionNo }, "settled");
    await insertAudit(tx, { companyId, actor, act: "question.settle", subject: String(questionNo) });
  });
}

/** A question with all that was said; whose it is has read it then. */
export async function readQuestion(tx: Tx, { companyId, distributorNo }: Omit<Writer, "actor">, questionNo: bigint) {
  const row = await needQuestion(tx, { companyId, distributorNo }, questionNo);
  const messages = await readMessages(tx, { companyId, questionNo });
  if (distributorNo !== null && row.answeredAt !== null && row.answeredAt > row.readAt)
    await markQuestion(tx, { companyId, questionNo }, "read");
  return { row, messages };
}
