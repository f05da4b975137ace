import { unseenProblem } from "./unseen.ts";

/**
 * What a referral code is: one rule for everyone who reads or makes one. The hub, the connectors and the storefront
 * call it; the WooCommerce plugin has it as a table made from `codeClassOf` (connectors/woocommerce/plugin/code-table.ts).
 *
 * A code is 1 to 60 characters: letters and digits of any common script, and the ASCII signs of CODE_SIGNS, with at
 * least one letter or digit. Spaces, commas, semicolons and bars part codes in lists, so that none can hold them.
 * Letters of different scripts are not mixed, because АNNA with a Cyrillic first letter looks like ANNA and is not.
 * Every character counts as what it is after NFKC, so that a full-width A is an A.
 */

export const CODE_LENGTH_MAX = 60;

export const CODE_SIGNS = "!#$%&'()*+-./:=?@[]^_{}~";

/** A character belongs to none of these (digits, signs, accents that go with any letter) or to one; a bit each, in this order. */
export const CODE_SCRIPTS = [
  "Latin",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Bopomofo",
  "Greek",
  "Cyrillic",
  "Armenian",
  "Georgian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
  "Gujarati",
  "Tamil",
  "Telugu",
  "Kannada",
  "Malayalam",
  "Sinhala",
  "Thai",
  "Lao",
  "Khmer",
  "Myanmar",
  "Ethiopic",
  "Mongolian",
] as const;

const bits = (...names: (typeof CODE_SCRIPTS)[number][]) =>
  names.reduce((mask, name) => mask | (1 << CODE_SCRIPTS.indexOf(name)), 0);

/** Scripts that are written together: Japanese, Korean, and Chinese with its phonetic letters, each beside Latin. */
export const WRITTEN_TOGETHER: readonly number[] = [
  bits("Latin", "Han", "Hiragana", "Katakana"),
  bits("Latin", "Han", "Hangul"),
  bits("Latin", "Han", "Bopomofo"),
];

const SCRIPT_TESTS = CODE_SCRIPTS.map((name) => ({
  letters: new RegExp(`^\\p{Script=${name}}$`, "u"),
  digits: new RegExp(`^\\p{Script_Extensions=${name}}$`, "u"),
}));

/** What one character is in a code: the scripts of its letters as bits, and how many characters it counts as. */
export interface CodeClass {
  readonly scripts: number;
  readonly length: number;
  /** Whether it is a letter or a digit, of which a code needs one. */
  readonly speaks: boolean;
}

/** The class of one character (a whole code point); null for one that no code may hold. */
export function codeClassOf(character: string): CodeClass | null {
  const parts = [...character.normalize("NFKC")];
  const classes = parts.map(classOfPart);
  if (parts.length === 0 || classes.includes(null)) return null;
  const known = classes as CodeClass[];
  return {
    scripts: known.reduce((mask, { scripts }) => mask | scripts, 0),
    length: parts.length,
    speaks: known.some(({ speaks }) => speaks),
  };
}

function classOfPart(part: string): CodeClass | null {
  if (part < "\u0080") {
    if (/^[A-Za-z]$/.test(part)) return { scripts: 1, length: 1, speaks: true };
    if (/^\d$/.test(part)) return { scripts: 0, length: 1, speaks: true };
    return CODE_SIGNS.includes(part) ? { scripts: 0, length: 1, speaks: false } : null;
  }
  if (!/^[\p{L}\p{M}\p{Nd}]$/u.test(part)) return null;
  const isDigit = /^\p{Nd}$/u.test(part);
  const script = SCRIPT_TESTS.findIndex(({ letters, digits }) => (isDigit ? digits : letters).test(part));
  const isCommon = /^[\p{Script=Common}\p{Script=Inherited}]$/u.test(part);
  if (script < 0 && (isDigit || !isCommon)) return null;
  return { scripts: script < 0 ? 0 : 1 << script, length: 1, speaks: !/^\p{M}$/u.test(part) };
}

/** A code as it is kept, and folded as it is compared. */
export interface ReferralCode {
  readonly code: string;
  readonly folded: string;
}

/** Codes are compared trimmed, NFKC-normalised and without case, so that a link typed by hand still counts. */
export function foldCode(code: string): string {
  return code.trim().normalize("NFKC").toLowerCase();
}

/** Reads a code as somebody typed it; `wrong` says what is wrong with it and what to do. */
export function readCode(typed: string): ReferralCode | { readonly wrong: string } {
  const code = typed.trim();
  if (code === "") return { wrong: "is empty: write a referral code of 1 to 60 characters" };
  if (code.length > 4 * CODE_LENGTH_MAX) return { wrong: "is longer than the 60 characters of a referral code" };
  const unseen = unseenProblem(code);
  if (unseen !== null) return { wrong: unseen };
  let scripts = 0;
  let length = 0;
  let speaks = false;
  for (const character of code) {
    const found = codeClassOf(character);
    if (found === null)
      return { wrong: "may hold letters, digits and signs such as - _ . & / @, but no spaces, commas, semicolons or bars" };
    scripts |= found.scripts;
    length += found.length;
    speaks ||= found.speaks;
  }
  if (length > CODE_LENGTH_MAX) return { wrong: "is longer than the 60 characters of a referral code" };
  if (!speaks) return { wrong: "has no letter and no digit: add one" };
  if (!mayMix(scripts)) return { wrong: "mixes letters of different alphabets that look alike: write it in one alphabet" };
  return { code, folded: foldCode(code) };
}

function mayMix(scripts: number): boolean {
  const isOne = (scripts & (scripts - 1)) === 0;
  return isOne || WRITTEN_TOGETHER.some((together) => (scripts & ~together) === 0);
}
