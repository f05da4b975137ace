import { createHmac } from "node:crypto";
import { signStandardWebhook } from "@upline/core";
import { assert, expect, test } from "vitest";
import { RECORDED_SECRET, recordedDeliveries } from "../fixtures/recorded.ts";
import { hmacSha256, verify } from "./verify.ts";

const now = new Date("2026-11-24T00:00:00Z");
const utf8 = (text: string) => new TextEncoder().encode(text);
const ask = (headers: Record<string, string>, body: string, secrets: string[]) =>
  verify({ header: (name) => headers[name], rawBody: utf8(body), secrets, now });

for (const { file, headers, rawBody, signatureValid } of recordedDeliveries) {
  test(`${file}: ${signatureValid === null ? "is a ping" : signatureValid ? "is signed" : "is refused"}`, () => {
    const verdict = ask(headers, rawBody, ["another", RECORDED_SECRET]);
    if (signatureValid === null) expect(verdict).toStrictEqual({ kind: "ping" });
    else if (!signatureValid) expect(verdict.kind).toBe("refused");
    else expect(verdict).toStrictEqual({ kind: "signed", topic: headers["x-wc-webhook-topic"], deliveryId: null });
  });
}

test("the recording holds what the README promises: two pings, one bad signature, 35 good ones", () => {
  const count = (value: boolean | null) => recordedDeliveries.filter(({ signatureValid }) => signatureValid === value).length;
  expect([count(null), count(false), count(true)]).toStrictEqual([2, 1, 35]);
  const reserialised = recordedDeliveries.filter(
    ({ rawBody, signatureValid }) => signatureValid !== null && JSON.stringify(JSON.parse(rawBody)) !== rawBody,
  );
  assert.ok(reserialised.length > 20, "most bodies change when they are parsed and written again");
});

test("only the bare form without any X-WC header is a ping", () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect(ask(form, "webhook_id=1", []).kind).toBe("ping");
  expect(ask({ "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" }, "webhook_id=16", ["s"]).kind).toBe("ping");
  expect(ask(form, "webhook_id=1&id=2", ["s"]).kind).toBe("refused");
  expect(ask(form, "webhook_id=", ["s"]).kind).toBe("refused");
  expect(ask({ "content-type": "application/json" }, "webhook_id=1", ["s"]).kind).toBe("refused");
  expect(ask({ ...form, "x-wc-webhook-topic": "order.updated" }, "webhook_id=1", ["s"]).kind).toBe("refused");
  expect(ask({ ...form, "x-wc-webhook-signature": "" }, "webhook_id=1", ["s"]).kind).toBe("refused");
});

test("a delivery id that is not unique is not passed on; a signed one is", () => {
  const body = '{"type":"order.updated","data":{}}';
  const headers = signStandardWebhook({ id: "msg_1", at: now, rawBody: utf8(body), secret: "whsec_c2VjcmV0", hmac: hmacSha256 });
  expect(ask(headers, body, ["whsec_c2VjcmV0"])).toStrictEqual({ kind: "signed", topic: "order.updated", deliveryId: "msg_1" });
});

test("a request that claims the plugin's scheme cannot fall back to the built-in one", () => {
  const body = '{"id":31}';
  const builtIn = createHmac("sha256", "s").update(body).digest("base64");
  expect(ask({ "x-wc-webhook-signature": builtIn }, body, ["s"]).kind).toBe("signed");
  expect(ask({ "x-wc-webhook-signature": builtIn, "webhook-id": "msg_1" }, body, ["s"]).kind).toBe("refused");
});
