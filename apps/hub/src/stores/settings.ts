import {
  DEFAULT_STORE_SETTINGS,
  foldStatus,
  isObject,
  STATUS_MEANINGS,
  type StatusMeaning,
  type StoreSettings,
} from "@upline/core";
import type { FieldError } from "../errors.ts";

/**
 * A store's settings: how its deliveries are read. One rule for what somebody sets and for what is stored; of what is
 * stored, an entry that is not valid is told and left out, and the others count.
 */

type Settings = { -readonly [Field in keyof StoreSettings]?: StoreSettings[Field] };

export interface ReadSettings {
  /** As they count, filled up with the defaults. */
  readonly settings: StoreSettings;
  /** Only what is this store's own. */
  readonly own: Settings;
  /** Entries that cannot be used, by the API's names, each with a sentence. */
  readonly problems: readonly FieldError[];
}

/** Names by which the API and the command line call the fields, with how each is read. */
const FIELDS = {
  refParameter: { name: "ref_parameter", read: readParameter },
  refKeys: { name: "ref_keys", read: (value: unknown, told: Told) => readTexts(value, told, { longest: 255, most: 20 }) },
  statuses: { name: "statuses", read: readStatuses },
  paymentFees: {
    name: "payment_fees",
    read: (value: unknown, told: Told) => readTexts(value, told, { longest: 255, most: 100 }),
  },
} as const;

const MOST_STATUSES = 100;
const LONGEST_STATUS = 100;

/** Takes what is wrong: where below the field, and the sentence. */
type Told = (path: string, message: string) => void;

export function readSettings(stored: unknown): ReadSettings {
  const problems: FieldError[] = [];
  const own: Settings = {};
  for (const [field, value] of Object.entries(isObject(stored) ? stored : {})) {
    if (!isField(field)) problems.push({ path: field, message: "is no setting of a store: take it out" });
    else Object.assign(own, { [field]: readField(field, value, problems) });
  }
  for (const field of Object.keys(own)) if (own[field as keyof Settings] === undefined) delete own[field as keyof Settings];
  return { settings: withDefaults(own), own, problems };
}

/** Settings as stored, as they count. */
export function storeSettings(stored: unknown): StoreSettings {
  return readSettings(stored).settings;
}

/** Only what is stored changes the defaults; a status of the store's own goes before everybody's. */
function withDefaults(own: Settings): StoreSettings {
  const folded = new Set(Object.keys(own.statuses ?? {}).map(foldStatus));
  const others = Object.entries(DEFAULT_STORE_SETTINGS.statuses ?? {}).filter(([status]) => !folded.has(foldStatus(status)));
  return { ...DEFAULT_STORE_SETTINGS, ...own, statuses: { ...own.statuses, ...Object.fromEntries(others) } };
}

export function isField(text: string): text is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, text);
}

export const fieldNamed = (name: string): keyof typeof FIELDS | null =>
  Object.keys(FIELDS)
    .filter(isField)
    .find((field) => FIELDS[field].name === name) ?? null;

export const fieldNames = (): readonly string[] => Object.values(FIELDS).map(({ name }) => name);

/** What of a field's value can be used; undefined where nothing can. */
export function readField(field: keyof typeof FIELDS, value: unknown, problems: FieldError[]) {
  const { name, read } = FIELDS[field];
  return read(value, (path, message) => void problems.push({ path: path === "" ? name : `${name}.${path}`, message }));
}

function readParameter(value: unknown, told: Told): string | undefined {
  if (typeof value === "string" && /^[\w-]{1,60}$/.test(value)) return value;
  told("", 'is a word of 1 to 60 letters, digits, _ and -, such as "ref": the parameter of referral links');
  return undefined;
}

function readTexts(value: unknown, told: Told, { longest, most }: { longest: number; most: number }): string[] | undefined {
  if (!Array.isArray(value) || value.length > most) {
    told("", `is a list of at most ${most} texts`);
    return undefined;
  }
  const texts = value.flatMap((entry: unknown, index) => {
    if (isText(entry, longest)) return [entry.trim()];
    told(String(index), `is a text of 1 to ${longest} characters: correct it, or leave it out`);
    return [];
  });
  return value.length > 0 && texts.length === 0 ? undefined : texts;
}

function readStatuses(value: unknown, told: Told): Record<string, StatusMeaning> | undefined {
  if (!isObject(value) || Object.keys(value).length > MOST_STATUSES) {
    told("", `names at most ${MOST_STATUSES} statuses, each with what it means: ${STATUS_MEANINGS.join(", ")}`);
    return undefined;
  }
  const statuses: Record<string, StatusMeaning> = {};
  const known = new Map<string, string>();
  for (const [status, meant] of Object.entries(value)) {
    const meaning = STATUS_MEANINGS.find((word) => word === meant);
    const twin = known.get(foldStatus(status));
    if (!isText(status, LONGEST_STATUS)) told(status, `a status has 1 to ${LONGEST_STATUS} characters, as the shop writes it`);
    else if (meaning === undefined) told(status, `means one of ${STATUS_MEANINGS.join(", ")}`);
    else if (twin !== undefined) told(status, `is the same status as "${twin}": leave one of the two out`);
    else {
      known.set(foldStatus(status), status);
      statuses[status] = meaning;
    }
  }
  return statuses;
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= longest;
