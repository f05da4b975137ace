import { Draw } from "../../fuzz/draw.ts";
import type { Hub } from "../../hub.ts";
import { makeLink } from "../../referrals/links.ts";
import { Resolver } from "../../referrals/resolve.ts";
import { DAY_MS, LAST_MOMENT } from "./months.ts";

/** Who followed the links of the demo's sellers in its last month: people with browsers, and a few programs. */

const DAYS = 30;
const NAMES = ["MAYA21", "JONAH7", "HANA8", "ANNA77", "GREG1", "ABC123", "maya-glow", "hana-autumn"];
const BROWSERS = ["Mozilla/5.0 (iPhone)", "Mozilla/5.0 (Android)", "Mozilla/5.0 (Macintosh)"];

export async function followLinks(hub: Hub, companyId: number): Promise<void> {
  const link = { companyId, own: undefined, actor: "demo" };
  await makeLink(hub, {
    ...link,
    name: "maya-glow",
    code: "MAYA21",
    path: "/products/night-glow",
    tags: { utm_campaign: "glow" },
  });
  await makeLink(hub, { ...link, name: "hana-autumn", code: "HANA8", path: "/", tags: { utm_campaign: "autumn" } });
  const resolver = new Resolver(hub);
  const draw = new Draw(11);
  for (const [place, name] of NAMES.entries()) {
    const found = await resolver.resolve(name, "demo");
    if (found === null) throw new Error(`the demo's link ${name} leads nowhere`);
    for (let day = 0; day < DAYS; day++) {
      const clicks = draw.below(Math.ceil(14 / (place + 1)) + day / 6);
      for (let click = 0; click < clicks; click++) {
        const who = { isBot: draw.chance(0.08), address: `203.0.113.${draw.below(60)}`, browser: draw.pick(BROWSERS) };
        hub.clicks.note(found, who, new Date(LAST_MOMENT.getTime() - (DAYS - 1 - day) * DAY_MS));
      }
    }
  }
  await hub.clicks.flush();
}
