import type { ShopSettings } from "../standin/shop.ts";
import { demand } from "./judge.ts";
import type { Scene } from "./scene.ts";
import { Screens } from "./screens.ts";

/** A shop whose company is not at the hub yet. */
export const NEW_SHOP: ShopSettings = {
  ...{ handle: "fjord", name: "Fjord", currency: "NOK", timeZone: "Europe/Oslo" },
  products: [{ title: "Kelp", variants: [{ sku: "KELP-1", price: "199.00" }] }],
};
const COMPANY = "Fjord & Søn";

/** Without a code: the shop makes its company, and speaks for it. */
export async function beginAnew({ stack, eyes }: Pick<Scene, "stack" | "eyes">): Promise<readonly string[]> {
  const owner = await eyes.person({ width: 390, height: 844 });
  const domain = `${NEW_SHOP.handle}.myshopify.com`;
  const screens = new Screens(owner, stack, domain);
  await screens.install();
  await eyes.shot(owner.page, "plan-phone");
  await screens.choosePlan("Growth");
  await screens.connect("nothing.like-a-code");
  await screens.shows("This connection code is unknown");
  await screens.create(COMPANY);
  await screens.shows("None yet", "Invite people");
  await eyes.shot(owner.page, "new-company-phone");
  const companies = await stack.upline("company", "list");
  demand(companies.includes(COMPANY), `the hub has no company ${COMPANY}: ${companies}`);
  const order = stack.standin.site.order(domain, { lines: [{ variant: "KELP-1" }] });
  await stack.standin.site.webhooks.settled();
  await screens.openOrder(`#${order.number}`);
  await owner.context.close();
  return owner.complaints;
}
