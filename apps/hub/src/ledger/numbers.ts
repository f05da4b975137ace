import { TRANSFER_KINDS, type Transfer } from "../db/schema/ledger.ts";

/** What the numbers of a ledger row mean that no table says; the view `transfers` reads them back. */

/** The number of a kind of transfer. */
export function kindNo(kind: Transfer["kind"]): number {
  return TRANSFER_KINDS.indexOf(kind) + 1;
}

const A = 65;

/** An ISO 4217 code as a number to the base of 26: "AAA" is 0, "ZZZ" 17575. */
export function currencyNo(code: string): number {
  return (code.charCodeAt(0) - A) * 676 + (code.charCodeAt(1) - A) * 26 + code.charCodeAt(2) - A;
}

/** An order line's id that a 64-bit integer holds, written as computers write it: no sign, no zero in front. */
const NUMBER = /^(?:0|[1-9]\d{0,17})$/;

export function isNumber(lineId: string): boolean {
  return NUMBER.test(lineId);
}

/** What a row keeps of a line: its id where that is a number, else its word's number below zero. */
export function lineNo(lineId: string, wordOf: (word: string) => number): bigint {
  return isNumber(lineId) ? BigInt(lineId) : BigInt(-wordOf(lineId));
}
