import {
  type BuyerIdentity,
  foldCode,
  foldEmail,
  foldPhone,
  idProblem,
  readCode,
  textProblem,
  unseenProblem,
} from "@upline/core";
import { DATE_HINT, type RowErrors, readDate, shown } from "../row-errors.ts";

export const STATUSES = ["active", "inactive", "suspended", "terminated"] as const;
export type DistributorStatus = (typeof STATUSES)[number];

export const DISTRIBUTOR_ID_LENGTH_MAX = 100;
export const NAME_LENGTH_MAX = 200;
export const TAX_ID_LENGTH_MAX = 100;
const EMAIL_LENGTH_MAX = 254;
const RANK_LENGTH_MAX = 100;

/** One distributor as a file or the API tells it. What is left out stays as it is. */
export interface DistributorImport {
  readonly line: number;
  readonly distributorId: string;
  /** Null enrols directly under the company; left out keeps the sponsor of someone who is enrolled. */
  readonly sponsorId?: string | null;
  readonly name?: string;
  readonly status?: string;
  /** Null, or the text "none", takes the rank away. */
  readonly rank?: string | null;
  readonly country?: string;
  readonly taxId?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Their customer ids in the company's stores: `<store>=<id>`, or the id alone where there is one store. */
  readonly customerIds?: readonly string[];
  readonly codes?: readonly string[];
  readonly enrolledAt?: string;
}

export interface DistributorIdentity {
  /** Where it was written, for what is wrong with it. */
  readonly field: "email" | "phone" | "customer_ids";
  readonly identity: BuyerIdentity;
  /** Of a customer id: the store's id or domain as it was written; null for the company's only store. */
  readonly store: string | null;
}

/** The same, checked by itself; undefined is what was left out. */
export interface CheckedDistributor {
  readonly line: number;
  readonly distributorId: string;
  readonly sponsorId: string | null | undefined;
  readonly name: string | undefined;
  readonly status: DistributorStatus | undefined;
  readonly rank: string | null | undefined;
  readonly country: string | undefined;
  readonly taxId: string | undefined;
  /** By what they are recognised when they buy. */
  readonly identities: readonly DistributorIdentity[];
  readonly codes: readonly { readonly code: string; readonly foldedCode: string }[];
  readonly enrolledAt: Date | undefined;
}

/** Checks every row by itself, and that no distributor comes twice. Pure; a row with an unusable id is left out. */
export function checkDistributorRows(rows: readonly DistributorImport[], errors: RowErrors): CheckedDistributor[] {
  const lineOf = new Map<string, { line: number; distributorId: string }>();
  const checked: CheckedDistributor[] = [];
  for (const row of rows) {
    const distributorId = row.distributorId.trim();
    const problem = idProblem(distributorId, DISTRIBUTOR_ID_LENGTH_MAX) ?? unseenProblem(distributorId);
    if (problem !== null) {
      const what = distributorId === "" ? "is empty: every distributor needs an id" : `${shown(distributorId)} ${problem}`;
      errors.add(row.line, "distributor_id", what);
      continue;
    }
    const folded = foldCode(distributorId);
    const before = lineOf.get(folded);
    if (before) {
      const how = before.distributorId === distributorId ? "is" : `differs only in case from ${shown(before.distributorId)}`;
      errors.add(
        row.line,
        "distributor_id",
        `${shown(distributorId)} ${how} in line ${before.line} already: keep one of the two lines`,
      );
      continue;
    }
    lineOf.set(folded, { line: row.line, distributorId });
    checked.push(checkRow(row, distributorId, errors));
  }
  return checked;
}

function checkRow(row: DistributorImport, distributorId: string, errors: RowErrors): CheckedDistributor {
  const wrong = (field: string, message: string) => errors.add(row.line, field, message);
  const sponsorId = row.sponsorId?.trim() === "" ? null : (row.sponsorId?.trim() ?? row.sponsorId);
  if (sponsorId === distributorId)
    wrong(
      "sponsor_id",
      "is the distributor's own id: nobody enrols themselves; leave it empty for one directly under the company",
    );
  const rank = row.rank?.trim().toLowerCase() === "none" ? null : (row.rank?.trim() ?? row.rank);
  const name = row.name?.trim();
  const taxId = row.taxId?.trim();
  const checkText = (field: string, text: string | null | undefined, lengthMax: number) => {
    const problem = text == null ? null : textProblem(text, lengthMax);
    if (problem !== null) wrong(field, `${shown(text ?? "")} ${problem}`);
  };
  checkText("sponsor_id", sponsorId, DISTRIBUTOR_ID_LENGTH_MAX);
  const unseen = unseenProblem(sponsorId ?? "");
  if (unseen !== null) wrong("sponsor_id", `${shown(sponsorId ?? "")} ${unseen}`);
  checkText("name", name, NAME_LENGTH_MAX);
  checkText("rank", rank, RANK_LENGTH_MAX);
  const taxProblem = taxId === undefined ? null : textProblem(taxId, TAX_ID_LENGTH_MAX);
  // The id itself is not for messages.
  if (taxProblem !== null) wrong("tax_id", taxProblem);
  const status = row.status?.trim().toLowerCase();
  if (status !== undefined && !isStatus(status)) wrong("status", `${shown(status)} is none of ${STATUSES.join(", ")}`);
  const country = row.country?.trim().toUpperCase();
  if (country !== undefined && !/^[A-Z]{2}$/.test(country))
    wrong("country", `${shown(country)} is no ISO 3166 code of two letters, such as DE`);
  const enrolledAt = row.enrolledAt === undefined ? undefined : readDate(row.enrolledAt);
  if (enrolledAt === null) wrong("enrolled_at", `${shown(row.enrolledAt ?? "")} is no date: ${DATE_HINT}`);
  return {
    line: row.line,
    distributorId,
    sponsorId,
    name,
    status: status !== undefined && isStatus(status) ? status : undefined,
    rank,
    country,
    taxId,
    identities: checkIdentities(row, wrong),
    codes: checkCodes(row, errors),
    enrolledAt: enrolledAt ?? undefined,
  };
}

function checkIdentities(row: DistributorImport, wrong: (field: string, message: string) => void): DistributorIdentity[] {
  const identities: DistributorIdentity[] = [];
  const add = (field: DistributorIdentity["field"], kind: BuyerIdentity["kind"], value: string, store: string | null = null) =>
    identities.push({ field, identity: { kind, value }, store });
  if (row.email !== undefined) {
    const mailbox = foldEmail(row.email);
    if (mailbox === null || textProblem(row.email.trim(), EMAIL_LENGTH_MAX) !== null)
      wrong("email", "is no email address: write it as anna@example.com");
    else add("email", "email", mailbox);
  }
  if (row.phone !== undefined) {
    const number = foldPhone(row.phone);
    if (number === null) wrong("phone", `${shown(row.phone)} is no telephone number: 6 to 17 digits, such as +4930123456`);
    else add("phone", "phone", number);
  }
  for (const text of row.customerIds ?? []) {
    const split = text.indexOf("=");
    const customerId = text.slice(split + 1).trim();
    const store = split < 0 ? null : text.slice(0, split).trim();
    if (store !== "" && idProblem(customerId) === null) add("customer_ids", "customer", customerId, store);
    else wrong("customer_ids", `${shown(text)} is no customer id: write <store>=<id>, such as shop.example.com=5551`);
  }
  return identities;
}

/** A referral code as it is kept, folded as it is compared. The message says what is wrong with it. */
export function checkCode(code: string): { code: string; foldedCode: string } | { wrong: string } {
  const read = readCode(code);
  if ("wrong" in read) return { wrong: `${shown(code.trim())} is no referral code: it ${read.wrong}` };
  return { code: read.code, foldedCode: read.folded };
}

function checkCodes(row: DistributorImport, errors: RowErrors): CheckedDistributor["codes"] {
  return (row.codes ?? []).flatMap((text) => {
    const code = checkCode(text);
    if (!("wrong" in code)) return [code];
    errors.add(row.line, "codes", code.wrong);
    return [];
  });
}

function isStatus(text: string): text is DistributorStatus {
  return STATUSES.includes(text as DistributorStatus);
}
