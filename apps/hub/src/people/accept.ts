import { randomBytes } from "node:crypto";
import { textProblem } from "@upline/core";
import { actorOf, insertAudit } from "../db/audit.ts";
import { asPeople, sqlState } from "../db/connect.ts";
import { HubError, refused } from "../errors.ts";
import { sha256 } from "../secret-box.ts";
import type { PeopleParts } from "./invite.ts";
import { hashOf, PASSWORD_CHARACTERS } from "./open-auth.ts";
import {
  findInvitation,
  findPersonByEmail,
  insertPassword,
  insertPerson,
  insertSeat,
  takeCode,
  takeInvitation,
} from "./queries.ts";

/** Unknown, used, taken back, expired: whoever has no good link is told the same. */
const noSuchLink = () =>
  new HubError("not-found", "This link is not valid any more: each works once, and for a while. Ask for a new one.");

export interface Opened {
  readonly companyName: string;
  readonly slug: string;
  readonly role: string;
  readonly email: string;
  /** Whether a name and a password are wanted: whoever has an account keeps theirs. */
  readonly isNew: boolean;
}

/** What a link leads to, before anything is done. Throws HubError. */
export async function lookAtInvitation({ db }: Pick<PeopleParts, "db">, token: string): Promise<Opened> {
  const found = await findInvitation(db.people, sha256(token));
  if (found === null || found.email === null || found.kind === "code") throw noSuchLink();
  const { companyName, slug, role, email } = found;
  return { companyName, slug, role, email, isNew: (await findPersonByEmail(db.people, email)) === null };
}

/**
 * Takes the place that a link leads to. Whoever is new is a person from now on; whoever is known signs in as always. Nobody is signed in by
 * it. The link went to the address, so it is theirs. Throws HubError.
 */
export async function acceptInvitation(
  { db }: Pick<PeopleParts, "db">,
  args: { readonly token: string; readonly name?: string | undefined; readonly password?: string | undefined },
): Promise<{ email: string; isNew: boolean }> {
  const tokenHash = sha256(args.token);
  const found = await findInvitation(db.people, tokenHash);
  if (found === null || found.email === null || found.kind === "code") throw noSuchLink();
  const { email } = found;
  const known = await findPersonByEmail(db.people, email);
  const fresh = known === null ? await readNewPerson(args) : null;
  try {
    const personId = known?.id ?? `p_${randomBytes(12).toString("hex")}`;
    const actor = actorOf("person", personId);
    await asPeople(db, actor, async (tx) => {
      const taken = await takeInvitation(tx, tokenHash);
      if (taken === null) throw noSuchLink();
      const { companyId, role, distributorNo, codeNo } = taken;
      if (codeNo !== null && !(await takeCode(tx, { companyId, codeNo }))) throw noSuchLink();
      if (fresh !== null) await insertPerson(tx, { id: personId, email, name: fresh.name });
      await insertSeat(tx, { companyId, personId, role, distributorNo });
      // After the place, so that the log of the company has it.
      if (fresh !== null) await insertPassword(tx, { id: randomBytes(12).toString("hex"), personId, password: fresh.hash });
      const subject = String(taken.invitationNo);
      await insertAudit(tx, { companyId, actor, act: "person.accept", subject, details: { role, by: taken.kind } });
    });
    return { email, isNew: known === null };
  } catch (error) {
    // Another link to the same place, or to the same address, was a moment quicker.
    if (sqlState(error) === "23505") throw noSuchLink();
    throw error;
  }
}

async function readNewPerson({ name = "", password = "" }: { name?: string | undefined; password?: string | undefined }) {
  const shown = name.normalize("NFKC").replace(/\s+/gu, " ").trim();
  if (shown === "" || textProblem(shown, 100) !== null) throw refused("name", "1 to 100 characters, as others should read it");
  const { min, max } = PASSWORD_CHARACTERS;
  if (password.length < min || password.length > max) throw refused("password", `${min} to ${max} characters`);
  return { name: shown, hash: await hashOf(password) };
}
