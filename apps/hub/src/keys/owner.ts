import { textProblem } from "@upline/core";
import { refused } from "../errors.ts";

/** A key belongs to a person. Two keys of one owner are one person, however the name is written. */

/** A person's name as it is kept and shown: composed letters, single spaces. Throws HubError where it names nobody. */
export function readOwner(text: string): string {
  // Only well-formed text has a composed form.
  const owner = text.isWellFormed() ? text.normalize("NFKC").replace(/\s+/gu, " ").trim() : text;
  if (folded(owner) === "" || textProblem(owner, 100) !== null) {
    const message = "1 to 100 characters that name the person the key belongs to";
    throw refused("owner", message, `A key's owner (--owner) is ${message}.`);
  }
  return owner;
}

export function isSamePerson(owner: string, other: string): boolean {
  return folded(owner) === folded(other);
}

/** Without case, spaces and what nobody sees. The way over capitals makes "ß" and "ss", "ς" and "σ" the same. */
function folded(owner: string): string {
  const composed = owner.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
  return composed.replace(/[\s\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, "");
}
