import { parseBody, type Redaction } from "@upline/core";
import { z } from "zod";

const id = z.union([z.string(), z.number(), z.bigint()]).transform(String);
const given = z.string().nullish().catch(null);

const buyerRedaction = z.object({
  customer: z.object({ id: id.nullish(), email: given, phone: given }),
  orders_to_redact: z.array(id),
});
/** Shopify's compliance topics. A request to see data names a customer too, but no `orders_to_redact`: it erases nothing. */
export function redactionOf(body: string, topic: string): Redaction | null {
  let value: Record<string, unknown>;
  try {
    value = parseBody(body);
  } catch {
    return null;
  }
  if (topic === "customers/redact") {
    const { data } = buyerRedaction.safeParse(value);
    if (data === undefined) return null;
    const { id: customerId, email, phone } = data.customer;
    return {
      kind: "buyer",
      ...(email ? { email } : {}),
      ...(phone ? { phone } : {}),
      ...(customerId ? { customerId } : {}),
      orderIds: data.orders_to_redact,
    };
  }
  const isAboutBuyer = ["customer", "orders_to_redact", "orders_requested"].some((key) => key in value);
  return topic === "shop/redact" && "shop_id" in value && !isAboutBuyer ? { kind: "shop" } : null;
}
