import { parse, validate } from "graphql";
import { expect, test } from "vitest";
import { adminSchema } from "../fixtures/admin-schema.ts";
import { typesOf } from "../fixtures/type-documents.ts";
import { bulkOrdersText, DOCUMENTS } from "./documents.ts";

const wrongWith = (text: string) => validate(adminSchema(), parse(text)).map(({ message }) => message);

test("every document is one that the Admin API of this version understands", () => {
  for (const { text } of DOCUMENTS) expect(wrongWith(text), text.trim().split("\n")[0]).toStrictEqual([]);
  for (const withCustomer of [true, false]) {
    const text = bulkOrdersText({ query: "created_at:>='2026-01-01T00:00:00Z'", sortKey: "CREATED_AT", withCustomer });
    expect(wrongWith(text)).toStrictEqual([]);
    expect([text.includes("$"), /\n\s*customer \{/.test(text)]).toStrictEqual([false, withCustomer]);
  }
});

test("a field or an argument that the version does not have is noticed", () => {
  const [first] = DOCUMENTS;
  expect(wrongWith((first?.text ?? "").replace("ianaTimezone", "timeZone"))).toHaveLength(1);
  expect(wrongWith("query { orders(first: 1, since: 2) { nodes { id } } }")).toHaveLength(1);
});

test("the types are those of the schema (renew them with `pnpm generate`)", async () => {
  await expect(typesOf(adminSchema(), DOCUMENTS)).toMatchFileSnapshot("admin.generated.ts");
});
