import { dirname } from "node:path";
import { adminSchema } from "@upline/shopify/fixtures/admin-schema";
import { expect, test } from "vitest";
import { checkDocuments, checkText } from "./documents.ts";

const root = dirname(dirname(dirname(import.meta.dirname)));
const schema = adminSchema();
const errorsOf = (code: string) => checkText("a.ts", code, schema).map(({ name, errors }) => [name, ...errors]);

test("every GraphQL document of the app and of the connector is one that the Admin API understands", () => {
  const found = checkDocuments(root, ["connectors/shopify/src", "apps/shopify-app/app", "apps/shopify-app/src"], schema);
  expect(found.filter(({ errors }) => errors.length > 0)).toStrictEqual([]);
  expect(found.map(({ name }) => name)).toContain("BulkOrders");
});

test("a document is found wherever it stands, and its fragments with it", () => {
  const code = `const MONEY = \`fragment Money on MoneyBag { shopMoney { amount } }\`;
    const TOTAL = "fragment Total on Order { totalPriceSet { ...Money } }";
    export const ask = () => send({ text: \`#graphql
      query One($id: ID!) { order(id: $id) { ...Total } }\` + TOTAL + MONEY });
    const other = "query and mutation are words"; const css = "query{a}";`;
  expect(errorsOf(code)).toStrictEqual([["One"]]);
});

for (const [what, code, told] of [
  ["an unknown field", "`query A { shop { nmae } }`", /Cannot query field "nmae"/],
  ["an unknown argument", "`query A { orders(first: 1, since: 2) { nodes { id } } }`", /Unknown argument "since"/],
  ["an argument that is missing", "`mutation A { webPixelCreate { webPixel { id } } }`", /is required/],
  ["a variable of the wrong type", "`query A($id: String!) { order(id: $id) { id } }`", /used in position expecting type "ID!"/],
  ["a fragment that is not there", "`query A { shop { ...Gone } }`", /Unknown fragment "Gone"/],
  ["a fragment that nobody spreads", "`fragment F on Shop { id }`", /no document of its file spreads/],
  ["a document that cannot be read", "`query A { shop { id `", /Syntax Error/],
  ["values written into the text", `\`query A { shop { ${"$"}{field} } }\``, /use variables/],
  ["a field that an object needs", "`query A { shop }`", /must have a selection/],
] as const) {
  test(`${what} is told`, () => {
    expect(JSON.stringify(errorsOf(`const text = ${code};`)).replaceAll("\\", "")).toMatch(told);
  });
}
