import { afterAll, beforeAll, expect, test } from "vitest";
import { addSeedNetwork, call } from "../testing/seed-fixture.ts";
import { type SignInBrowser, signedUp } from "../testing/sign-in-browser.ts";
import { openTestHub, type TestHub } from "../testing/test-hub.ts";

/** Every field that the API's description names, once with each value that has broken a route: refused or taken, never a fault of the hub. */

let hub: TestHub;
/** Who asks what no key may: the portal is a distributor's, views are of somebody who works for the company. */
let people: readonly (readonly [path: RegExp, browser: SignInBrowser])[];
beforeAll(async () => {
  hub = await openTestHub();
  await addSeedNetwork(hub);
  const { companyId } = hub.company;
  const seller = { email: "seller@acme.example", role: "distributor", companyId, distributorId: "D01" } as const;
  people = [
    [/^\/api\/portal/, await signedUp(hub, seller)],
    [
      /^\/api\/(views|distributors\/\{distributor_id\}\/notes)/,
      await signedUp(hub, { email: "boss@acme.example", role: "owner" }),
    ],
  ];
});
afterAll(() => hub.close());

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
}
interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const ODD = [
  "a\u0000b",
  "\ud800",
  "",
  " ",
  "-1",
  "1.00001E+11",
  "NaN",
  "2147483648",
  "999999999999999999",
  "9223372036854775808",
  "99999999999999999999999999",
  "999999999~999999999",
  "9999999999999999999~999999999999999999",
  "0000-01-01",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59-12:00",
  "2026-02-31",
  "..",
  "constructor",
  "x".repeat(3_000),
];
const ODD_VALUES = [...ODD, -1, 1.5, 1e300, 2 ** 31, 2 ** 63, null, true, [], {}, ["a\u0000b"]];

function examplesOf(document: Description, schema: Schema, depth = 0): unknown[] {
  if (schema.$ref !== undefined)
    return examplesOf(document, document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] as Schema, depth);
  if (schema.example !== undefined && !schema.properties) return [schema.example];
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return [schema.enum[0]];
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return forms.flatMap((form) => examplesOf(document, form, depth));
  if (schema.allOf) return [Object.assign({}, ...schema.allOf.map((part) => examplesOf(document, part, depth)[0]))];
  if (schema.properties && depth < 5)
    return [
      Object.fromEntries(
        Object.entries(schema.properties).map(([name, field]) => [name, examplesOf(document, field, depth + 1)[0]]),
      ),
    ];
  if (schema.items) return [[examplesOf(document, schema.items, depth + 1)[0]]];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "integer" || type === "number") return [schema.minimum ?? 1];
  return [type === "boolean" ? true : "1"];
}

/** The same body with one of its fields replaced, for every field and value. */
function oddBodies(body: unknown): unknown[] {
  if (typeof body !== "object" || body === null) return [];
  const entries = Object.entries(body);
  const put = (name: string, value: unknown) => {
    const changed = entries.map(([own, old]) => [own, own === name ? value : old] as const);
    return Array.isArray(body) ? changed.map(([, value]) => value) : Object.fromEntries(changed);
  };
  return entries.flatMap(([name, value]) => [
    ...ODD_VALUES.map((odd) => put(name, odd)),
    ...oddBodies(value).map((inner) => put(name, inner)),
  ]);
}

function addressOf(path: string, values: Readonly<Record<string, string>>, query: Readonly<Record<string, string>>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(values[name] ?? "1"));
  const text = Object.entries(query).map(([name, value]) => `${name}=${encode(value)}`);
  return `${filled}${text.length === 0 ? "" : `?${text.join("&")}`}`;
}

/** Half a character has no percent encoding: its bytes are sent as some programs write them. */
const encode = (text: string) => (text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80");

test("no value of any field is a fault of the hub, and no refusal is the validator's own words", {
  timeout: 300_000,
}, async () => {
  const document = (await (await hub.app.request("/openapi.json")).json()) as Description;
  const faults = new Set<string>();
  const ask = async (path: string, method: string, address: string, body?: unknown) => {
    const sent = { method, ...(body === undefined ? {} : { body }) };
    const browser = people.find(([whose]) => whose.test(path))?.[1];
    const answer = await browser?.call(address, sent);
    const { status, text } = answer ? { status: answer.status, text: await answer.text() } : await call(hub, address, sent);
    const shown = `${method} ${address.slice(0, 120)}${body === undefined ? "" : ` ${JSON.stringify(body).slice(0, 300)}`}`;
    if (status >= 500 && status !== 503) faults.add(`${status} ${shown}`);
    if (/Invalid (input|option|key)|Too (small|big)|received NaN|Unrecognized key|expected (string|number)/.test(text))
      faults.add(`words ${shown} ${text.slice(0, 300)}`);
  };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [name, { parameters = [], requestBody }] of Object.entries(operations)) {
      const method = name.toUpperCase();
      const exampleFor = (schema: Schema) => String(examplesOf(document, schema)[0]);
      const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
      const values = Object.fromEntries(named("path").map((parameter) => [parameter.name, exampleFor(parameter.schema)]));
      const query = Object.fromEntries(
        named("query").flatMap((parameter) => (parameter.required ? [[parameter.name, exampleFor(parameter.schema)]] : [])),
      );
      const schema = requestBody?.content["application/json"]?.schema;
      const bodies = schema ? examplesOf(document, schema) : [];
      const first = bodies[0];
      for (const odd of ODD) {
        for (const parameter of named("path"))
          await ask(path, method, addressOf(path, { ...values, [parameter.name]: odd }, query), first);
        for (const parameter of named("query"))
          await ask(path, method, addressOf(path, values, { ...query, [parameter.name]: odd }), first);
      }
      for (const body of bodies.flatMap(oddBodies)) await ask(path, method, addressOf(path, values, query), body);
    }
  }
  expect([...faults].slice(0, 40).join("\n"), `${faults.size} faults`).toBe("");
});
