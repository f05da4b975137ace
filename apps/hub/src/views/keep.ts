import { insertAudit } from "../db/audit.ts";
import { asCompany, sqlState, type Tx } from "../db/connect.ts";
import type { SavedView } from "../db/schema/views.ts";
import { HubError, refused } from "../errors.ts";
import type { CallingPerson } from "../http/auth.ts";
import type { HubParts } from "../parts.ts";
import { deleteView, findView, insertView, updateView } from "./queries.ts";

const UNIQUE = "23505";

/** Who keeps, changes or drops a view: a person of the company, as what their role lets them. */
export interface Keeper {
  readonly companyId: number;
  readonly actor: string;
  readonly person: CallingPerson;
}

export type ViewContent = Pick<SavedView, "name" | "shared" | "query">;

/** Keeps what a table shows under a name. What everybody sees is audited. Throws HubError where the name is taken. */
export function keepView(
  { db }: Pick<HubParts, "db">,
  keeper: Keeper,
  view: ViewContent & Pick<SavedView, "page">,
): Promise<SavedView> {
  demandSharer(keeper, view.shared);
  const { companyId, person } = keeper;
  return asCompany(db, companyId, async (tx) => {
    const made = await insertView(tx, { companyId, personId: person.personId, ...view });
    if (made === null) throw nameTaken(view.shared);
    await note(tx, keeper, { act: "view.share", view: made });
    return made;
  }) as Promise<SavedView>;
}

/** Renames a view, shares it or keeps it to oneself again, or has it show something else. Throws HubError. */
export async function changeView(
  { db }: Pick<HubParts, "db">,
  keeper: Keeper,
  { viewNo, ...content }: ViewContent & { readonly viewNo: bigint },
): Promise<SavedView> {
  const key = { companyId: keeper.companyId, viewNo };
  try {
    return (await asCompany(db, keeper.companyId, async (tx) => {
      const before = await needOwn(tx, keeper, viewNo);
      demandSharer(keeper, before.shared || content.shared);
      const after = await updateView(tx, key, content);
      if (after === undefined) throw noSuchView();
      await note(tx, keeper, { act: "view.change", view: before.shared ? { ...after, shared: true } : after });
      return after;
    })) as SavedView;
  } catch (error) {
    throw sqlState(error) === UNIQUE ? nameTaken(content.shared) : error;
  }
}

export async function dropView({ db }: Pick<HubParts, "db">, keeper: Keeper, viewNo: bigint): Promise<void> {
  await asCompany(db, keeper.companyId, async (tx) => {
    const view = await needOwn(tx, keeper, viewNo);
    demandSharer(keeper, view.shared);
    await deleteView(tx, { companyId: keeper.companyId, viewNo });
    await note(tx, keeper, { act: "view.drop", view });
  });
}

/** Whoever kept a view changes it, and owners and admins change what is shared. Somebody else's own view is not there. */
export function mayChange({ person }: Pick<Keeper, "person">, view: Pick<SavedView, "personId" | "shared">): boolean {
  const isOwn = view.personId === person.personId;
  return view.shared ? (isOwn && person.role !== "viewer") || person.role === "owner" || person.role === "admin" : isOwn;
}

async function needOwn(tx: Tx, keeper: Keeper, viewNo: bigint): Promise<SavedView> {
  const view = await findView(tx, { companyId: keeper.companyId, viewNo });
  if (view === null || (!view.shared && view.personId !== keeper.person.personId)) throw noSuchView();
  if (!mayChange(keeper, view))
    throw new HubError("missing-role", "Whoever shared this view changes it, or an owner or admin of the company.");
  return view;
}

function demandSharer({ person }: Keeper, shared: boolean): void {
  if (shared && person.role === "viewer")
    throw new HubError("missing-role", "Viewers keep views for themselves: ask somebody else to share it.");
}

async function note(
  tx: Tx,
  { companyId, actor }: Keeper,
  { act, view }: { readonly act: string; readonly view: SavedView },
): Promise<void> {
  const { viewNo, page, name, shared, query } = view;
  if (shared) await insertAudit(tx, { companyId, actor, act, subject: String(viewNo), details: { page, name, query } });
}

const noSuchView = () => new HubError("not-found", "There is no such view. GET /api/views?page=… lists those of a page.");
const nameTaken = (shared: boolean) =>
  refused("name", `is the name of another view of ${shared ? "the company" : "yours"} here: choose another`);
