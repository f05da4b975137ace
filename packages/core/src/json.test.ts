import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, type Json, parseJson } from "./json.ts";

test("ids beyond 2^53 keep every digit", () => {
  assert.deepEqual(parseJson('{"id":820982911946154508,"n":1.5}'), { id: "820982911946154508", n: 1.5 });
  assert.deepEqual(parseJson('{"id":9007199254740991}'), { id: 9007199254740991 });
  assert.deepEqual(parseJson('{"id":-9007199254740993}'), { id: "-9007199254740993" });
});

test("a long number is found wherever it stands", () => {
  assert.deepEqual(parseJson("[820982911946154508, -9007199254740993]"), ["820982911946154508", "-9007199254740993"]);
  assert.equal(parseJson("9007199254740993"), "9007199254740993");
});

test("decimals with more digits than a double holds keep them as text", () => {
  assert.deepEqual(parseJson('{"a":12345678901234567.89}'), { a: "12345678901234567.89" });
});

test("canonical JSON does not depend on the order of keys, and leaves undefined out", () => {
  assert.equal(canonicalJson({ b: 1n, a: [true, null], c: undefined }), '{"a":[true,null],"b":"1"}');
  assert.equal(canonicalJson({ a: 1, b: { d: 2, c: 3 } }), canonicalJson({ b: { c: 3, d: 2 }, a: 1 }));
});

test("property: canonical JSON parses back to the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value as Json)), JSON.parse(JSON.stringify(value)));
    }),
  );
});
