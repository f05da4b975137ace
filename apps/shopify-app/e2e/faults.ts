import type { Fault } from "../standin/site.ts";
import { demand, same } from "./judge.ts";
import { DOMAIN } from "./life.ts";
import type { Scene } from "./scene.ts";

/** What Shopify's Admin API says on a bad day, each a few times: less often than whoever asks is patient. */
const BAD_DAY: readonly Fault[] = [
  { on: "graphql", kind: "THROTTLED", count: 2 },
  { on: "graphql", kind: "500", count: 1 },
  { on: "graphql", kind: "429", count: 1 },
  { on: "graphql", kind: "503", count: 1 },
];

/** Shopify fails while the hub asks it and while staff looks; nothing is lost by it, and the pages say what is. */
export async function bearFaults(scene: Scene): Promise<void> {
  const { stack, eyes, life, staff, screens } = scene;
  const { site } = stack.standin;
  const waiting = () => (site.faults.get(DOMAIN) ?? []).reduce((sum, { count }) => sum + count, 0);
  site.webhooks.setWeather(DOMAIN, { lose: true });
  const lines = [{ variant: "TEA-01", quantity: 2 }, { variant: "STK-001" }];
  const unheard = life.sell({ lines, attributes: [{ name: "_ref_code", value: "BEN12" }], shipping: "4.90" }, "BEN12");
  site.refund(DOMAIN, unheard.id, { lines: [{ line: unheard.lines[0]?.id ?? "", quantity: 1 }], shipping: true });
  site.webhooks.setWeather(DOMAIN, { lose: false });
  for (const fault of BAD_DAY) site.addFault(DOMAIN, { ...fault });
  await screens.reconcile();
  const { differences } = await life.agreed();
  demand(differences.length === 0, `after faults: ${differences.join("; ")}`);
  same(waiting(), 0, "faults that nobody met");
  site.addFault(DOMAIN, { on: "graphql", kind: "503", count: 1 });
  const before = staff.complaints.length;
  await screens.open("/app/settings");
  await screens.shows("Shopify did not answer as it should", "Shopify answered HTTP 503.");
  await eyes.shot(staff.page, "shopify-is-away");
  await screens.app.getByRole("button", { name: "Try again" }).click();
  await screens.app.getByLabel("Parameter of links").waitFor();
  // Such a page is answered with 502, of which the browser tells; of nothing else.
  const told = staff.complaints.splice(before);
  demand(
    told.every((complaint) => complaint.startsWith("502")),
    `the pages complained: ${told.join("; ")}`,
  );
}
