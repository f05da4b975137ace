import { type BuyerIdentity, foldEmail, foldPhone } from "@upline/core";
import { hashBuyer } from "../secret-box.ts";

/**
 * The one rule by which a buyer is recognised, of orders and distributors alike: keyed hashes of an address, of a number
 * and of an account in one store. Two people are the same where any hash is. A customer id says nothing in another store.
 *
 * The first hash is the one that is kept of a distributor; addresses that were kept before mailboxes were folded are
 * found by the second. Empty for what cannot be hashed.
 */
export function identityHashes(buyerKey: string, { kind, value }: BuyerIdentity, storeId: string): readonly string[] {
  const hash = (text: string) => hashBuyer(buyerKey, text);
  if (kind === "customer") return [hash(`customer:${storeId}:${value}`)];
  if (kind === "email") {
    const mailbox = foldEmail(value);
    if (mailbox === null) return [];
    const written = value.normalize("NFKC").trim().toLowerCase();
    return mailbox === written ? [hash(`email:${mailbox}`)] : [hash(`email:${mailbox}`), hash(`email:${written}`)];
  }
  const number = kind === "phone" ? foldPhone(value) : null;
  return number === null ? [] : [hash(`phone:${number}`)];
}
