import "@shopify/ui-extensions";

declare module "./src/code-field.tsx" {
  const shopify: import("@shopify/ui-extensions/purchase.checkout.block.render").Api;
}

declare module "./src/claim.tsx" {
  const shopify: import("@shopify/ui-extensions/purchase.thank-you.block.render").Api;
}
