import { InvalidArgumentError, Option } from "commander";
import type { CliParts } from "../cli/open.ts";
import type { Company } from "../companies/queries.ts";
import { findCaller } from "../http/auth.ts";

/** Who acts at a terminal where it matters which person it is: the owner of a key, never a name that anybody can type. */
export interface Acting {
  readonly actor: string;
  readonly person: string;
}

const MAKE_A_KEY = "`pnpm upline key create --name <name> --scope admin --owner <person>`";

export const KEY_OPTION = ["--key <key>", "the API key of the person who acts, unless UPLINE_KEY holds it"] as const;

/** Whose key `--key` or UPLINE_KEY is. It must administer the company; throws a sentence with the fix where it does not. */
export async function readActing(
  { db, env }: Pick<CliParts, "db" | "env">,
  { companyId, slug }: Pick<Company, "companyId" | "slug">,
  option: string | undefined,
): Promise<Acting> {
  const key = option ?? env.key;
  if (key === null)
    throw new Error(
      `A close needs two people, each with a key of their own: set UPLINE_KEY, or give --key upk_…; ${MAKE_A_KEY} makes one.`,
    );
  const caller = await findCaller(db, key.trim());
  const from = option === undefined ? "UPLINE_KEY" : "--key";
  if (caller === null || caller.companyId !== companyId)
    throw new Error(`${from} holds no valid key of this company, ${slug}: ${MAKE_A_KEY} makes one.`);
  if (!caller.scopes.includes("admin"))
    throw new Error(`The key in ${from} may only ${caller.scopes.join(" and ")}: a close needs one with the scope admin.`);
  return { actor: caller.actor, person: caller.owner };
}

/** Refuses the name that commands took before they went by keys. */
export function typedName(): Option {
  return new Option("--as <name>").hideHelp().argParser(() => {
    throw new InvalidArgumentError(
      "A name that is typed says nothing of who acts: leave it out; close, rerun and commit go by --key, or UPLINE_KEY.",
    );
  });
}
