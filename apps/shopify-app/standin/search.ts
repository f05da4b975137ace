import { GraphQLError } from "graphql";

/**
 * The search language, as far as it is used: terms with `AND` or a space between, `field:value`, `field:>'value'`, and what
 * stands in brackets with `OR`. A field that the list does not know is refused; Shopify only warns, and finds too much.
 */
export type Searchable = Readonly<Record<string, string | number | boolean | Date | readonly string[]>>;

const TERM = /^(-?)(\w+):(<=|>=|<|>|)(?:'([^']*)'|"([^"]*)"|(\S+))$/;

export function search<Item>(
  items: readonly Item[],
  query: string | null | undefined,
  fields: (item: Item) => Searchable,
): Item[] {
  const terms = split(query ?? "");
  return items.filter((item) => terms.every((alternatives) => alternatives.some((term) => holds(term, fields(item)))));
}

/** Terms that must all hold, each a list of alternatives. */
function split(query: string): string[][] {
  const tokens = query.match(/\(|\)|[^\s()]*?'[^']*'|[^\s()]*?"[^"]*"|[^\s()]+/g) ?? [];
  const terms: string[][] = [];
  let open: string[] | null = null;
  let either = false;
  for (const token of tokens) {
    if (token === "(") open = [];
    else if (token === ")") {
      if (open) terms.push(open);
      open = null;
    } else if (token === "AND") either = false;
    else if (token === "OR") either = true;
    else if (open) open.push(token);
    else if (either) {
      terms.at(-1)?.push(token);
      either = false;
    } else terms.push([token]);
  }
  return terms;
}

function holds(term: string, fields: Searchable): boolean {
  const match = TERM.exec(term);
  if (!match) throw new GraphQLError(`The stand-in does not read the search term ${term}`);
  const [, not, field = "", operator = "", single, double, plain] = match;
  const wanted = single ?? double ?? plain ?? "";
  const value = fields[field];
  if (value === undefined) throw new GraphQLError(`The stand-in does not search by "${field}"`);
  return compare(value, operator, wanted) !== (not === "-");
}

function compare(value: Searchable[string], operator: string, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((one) => compare(one, operator, wanted));
  if (value instanceof Date) {
    const at = Date.parse(wanted);
    if (Number.isNaN(at)) throw new GraphQLError(`"${wanted}" is no time`);
    return measure(value.getTime() - at, operator);
  }
  if (typeof value === "number") return measure(value - Number(wanted), operator);
  if (operator !== "") {
    if (typeof value !== "string" || !/^\d+$/.test(value)) throw new GraphQLError(`"${operator}" compares numbers and times`);
    const [one, other] = [BigInt(value), BigInt(wanted)];
    return measure(one < other ? -1 : one > other ? 1 : 0, operator);
  }
  const [one, other] = [String(value).toLowerCase(), wanted.toLowerCase()];
  return other.endsWith("*") ? one.startsWith(other.slice(0, -1)) : one === other;
}

function measure(difference: number, operator: string): boolean {
  if (operator === ">") return difference > 0;
  if (operator === ">=") return difference >= 0;
  if (operator === "<") return difference < 0;
  if (operator === "<=") return difference <= 0;
  return difference === 0;
}
