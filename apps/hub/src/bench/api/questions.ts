import type { ApiDescription } from "../../fuzz/api-calls.ts";

/** Every GET that the API's description names, with every filter: what `pnpm bench api` asks. Pure. */

export interface Question {
  /** The path as described, such as `/api/orders/{order_id}`. */
  readonly route: string;
  /** The query as sent; empty where there is none. */
  readonly filter: string;
  /** What is asked for. */
  readonly address: string;
}

/** Values of a parameter: some that find something, the plainest first, and some that find nothing. */
export interface Values {
  readonly some: readonly string[];
  readonly none: readonly string[];
}

/** By the parameter's name, or by `<route> <name>` where it means something of its own there. */
export type Samples = Readonly<Record<string, Values>>;

type Parameter = NonNullable<ApiDescription["paths"][string][string]["parameters"]>[number];

/**
 * Each route by itself, with each value of each filter, and with each two of them together. Throws where the description names a
 * parameter that there are no values for: a new filter is not forgotten.
 */
export function questionsOf(description: ApiDescription, samples: Samples): Question[] {
  return Object.entries(description.paths).flatMap(([route, methods]) => {
    // What takes another key than a company's is no question of a company.
    if (methods.get === undefined || methods.get.security !== undefined) return [];
    const parameters = (methods.get.parameters ?? []).map((parameter) => ({
      ...parameter,
      values: valuesOf(route, parameter, samples),
    }));
    return questionsOfRoute(route, parameters);
  });
}

interface Valued extends Parameter {
  readonly values: Values;
}

function valuesOf(route: string, parameter: Parameter, samples: Samples): Values {
  const values = samples[`${route} ${parameter.name}`] ?? samples[parameter.name];
  if (values !== undefined) return values;
  const words = parameter.schema?.enum;
  if (words === undefined) throw new Error(`the bench knows no value for ${parameter.name} of ${route}: add some to its samples`);
  return { some: words.map(String), none: [] };
}

function questionsOfRoute(route: string, parameters: readonly Valued[]): Question[] {
  const needed = parameters.filter(({ in: place, required }) => place === "query" && required);
  const filters = parameters.filter(({ in: place, required }) => place === "query" && !required);
  const always: Filled = needed.map(({ name, values }) => [name, values.some[0] ?? ""]);
  const [first = route, ...others] = addressesOf(
    route,
    parameters.filter(({ in: place }) => place === "path"),
  );
  const missing = needed.flatMap(({ name, values }) =>
    values.none.map((value): Filled => always.map((given) => (given[0] === name ? [name, value] : given))),
  );
  const queries: Filled[] = [
    always,
    ...missing,
    ...filters.flatMap(({ name, values }) => [...values.some, ...values.none].map((value): Filled => [...always, [name, value]])),
    ...pairsOf(filters.filter(({ name }) => name !== "limit")).map((pair): Filled => [...always, ...pair]),
  ];
  const ask = (address: string, query: Filled): Question => {
    const filter = new URLSearchParams([...query]).toString();
    return { route, filter, address: filter === "" ? address : `${address}?${filter}` };
  };
  return [...queries.map((query) => ask(first, query)), ...others.map((address) => ask(address, always))];
}

type Filled = readonly [name: string, value: string][];

/** The path with each combination of its parameters' values filled in. */
function addressesOf(route: string, parameters: readonly Valued[]): string[] {
  return parameters.reduce<string[]>(
    (addresses, { name, values }) =>
      addresses.flatMap((address) =>
        [...values.some, ...values.none].map((value) => address.replace(`{${name}}`, encodeURIComponent(value))),
      ),
    [route],
  );
}

/** Two filters at once: the rarest of what each finds, and either of them with what the other does not find. */
function pairsOf(filters: readonly Valued[]): Filled[] {
  return filters.flatMap((a, index) =>
    filters.slice(index + 1).flatMap((b): Filled[] => {
      const pair = (left: string | undefined, right: string | undefined): Filled[] =>
        left === undefined || right === undefined
          ? []
          : [
              [
                [a.name, left],
                [b.name, right],
              ],
            ];
      return [
        ...pair(a.values.some.at(-1), b.values.some.at(-1)),
        ...pair(a.values.some[0], b.values.none[0]),
        ...pair(a.values.none[0], b.values.some[0]),
      ];
    }),
  );
}
