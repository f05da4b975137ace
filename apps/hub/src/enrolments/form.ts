import { z } from "@hono/zod-openapi";
import { textProblem } from "@upline/core";
import { INVITER_SHOWN } from "../db/schema/enrolments.ts";
import { refused } from "../errors.ts";
import { day } from "../http/shapes.ts";

/** The form that a company makes for those who want to join: its own fields, and what is to be agreed to. */

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];
export const FIELD_KINDS = ["text", "choice", "date", "checkbox"] as const;
const MOST_FIELDS = 20;
const MOST_CHOICES = 50;
const MOST_CONSENTS = 10;
const LONGEST_ANSWER = 500;

/** What turns the direction of writing: a stranger's text would show the words beside it in another order. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a text that a stranger wrote; null where nothing is. */
export function strangersProblem(text: string, longest: number): string | null {
  if (TURNING.test(text)) return "holds a mark that turns the direction of writing: type it anew";
  return textProblem(text, longest);
}

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "1 to 40 of a-z, 0-9 and dash, beginning with a letter or digit")
  .openapi({ example: "terms" });

/** The company's own words, in the languages that it gives. */
const said = (longest: number) => {
  const words = z.string().trim().min(1, "write something, or leave the language out").max(longest).optional();
  return z
    .strictObject({ en: words, de: words })
    .refine(({ en, de }) => en !== undefined || de !== undefined, "say it in one language at least");
};
export type Said = { readonly en?: string | undefined; readonly de?: string | undefined };

/** In the language that is wanted, or in the one that there is. */
export function wordsIn(words: Said, language: Language): string {
  return words[language] ?? words.en ?? words.de ?? "";
}

const field = z
  .strictObject({
    field_id: id,
    kind: z.enum(FIELD_KINDS),
    label: said(200),
    required: z.boolean(),
    choices: z
      .array(z.strictObject({ choice_id: id, label: said(200) }))
      .max(MOST_CHOICES)
      .default([])
      .openapi({ description: "Of the kind `choice`; empty of others" }),
  })
  .openapi("EnrolmentField");
export type Field = z.output<typeof field>;

const consent = z
  .strictObject({
    consent_id: id,
    text: said(2_000),
    address: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .nullable()
      .default(null)
      .openapi({ description: "Where the whole of it can be read" }),
    required: z.boolean(),
  })
  .openapi("EnrolmentConsent");
export type Consent = z.output<typeof consent>;

export const versionedConsent = z
  .object({ ...consent.shape, version: z.int().openapi({ description: "Raised by every change of its words" }) })
  .openapi("VersionedConsent");
export type VersionedConsent = z.output<typeof versionedConsent>;

const noIdTwice = (ids: readonly string[]) => new Set(ids).size === ids.length;

/** What an admin decides. */
export const settings = z
  .strictObject({
    open: z.boolean().openapi({ description: "Whether anybody may enrol by a link" }),
    needs_approval: z.boolean().openapi({ description: "Whether somebody of the company decides on each" }),
    inviter: z.enum(INVITER_SHOWN).openapi({ description: "How much of the inviter's name the page shows" }),
    id_prefix: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,9}$/, "a letter, and up to nine letters, digits or dashes")
      .openapi({ example: "N", description: "What ids of new distributors begin with; a number follows" }),
    intro: said(2_000).nullable().default(null).openapi({ description: "The company's own words above the form" }),
    fields: z
      .array(field)
      .max(MOST_FIELDS)
      .refine((all) => noIdTwice(all.map((one) => one.field_id)), "two fields have one id: change one of them"),
    consents: z
      .array(consent)
      .max(MOST_CONSENTS)
      .refine((all) => noIdTwice(all.map((one) => one.consent_id)), "two consents have one id: change one of them"),
  })
  .openapi("NewEnrolmentSettings");
export type NewSettings = z.output<typeof settings>;

export interface Settings extends Omit<NewSettings, "consents"> {
  readonly consents: readonly VersionedConsent[];
}

/** What the company decides of fields beyond their shapes. Throws HubError. */
export function checkFields(fields: readonly Field[]): void {
  for (const [index, { kind, choices }] of fields.entries()) {
    const path = `fields.${index}.choices`;
    if (kind === "choice" && choices.length < 2) throw refused(path, "a choice needs two answers at least");
    if (kind !== "choice" && choices.length > 0) throw refused(path, "belong to the kind choice only: leave them out");
    if (!noIdTwice(choices.map(({ choice_id }) => choice_id))) throw refused(path, "two answers have one id: change one of them");
  }
}

export const answers = z
  .record(z.string().max(40), z.union([z.string().max(LONGEST_ANSWER), z.boolean()]))
  .openapi({ description: "By `field_id`: a text, the id of a choice, a day, or whether it is ticked" });
type Answers = z.output<typeof answers>;

const saidAnswer = z.object({ en: z.string().optional(), de: z.string().optional() });

/** An answer with what it was asked by, so that a form that changes later takes no sense from it. */
export const keptAnswer = z.object({
  field_id: z.string(),
  label: saidAnswer,
  value: z.union([z.string(), z.boolean()]),
  shown: saidAnswer.nullable().openapi({ description: "Of a choice: what it is called" }),
});
export type KeptAnswer = z.output<typeof keptAnswer>;

const text = z.string().max(100);

/** What somebody who wants to join sends. */
export const filledIn = z.strictObject({
  first_name: text,
  last_name: text,
  email: z.string().max(254).openapi({ example: "tessa@mail.example" }),
  country: z.string().regex(/^[A-Z]{2}$/, "two capital letters of ISO 3166, such as DE"),
  language: z.enum(LANGUAGES).openapi({ description: "Of the mails" }),
  answers: answers.default({}),
  consents: z
    .record(z.string().max(40), z.int().positive())
    .default({})
    .openapi({ description: "By `consent_id` of each that is agreed to: the version that was read" }),
});
export type FilledIn = z.output<typeof filledIn>;

/** What was filled in, held against the form. Throws HubError, which names the field. */
export function checkAnswers(fields: readonly Field[], given: Answers): KeptAnswer[] {
  const unknown = Object.keys(given).find((fieldId) => fields.every(({ field_id }) => field_id !== fieldId));
  if (unknown !== undefined) throw refused(`answers.${unknown}`, "is no field of the form: load the page again");
  return fields.flatMap((asked) => {
    const value = readAnswer(asked, given[asked.field_id]);
    const isMissing = value === undefined || value === "" || value === false;
    if (isMissing && asked.required) throw refused(`answers.${asked.field_id}`, "is needed: fill it in");
    if (value === undefined || value === "") return [];
    const choice = asked.choices.find(({ choice_id }) => choice_id === value);
    return [{ field_id: asked.field_id, label: asked.label, value, shown: choice?.label ?? null }];
  });
}

function readAnswer({ field_id, kind, choices }: Field, given: string | boolean | undefined): string | boolean | undefined {
  if (given === undefined) return undefined;
  const path = `answers.${field_id}`;
  if (kind === "checkbox") {
    if (typeof given !== "boolean") throw refused(path, "is ticked or not: send true or false");
    return given;
  }
  if (typeof given !== "string") throw refused(path, "write a text");
  const text = given.trim();
  if (text === "") return text;
  if (kind === "choice" && choices.every(({ choice_id }) => choice_id !== text))
    throw refused(path, "is none of the answers: load the page again");
  if (kind === "date" && !day.safeParse(text).success) throw refused(path, "write a day such as 1990-06-01");
  const problem = strangersProblem(text, LONGEST_ANSWER);
  if (problem !== null) throw refused(path, problem);
  return text;
}

/** Which words were agreed to. */
export interface GivenConsent {
  readonly consentId: string;
  readonly version: number;
}

/** What was agreed to, held against what is asked for now. Throws HubError, which names the consent. */
export function checkConsents(asked: readonly VersionedConsent[], given: Readonly<Record<string, number>>): GivenConsent[] {
  return asked.flatMap(({ consent_id, version, required }) => {
    const agreed = given[consent_id];
    if (agreed === undefined && required) throw refused(`consents.${consent_id}`, "has to be agreed to before you can join");
    if (agreed === undefined) return [];
    if (agreed !== version)
      throw refused(`consents.${consent_id}`, "has other words by now: load the page again, and read them before you agree");
    return [{ consentId: consent_id, version }];
  });
}
