import "@shopify/ui-extensions/preact";
import { CODE_KEY } from "@upline/storefront/order-keys";
import { render } from "preact";
import { useState } from "preact/hooks";
import { CodeForm, type Outcome } from "./code-form.tsx";

/** The address of the app, written in when the extension is built: `SHOPIFY_APP_URL=… shopify app deploy`. */
const APP_URL = process.env.SHOPIFY_APP_URL ?? "";
const LONGEST_WAIT_MS = 10_000;

/**
 * After the purchase the order cannot be changed any more, on any plan. What the buyer names here is a claim: a person
 * of the company reviews it in the hub, and nothing is paid for it before.
 */
export default function claim(): void {
  render(<Claim />, document.body);
}

function Claim() {
  const [isSent, setSent] = useState(false);
  const text = (key: string, words?: Record<string, string>) => shopify.i18n.translate(key, words);
  const code = shopify.attributes.value.find(({ key, value }) => key === CODE_KEY && value !== "")?.value;
  if (code !== undefined) return <s-text>{text("claim.known", { code })}</s-text>;
  if (isSent) return <s-banner tone="success" heading={text("claim.sent")} />;
  const hand = async (named: string): Promise<Outcome> => {
    const outcome = await send(named);
    if (outcome === "taken") setSent(true);
    return outcome;
  };
  return (
    <s-stack gap="base">
      <s-heading>{text("claim.heading")}</s-heading>
      <CodeForm text={text} send={text("claim.send")} refused={text("claim.failed")} hand={hand} />
    </s-stack>
  );
}

/** The session token says which shop this is; without it the app takes nothing. */
async function send(code: string): Promise<Outcome> {
  const token = await shopify.sessionToken.get();
  const answer = await fetch(`${APP_URL}/evidence/claim`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({
      order_id: shopify.orderConfirmation.value.order.id,
      checkout_token: shopify.checkoutToken.value,
      code,
    }),
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  });
  return answer.ok ? "taken" : "refused";
}
