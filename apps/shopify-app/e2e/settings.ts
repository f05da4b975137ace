import { demand, same } from "./judge.ts";
import { DOMAIN } from "./life.ts";
import { Buyer } from "./people.ts";
import type { Scene } from "./scene.ts";

/** Changes how links count, sees that the storefront goes by it, and changes it back: the rest of the way hangs on it. */
export async function changeSettings({ stack, eyes, staff, screens }: Scene): Promise<void> {
  const { app } = screens;
  const links = {
    parameter: app.getByLabel("Parameter of links"),
    days: app.getByLabel("How long a link counts, in days"),
    touch: app.getByLabel("Where somebody followed several links"),
  };
  const save = async (): Promise<void> => {
    await app.getByRole("button", { name: "Save" }).first().click();
  };
  await screens.open("/app/settings");
  await screens.shows("Plan of the app: Growth");
  await links.days.fill("120");
  await save();
  await screens.shows("1–90");
  await eyes.shot(staff.page, "settings-refused");
  await links.parameter.fill("via");
  await links.days.fill("21");
  await links.touch.selectOption({ label: "The first one counts" });
  await save();
  await seeSaved(screens);
  const now = await Promise.all(Object.values(links).map((field) => field.inputValue()));
  same(now, ["via", "21", "first"], "the settings after they were saved");
  await eyes.shot(staff.page, "settings");
  const guest = await eyes.person();
  const buyer = new Buyer(guest, stack.standin, DOMAIN);
  await buyer.visit("?via=BEN12");
  await buyer.acceptCookies();
  await buyer.carries("BEN12");
  await buyer.visit("?via=CARLA9");
  await buyer.page.waitForTimeout(300);
  same(await buyer.attributes().then(({ _ref_code: code }) => code), "BEN12", "whose the visit is where the first link counts");
  same(guest.complaints, [], "what the storefront complained of");
  await guest.context.close();
  await links.parameter.fill("ref");
  await links.days.fill("30");
  await links.touch.selectOption({ label: "The last one counts" });
  await save();
  await seeSaved(screens);
  await rankEvidence(screens);
  const { metafields } = stack.standin.site.shopOf(DOMAIN);
  demand(
    metafields.some(({ value }) => value.includes('"ref"')),
    "the storefront was not told the parameter",
  );
}

/** Is told so, and opens the page anew: what was there before it was sent says nothing. */
async function seeSaved(screens: Scene["screens"]): Promise<void> {
  await screens.page.locator("#toasts").getByText("Saved").waitFor();
  await screens.open("/app/settings");
}

/** The order of evidence by its buttons, and back. */
async function rankEvidence(screens: Scene["screens"]): Promise<void> {
  const { app } = screens;
  const ranks = app.locator(".up-ranks li");
  const names = async () => (await ranks.allTextContents()).map((text) => text.replace(/[↑↓×+]/g, "").trim());
  const press = async (name: string): Promise<void> => app.getByRole("button", { name, exact: true }).click();
  const save = async (): Promise<void> => {
    await app.getByRole("button", { name: "Save" }).last().click();
    await seeSaved(screens);
  };
  const before = await names();
  await press("Move Referral link (cart) up");
  await save();
  const moved = await names();
  demand(before.join() !== moved.join(), "the order of evidence did not change");
  await press("Move Referral link (cart) down");
  await save();
  same(await names(), before, "the order of evidence after it was moved back");
}
