import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { signStandardWebhook } from "@upline/core";
import { RECORDED_SECRET, recordedDeliveries } from "../fixtures/recorded.ts";
import { hmacSha256, verify } from "./verify.ts";

const now = new Date("2026-11-24T00:00:00Z");
const utf8 = (text: string) => new TextEncoder().encode(text);
const ask = (headers: Record<string, string>, body: string, secrets: string[]) =>
  verify({ header: (name) => headers[name], rawBody: utf8(body), secrets, now });

for (const { file, headers, rawBody, signatureValid } of recordedDeliveries) {
  test(`${file}: ${signatureValid === null ? "is a ping" : signatureValid ? "is signed" : "is refused"}`, () => {
    const verdict = ask(headers, rawBody, ["another", RECORDED_SECRET]);
    if (signatureValid === null) assert.deepEqual(verdict, { kind: "ping" });
    else if (!signatureValid) assert.equal(verdict.kind, "refused");
    else assert.deepEqual(verdict, { kind: "signed", topic: headers["x-wc-webhook-topic"], deliveryId: null });
  });
}

test("the recording holds what the README promises: two pings, one bad signature, 35 good ones", () => {
  const count = (value: boolean | null) => recordedDeliveries.filter(({ signatureValid }) => signatureValid === value).length;
  assert.deepEqual([count(null), count(false), count(true)], [2, 1, 35]);
  const reserialised = recordedDeliveries.filter(
    ({ rawBody, signatureValid }) => signatureValid !== null && JSON.stringify(JSON.parse(rawBody)) !== rawBody,
  );
  assert.ok(reserialised.length > 20, "most bodies change when they are parsed and written again");
});

test("only the bare form without any X-WC header is a ping", () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  assert.equal(ask(form, "webhook_id=1", []).kind, "ping");
  assert.equal(ask({ "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" }, "webhook_id=16", ["s"]).kind, "ping");
  assert.equal(ask(form, "webhook_id=1&id=2", ["s"]).kind, "refused");
  assert.equal(ask(form, "webhook_id=", ["s"]).kind, "refused");
  assert.equal(ask({ "content-type": "application/json" }, "webhook_id=1", ["s"]).kind, "refused");
  assert.equal(ask({ ...form, "x-wc-webhook-topic": "order.updated" }, "webhook_id=1", ["s"]).kind, "refused");
  assert.equal(ask({ ...form, "x-wc-webhook-signature": "" }, "webhook_id=1", ["s"]).kind, "refused");
});

test("a delivery id that is not unique is not passed on; a signed one is", () => {
  const body = '{"type":"order.updated","data":{}}';
  const headers = signStandardWebhook({ id: "msg_1", at: now, rawBody: utf8(body), secret: "whsec_c2VjcmV0", hmac: hmacSha256 });
  assert.deepEqual(ask(headers, body, ["whsec_c2VjcmV0"]), { kind: "signed", topic: "order.updated", deliveryId: "msg_1" });
});

test("a request that claims the plugin's scheme cannot fall back to the built-in one", () => {
  const body = '{"id":31}';
  const builtIn = createHmac("sha256", "s").update(body).digest("base64");
  assert.equal(ask({ "x-wc-webhook-signature": builtIn }, body, ["s"]).kind, "signed");
  assert.equal(ask({ "x-wc-webhook-signature": builtIn, "webhook-id": "msg_1" }, body, ["s"]).kind, "refused");
});
