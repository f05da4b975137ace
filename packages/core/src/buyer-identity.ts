import { z } from "zod";

/**
 * By what a buyer can be recognised: the address and number they gave, and their account in this store. The same
 * person comes as a guest, with an account and as a distributor, so that every platform hands on all that it knows.
 * `distributor` is a distributor's own id, from a sender that knows the network.
 */
export const buyerIdentity = z.object({
  kind: z.enum(["email", "customer", "phone", "distributor"]),
  value: z.string().min(1).max(320),
});
export type BuyerIdentity = z.infer<typeof buyerIdentity>;

/** Mailboxes of these are the same with and without dots; the second name is the first one's alias. */
const DOTS_IGNORED: Readonly<Record<string, string>> = { "gmail.com": "gmail.com", "googlemail.com": "gmail.com" };

/**
 * An address as its mailbox: without case, without what follows a plus sign, without dots where the provider ignores
 * them. Null for what is no address. For comparing only: mail goes to the address as it was given.
 */
export function foldEmail(address: string): string | null {
  const text = address.normalize("NFKC").trim().toLowerCase();
  const split = text.lastIndexOf("@");
  const domain = text.slice(split + 1).replace(/\.$/, "");
  const local = text.slice(0, Math.max(split, 0));
  if (
    local === "" ||
    !/^[^\s@]+\.[^\s@.]+$/.test(domain) ||
    text.length > 300 ||
    !text.isWellFormed() ||
    /[\s\p{Cc}]/u.test(text)
  )
    return null;
  const mailbox = local.replace(/(?<=.)\+.*$/, "");
  const provider = DOTS_IGNORED[domain];
  return provider === undefined ? `${mailbox}@${domain}` : `${mailbox.replaceAll(".", "") || mailbox}@${provider}`;
}

/** A telephone number as its digits, with a plus sign where it names its country. Null for what is too short to be one. */
export function foldPhone(number: string): string | null {
  const text = number.normalize("NFKC").trim();
  const digits = text.replace(/\D/g, "");
  if (digits.length < 6 || digits.length > 17) return null;
  if (text.startsWith("+")) return `+${digits}`;
  return text.startsWith("00") ? `+${digits.slice(2)}` : digits;
}

/** What a platform says of its buyer, each identity once, in one spelling; what is empty or no identity is left out. */
export function identitiesOf(said: {
  readonly emails: readonly unknown[];
  readonly customerId: string | null;
  readonly phones: readonly unknown[];
}): BuyerIdentity[] {
  const texts = (values: readonly unknown[]) => values.filter((value) => typeof value === "string");
  const emails = texts(said.emails).flatMap((text) =>
    foldEmail(text) === null ? [] : [{ kind: "email" as const, value: text.normalize("NFKC").trim().toLowerCase() }],
  );
  const phones = texts(said.phones).flatMap((text) => {
    const value = foldPhone(text);
    return value === null ? [] : [{ kind: "phone" as const, value }];
  });
  const account = said.customerId === null ? [] : [{ kind: "customer" as const, value: said.customerId }];
  const all = [...emails, ...account, ...phones];
  const isSame = (a: BuyerIdentity, b: BuyerIdentity) => a.kind === b.kind && a.value === b.value;
  return all.filter((identity, index) => all.findIndex((other) => isSame(other, identity)) === index);
}
