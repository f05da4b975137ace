import "@shopify/ui-extensions/preact";
import { AT_CHECKOUT, CODE_KEY, SOURCE_KEY } from "@upline/storefront/order-keys";
import { render } from "preact";
import { CodeForm, type Outcome } from "./code-form.tsx";

/**
 * At checkout the buyer sees the code that their order carries, takes it away or types another. It is written to the
 * order's attributes, with a mark that the buyer did it: that outranks what a link left on the cart.
 */
export default function codeField(): void {
  render(<CodeField />, document.body);
}

function CodeField() {
  const text = (key: string, words?: Record<string, string>) => shopify.i18n.translate(key, words);
  const code = shopify.attributes.value.find(({ key, value }) => key === CODE_KEY && value !== "")?.value;
  // Shopify forbids it in some checkouts, such as those of Apple Pay; then the field would promise what it cannot do.
  const canUpdate = shopify.instructions.value.attributes.canUpdateAttributes;
  if (code === undefined && !canUpdate) return null;
  if (code === undefined)
    return <CodeForm text={text} send={text("field.apply")} refused={text("field.refused")} hand={applyCode} />;
  return (
    <s-stack direction="inline" gap="base" alignItems="center" justifyContent="space-between">
      <s-text>{text("field.applied", { code })}</s-text>
      {canUpdate && (
        <s-button variant="secondary" accessibilityLabel={`${text("field.remove")}: ${code}`} onClick={() => void removeCode()}>
          {text("field.remove")}
        </s-button>
      )}
    </s-stack>
  );
}

/** The code first: a mark without one would say that the buyer wants nobody. */
async function applyCode(code: string): Promise<Outcome> {
  const written = await shopify.applyAttributeChange({ type: "updateAttribute", key: CODE_KEY, value: code });
  if (written.type === "error") return "refused";
  await shopify.applyAttributeChange({ type: "updateAttribute", key: SOURCE_KEY, value: AT_CHECKOUT });
  return "taken";
}

/** The mark stays, so that no page of the shop puts the code of a link back. */
async function removeCode(): Promise<void> {
  const removed = await shopify.applyAttributeChange({ type: "removeAttribute", key: CODE_KEY });
  if (removed.type === "error") return;
  await shopify.applyAttributeChange({ type: "updateAttribute", key: SOURCE_KEY, value: AT_CHECKOUT });
}
