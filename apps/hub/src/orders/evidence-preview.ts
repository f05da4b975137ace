import { type Attribution, attribute, type EvidenceSource, type Reason } from "@upline/core";
import { asCompany, type Tx } from "../db/connect.ts";
import type { Order, OrderRevision } from "../db/schema/orders.ts";
import { whyOf } from "./attribution-shape.ts";
import type { Directory } from "./directory.ts";
import { chosenOf } from "./owner.ts";
import type { OrderParts } from "./pipeline.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

/**
 * What another order of evidence would have made of the newest orders. Each is judged twice by what is known of it, as of its own time: by
 * the order of now and by the other one. Nothing is written, and nothing that is attributed changes.
 */

const BATCH = 200;
const MOST_EXAMPLES = 20;

export interface Judged {
  readonly distributorId: string | null;
  readonly source: EvidenceSource | null;
  readonly why: Reason;
}

export interface PreviewedOrder {
  readonly orderNo: bigint;
  readonly orderName: string;
  readonly placedAt: Date;
  readonly now: Judged;
  readonly proposed: Judged;
}

export interface EvidencePreview {
  readonly looked: number;
  /** Decided by a person, in the shop or here: no order of evidence changes them. */
  readonly byHand: number;
  /** With no evidence of any kind that is known. */
  readonly withoutEvidence: number;
  /** To another distributor, from one to nobody, from nobody to one. */
  readonly moved: { readonly toAnother: number; readonly toNobody: number; readonly fromNobody: number };
  /** The same owner, by other evidence. */
  readonly otherwiseDecided: number;
  /** Of those who would be another's, the newest. */
  readonly examples: readonly PreviewedOrder[];
}

export async function previewEvidenceOrder(
  hub: OrderParts,
  args: { companyId: number; order: readonly EvidenceSource[]; newest: number },
): Promise<EvidencePreview> {
  const { companyId, order, newest } = args;
  const directory = await hub.pipeline.directories.fresh(companyId);
  const found = { looked: 0, byHand: 0, withoutEvidence: 0, otherwiseDecided: 0 };
  const moved = { toAnother: 0, toNobody: 0, fromNobody: 0 };
  const examples: PreviewedOrder[] = [];
  let before: bigint | null = null;
  for (let left = newest; left > 0; ) {
    const page: { companyId: number; before: bigint | null; limit: number } = { companyId, before, limit: Math.min(BATCH, left) };
    const rows: Row[] = await asCompany(hub.db, companyId, (tx) => readNewest(tx, page));
    for (const row of rows) {
      found.looked++;
      const snapshot = readSnapshot(row.snapshot);
      const kind = kindOf(snapshot);
      if (kind !== "evidence") {
        found[kind]++;
        continue;
      }
      const [now, proposed] = [directory.evidenceOrder, order].map((one) => judge(snapshot, one, directory));
      if (now === undefined || proposed === undefined) continue;
      if (now.distributorId === proposed.distributorId) {
        if (now.source !== proposed.source) found.otherwiseDecided++;
        continue;
      }
      moved[proposed.distributorId === null ? "toNobody" : now.distributorId === null ? "fromNobody" : "toAnother"]++;
      const { orderNo, orderName, placedAt } = row;
      if (examples.length < MOST_EXAMPLES) examples.push({ orderNo, orderName, placedAt, now, proposed });
    }
    left -= rows.length;
    before = rows.at(-1)?.orderNo ?? null;
    if (rows.length < page.limit) break;
  }
  return { ...found, moved, examples };
}

function kindOf({ state, locked }: Snapshot): "byHand" | "withoutEvidence" | "evidence" {
  if (chosenOf(locked.attribution)?.source === "manual") return "byHand";
  return state.evidence.length === 0 ? "withoutEvidence" : "evidence";
}

/** As an order is judged that is seen for the first time; without evidence that leads anywhere a distributor's own purchase is their own. */
function judge({ state, locked }: Snapshot, order: readonly EvidenceSource[], directory: Directory): Judged {
  const at = Date.parse(state.placedAt);
  const judged = attribute({
    evidence: state.evidence.filter(({ source }) => source !== "manual"),
    order,
    findByCode: (code) => directory.findByCode(code, at),
    ...(state.nobody === "buyer" && { nobody: "buyer" as const }),
  });
  const [buyer] = directory.distributorsOfBuyer(locked.buyerHashes);
  const isOwn = judged.distributorId === null && !judged.unresolved && buyer !== undefined;
  const attribution: Attribution = isOwn ? { ...judged, distributorId: buyer } : judged;
  return { distributorId: attribution.distributorId, source: chosenOf(judged)?.source ?? null, why: whyOf({ attribution }) };
}

type Row = Pick<Order, "orderNo" | "orderName" | "placedAt"> & Pick<OrderRevision, "snapshot">;

function readNewest(tx: Tx, args: { companyId: number; before: bigint | null; limit: number }): Promise<Row[]> {
  const { companyId, before, limit } = args;
  return tx<Row[]>`
    select o.order_no as "orderNo", o.order_name as "orderName", o.placed_at as "placedAt", r.snapshot
      from (select order_no, order_name, placed_at, revision from orders
             where company_id = ${companyId} and order_no < ${before === null ? "9223372036854775807" : String(before)}::bigint
             order by order_no desc limit ${limit}) o
      join order_revisions r on r.company_id = ${companyId} and r.order_no = o.order_no and r.revision = o.revision
     order by o.order_no desc`;
}
