import { expect, test } from "vitest";
import { sign } from "../fixtures/load.ts";
import { verify } from "./verify.ts";

const rawBody = new TextEncoder().encode('{"id":1}');
const now = new Date("2026-11-20T10:00:00Z");
const ask = (sent: Record<string, string>, secrets: readonly string[]) =>
  verify({ header: (name) => sent[name], rawBody, secrets, now });

test("the delivery id and the topic come from the headers, as hints", () => {
  const verdict = ask(sign(rawBody, { secret: "s3cret", topic: "orders/paid" }), ["s3cret"]);
  expect(verdict).toStrictEqual({ kind: "signed", topic: "orders/paid", deliveryId: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043" });
});

test("a signed body without topic and delivery id is signed all the same", () => {
  const { "x-shopify-hmac-sha256": signature } = sign(rawBody, { secret: "s3cret", topic: "" });
  expect(ask({ "x-shopify-hmac-sha256": String(signature) }, ["s3cret"])).toStrictEqual({
    kind: "signed",
    topic: "",
    deliveryId: null,
  });
});

test("an empty secret signs nothing", () => {
  expect(ask(sign(rawBody, { secret: "", topic: "orders/paid" }), [""]).kind).toBe("refused");
  expect(ask(sign(rawBody, { secret: "", topic: "orders/paid" }), ["", "s3cret"]).kind).toBe("refused");
});

test("a signature is one text: hex, url-safe base64, padding and white space are refused", () => {
  const headers = sign(rawBody, { secret: "s3cret", topic: "orders/paid" });
  const signature = String(headers["x-shopify-hmac-sha256"]);
  const spellings = [
    Buffer.from(signature, "base64").toString("hex"),
    signature.slice(0, -1),
    ` ${signature}`,
    `${signature}\n`,
    `${signature},${signature}`,
    // The last letter before the padding has two bits to spare, which a decoder ignores.
    `${signature.slice(0, -2)}${String.fromCharCode(signature.charCodeAt(42) + 1)}=`,
  ];
  for (const spelling of spellings)
    expect(ask({ ...headers, "x-shopify-hmac-sha256": spelling }, ["s3cret"]).kind, spelling).toBe("refused");
});
