import type { Evidence, StoreSettings } from "@upline/core";
import type { OrderPayload } from "./payloads.ts";

const CODE_LENGTH_MAX = 255;

/**
 * Every trace of a referral code on the order, strongest source first; which one decides is the
 * company's policy. Codes are trimmed and otherwise left as the buyer or the shop wrote them.
 */
export function evidenceOf(order: OrderPayload, settings: StoreSettings): Evidence[] {
  return [
    ...fromDiscounts(order),
    ...fromAttributes(order, settings),
    ...fromLines(order, settings),
    ...fromLanding(order, settings),
  ].flatMap((one) => {
    const code = one.code.trim();
    return code === "" || code.length > CODE_LENGTH_MAX ? [] : [{ ...one, code, where: one.where.slice(0, 255) }];
  });
}

/** `discount_codes` is not read: on draft orders it holds the title that staff gave to a manual discount. */
function fromDiscounts(order: OrderPayload): Evidence[] {
  return order.discount_applications.flatMap((one, index) =>
    one.type === "discount_code" && one.code
      ? [{ source: "discount-code" as const, code: one.code, where: `discount_applications[${index}]` }]
      : [],
  );
}

/** The field shown at checkout marks its attributes; without the mark they were written by the storefront's cart. */
function fromAttributes(order: OrderPayload, settings: StoreSettings): Evidence[] {
  const atCheckout = order.note_attributes.some(
    ({ name, value }) => SOURCE_MARKS.has(name.toLowerCase()) && value.trim().toLowerCase() === "checkout",
  );
  const source = atCheckout ? ("checkout-field" as const) : ("cart-attribute" as const);
  return settings.refKeys.flatMap((key) =>
    order.note_attributes
      .filter(({ name }) => name === key)
      .map(({ value }) => ({ source, code: value, where: `note_attributes.${key}` })),
  );
}

const SOURCE_MARKS = new Set(["source", "_source", "_ref_source", "_upline_ref_source"]);

/** Lines may disagree; each different code is told once, with the first line that carries it. */
function fromLines(order: OrderPayload, settings: StoreSettings): Evidence[] {
  const found = order.line_items.flatMap((item) =>
    settings.refKeys.flatMap((key) =>
      item.properties.flatMap((one) =>
        one.name === key ? [{ source: "line-property" as const, code: one.value, where: `line_items.${item.id}.${key}` }] : [],
      ),
    ),
  );
  return found.filter((one, index) => found.findIndex(({ code }) => code === one.code) === index);
}

/** The first page of the visit, also where a discount link (`/discount/CODE?redirect=/path?ref=CODE`) led on to it. */
function fromLanding({ landing_site: landing }: OrderPayload, { refParameter }: StoreSettings): Evidence[] {
  const parameters = parametersOf(landing);
  const code = parameters.get(refParameter) ?? parametersOf(parameters.get("redirect")).get(refParameter);
  return code ? [{ source: "landing-site", code, where: `landing_site.${refParameter}` }] : [];
}

function parametersOf(address: string | null | undefined): URLSearchParams {
  const query = address?.split("#", 1)[0]?.split("?").slice(1).join("?") ?? "";
  return new URLSearchParams(query);
}
