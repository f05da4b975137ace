import { and, desc, eq, sql } from "drizzle-orm";
import { insertAudit } from "../db/audit.ts";
import { asCompany, type Tx } from "../db/connect.ts";
import { before, query } from "../db/query.ts";
import { distributorNotes, type DistributorNote as StoredNote } from "../db/schema/network.ts";
import { HubError } from "../errors.ts";
import type { HubParts } from "../parts.ts";
import { findDistributorNo } from "./queries.ts";

/** Notes about a distributor, of the company's people for each other. The log says who wrote and changed one, not what it says. */

const { companyId, noteNo, distributorNo, body, actor, recordedAt, changedAt } = distributorNotes;
const shown = { noteNo, body, actor, recordedAt, changedAt };
export type Note = Pick<StoredNote, keyof typeof shown>;

interface OfDistributor {
  readonly companyId: number;
  readonly distributorId: string;
}

/** The newest first. Throws HubError where the distributor is not there. */
export async function listNotes(
  tx: Tx,
  wanted: OfDistributor & { readonly limit: number; readonly before: bigint | undefined },
): Promise<Note[]> {
  const no = await needNumber(tx, wanted);
  return query(tx)
    .select(shown)
    .from(distributorNotes)
    .where(and(eq(companyId, wanted.companyId), eq(distributorNo, no), before(noteNo, wanted.before)))
    .orderBy(desc(noteNo))
    .limit(wanted.limit);
}

export function addNote(
  { db }: Pick<HubParts, "db">,
  note: OfDistributor & { readonly actor: string; readonly body: string },
): Promise<Note> {
  return asCompany(db, note.companyId, async (tx) => {
    const no = await needNumber(tx, note);
    const [added] = await query(tx)
      .insert(distributorNotes)
      .values({ companyId: note.companyId, distributorNo: no, body: note.body, actor: note.actor })
      .returning(shown);
    if (added === undefined) throw new Error("the new note has no number");
    await audit(tx, "note.add", note, added.noteNo);
    return added;
  });
}

/** Only its author changes a note. Throws HubError for anybody else, and where it is not there. */
export function changeNote(
  { db }: Pick<HubParts, "db">,
  note: OfDistributor & { readonly actor: string; readonly body: string; readonly noteNo: bigint },
): Promise<Note> {
  return asCompany(db, note.companyId, async (tx) => {
    const no = await needNumber(tx, note);
    const theNote = and(eq(companyId, note.companyId), eq(distributorNo, no), eq(noteNo, note.noteNo));
    const [known] = await query(tx).select({ actor }).from(distributorNotes).where(theNote);
    if (known === undefined) throw new HubError("not-found", "There is no such note about this distributor.");
    if (known.actor !== note.actor)
      throw new HubError("missing-role", "Only whoever wrote a note may change it: write another one beside it.");
    const [changed] = await query(tx)
      .update(distributorNotes)
      .set({ body: note.body, changedAt: sql`now()` })
      .where(theNote)
      .returning(shown);
    if (changed === undefined) throw new Error("a note went while it was changed");
    await audit(tx, "note.change", note, note.noteNo);
    return changed;
  });
}

async function needNumber(tx: Tx, of: OfDistributor): Promise<number> {
  const no = await findDistributorNo(tx, of);
  if (no === null) throw new HubError("not-found", "There is no such distributor.");
  return no;
}

function audit(tx: Tx, act: string, of: OfDistributor & { readonly actor: string }, note: bigint): Promise<void> {
  const { companyId, actor, distributorId } = of;
  return insertAudit(tx, { companyId, actor, act, subject: distributorId, details: { note: String(note) } });
}
