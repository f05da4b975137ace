import { runs } from "@upline/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json, parseJson } from "./json.ts";

test("ids beyond 2^53 keep every digit", () => {
  expect(parseJson('{"id":820982911946154508,"n":1.5}')).toStrictEqual({ id: "820982911946154508", n: 1.5 });
  expect(parseJson('{"id":9007199254740991}')).toStrictEqual({ id: 9007199254740991 });
  expect(parseJson('{"id":-9007199254740993}')).toStrictEqual({ id: "-9007199254740993" });
});

test("a long number is found wherever it stands", () => {
  expect(parseJson("[820982911946154508, -9007199254740993]")).toStrictEqual(["820982911946154508", "-9007199254740993"]);
  expect(parseJson("9007199254740993")).toBe("9007199254740993");
});

test("decimals with more digits than a double holds keep them as text", () => {
  expect(parseJson('{"a":12345678901234567.89}')).toStrictEqual({ a: "12345678901234567.89" });
});

test("canonical JSON does not depend on the order of keys, and leaves undefined out", () => {
  expect(canonicalJson({ b: 1n, a: [true, null], c: undefined })).toBe('{"a":[true,null],"b":"1"}');
  expect(canonicalJson({ a: 1, b: { d: 2, c: 3 } })).toBe(canonicalJson({ b: { c: 3, d: 2 }, a: 1 }));
});

test("property: canonical JSON parses back to the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value as Json))).toStrictEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("property: beside a long number every number keeps its digits, or is one", () => {
  const number = fc.oneof(
    fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom("8.983333333333333", "1.2345678901234e10", "1e0000000000000001", "-0.0000000000000000", "9007199254740993"),
  );
  const kept = (text: string) => (text.replace(/\D/g, "").length > 15 && String(Number(text)) !== text ? text : Number(text));
  fc.assert(
    fc.property(fc.array(number), fc.constantFrom("8.983333333333333", "9007199254740993"), (numbers, long) => {
      const all = [...numbers, long];
      expect(parseJson(`{"list":[${all.join(", ")}],"price":${long},"text":"a,${long}"}`)).toStrictEqual({
        list: all.map(kept),
        price: kept(long),
        text: `a,${long}`,
      });
    }),
    runs(500),
  );
});

/** What canonical JSON is, word by word. */
function written(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const told = Object.entries(value).filter(([, member]) => member !== undefined);
  told.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${told.map(([name, member]) => `${JSON.stringify(name)}:${written(member)}`).join(",")}}`;
}

test("property: names that were seen before, in another order, or more or fewer of them, make no difference", () => {
  const name = fc.constantFrom("a", "b", "B", "é", "1", "10", "2", "", "__proto__", "\u2028", '"', "n".repeat(101));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(0, -0, 1.5, "x", "é\n", true, null),
      tie("list"),
      tie("record"),
      tie("record"),
    ),
    list: fc.array(tie("tree"), { maxLength: 3 }),
    record: fc
      .uniqueArray(fc.tuple(name, fc.option(tie("tree"), { nil: undefined })), { selector: ([key]) => key, maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(canonicalJson(value as Json)).toBe(written(value));
    }),
    runs(1_000),
  );
});

test("more kinds of objects than are kept are written all the same", () => {
  for (let kind = 0; kind < 300; kind++) {
    const record = {
      first: 1,
      ...Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`z${(index * 7) % 200}-${kind}`, index])),
    };
    expect([canonicalJson(record), canonicalJson(record)]).toStrictEqual([written(record), written(record)]);
  }
});

test("property: a long number keeps its digits at any place of a text, and digits inside of texts stay as they are", () => {
  const digits = fc.stringMatching(/^[1-9]\d{15,40}$/).filter((number) => String(Number(number)) !== number);
  const pad = fc.string({ unit: fc.constantFrom("a", "7", ".", " ", "-", "é"), maxLength: 40 });
  const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\t"), maxLength: 20 });
  fc.assert(
    fc.property(digits, pad, space, fc.boolean(), (number, before, gap, isNegative) => {
      const bare = isNegative ? `-${number}` : number;
      const text = `{"pad":${JSON.stringify(before)},"list":[1,${gap}${bare}],"id":${gap}${bare}${gap},"text":"${number}"}`;
      expect(parseJson(text)).toStrictEqual({ pad: before, list: [1, bare], id: bare, text: number });
    }),
  );
});
