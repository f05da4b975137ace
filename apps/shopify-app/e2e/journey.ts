import { decimal } from "../standin/money.ts";
import type { Order } from "../standin/order.ts";
import { askHub } from "./books.ts";
import { joinCode, SKUS } from "./company.ts";
import { originals } from "./expected.ts";
import { bearFaults } from "./faults.ts";
import { demand, same } from "./judge.ts";
import { DOMAIN, Life } from "./life.ts";
import { measure, watch } from "./measures.ts";
import { beginAnew } from "./new-shop.ts";
import { Buyer } from "./people.ts";
import type { Scene } from "./scene.ts";
import { Screens } from "./screens.ts";
import { changeSettings } from "./settings.ts";
import { burst, sendStrangers } from "./strangers.ts";

/** The whole way, from the install to the install after the uninstall, by what people do and see. */
export async function journey(given: Pick<Scene, "stack" | "hub" | "eyes" | "judge">): Promise<number> {
  const { stack, hub, eyes } = given;
  const staff = await eyes.person();
  const shopper = await eyes.person();
  await watch(staff.page);
  await watch(shopper.page);
  const screens = new Screens(staff, stack);
  const buyer = new Buyer(shopper, stack.standin, DOMAIN);
  const scene: Scene = { ...given, life: new Life(stack, hub), staff, shopper, screens, buyer };
  given.judge.onFailure(async () => {
    await eyes.shot(staff.page, "failed-admin");
    await eyes.shot(shopper.page, "failed-storefront");
  });
  await settleIn(scene);
  await scene.judge.step("settings are saved, refused where they are wrong, and the storefront goes by them", () =>
    changeSettings(scene),
  );
  await buyByLink(scene);
  await giveBack(scene);
  await loseWebhooks(scene);
  await sellByDiscountCode(scene);
  await scene.judge.step("Shopify's Admin API fails in all its ways, and nothing is lost", () => bearFaults(scene));
  await withstand(scene);
  await leaveAndReturn(scene);
  await scene.judge.step("the hub's books are the suite's own, to the cent", () => agree(scene));
  const { delta } = await scene.life.compared();
  await scene.judge.step("a shop that is gone for good is forgotten", async () => {
    const { site } = stack.standin;
    await screens.uninstall();
    site.compliance(DOMAIN, "shop/redact");
    await site.webhooks.settled();
    same(site.webhooks.deliveries.at(-1)?.statuses, [200], "the answer to shop/redact");
  });
  let complaints: readonly string[] = [];
  await scene.judge.step("another shop makes its company by itself, on a phone", async () => {
    complaints = await beginAnew(scene);
  });
  await scene.judge.step("no page complained", async () => {
    same([...staff.complaints, ...shopper.complaints, ...complaints], [], "what the pages complained of");
  });
  return Number(delta);
}

async function agree({ life }: Scene): Promise<void> {
  const { delta, differences } = await life.agreed();
  demand(differences.length === 0, `delta ${delta}: ${differences.join("; ")}`);
}

async function settleIn({ stack, hub, eyes, judge, life, staff, screens }: Scene): Promise<void> {
  await judge.step("the app is installed", async () => {
    await screens.install();
    await screens.choosePlan("Growth");
    await eyes.shot(staff.page, "first-run");
  });
  await judge.step("the shop is connected to its company by a code", async () => {
    await screens.connect(await joinCode(hub));
    await screens.shows("Connected to Greenleaf");
    await eyes.shot(staff.page, "connected");
    const { items } = await askHub<{ items: { store_id: string; domain: string }[] }>(hub, "/api/stores");
    life.storeId = items.find(({ domain }) => domain === DOMAIN)?.store_id ?? "";
    demand(life.storeId !== "", `the hub has no store ${DOMAIN}`);
  });
  await judge.step("an order of nobody waits until somebody, without a mouse, gives its products a class", async () => {
    life.sell({ lines: SKUS.map((variant) => ({ variant })), shipping: "4.90" }, null);
    await stack.standin.site.webhooks.settled();
    for (let tries = 0; tries < 40; tries += 1) {
      await screens.open("/app/products");
      if ((await screens.text()).includes("Green Tea")) break;
    }
    await eyes.shot(staff.page, "products-waiting");
    await screens.mapAll(SKUS.length);
    await eyes.shot(staff.page, "products-mapped");
  });
}

/** What the screen of an order says that somebody earns, in the words of an English browser. */
const shown = (order: Order, code: string): string[] =>
  originals(order, code).map((minor) => `€${decimal(minor, order.currency)}`);

async function buyByLink({ stack, eyes, judge, life, staff, shopper, screens, buyer }: Scene): Promise<void> {
  let bought: Order | undefined;
  await judge.step("a buyer follows a link, and nothing is kept before they accept cookies", async () => {
    await buyer.visit("?ref=ANNA77");
    await buyer.page.waitForTimeout(300);
    same([await buyer.attributes(), await buyer.remembered()], [{}, false], "the cart and the cookie before consent");
    await eyes.shot(shopper.page, "storefront-banner");
    await buyer.acceptCookies();
    await buyer.carries("ANNA77");
    judge.note("storefront", await measure(shopper.page));
  });
  await judge.step("they buy, and the app shows the commission", async () => {
    await buyer.add("green-tea", 2);
    await buyer.add("rose-soap");
    await buyer.checkOut();
    await screens.open("/app/orders");
    const began = performance.now();
    bought = await buyer.pay();
    life.note(bought, "ANNA77");
    await screens.openOrder(`#${bought.number}`);
    await screens.shows("Anna Muster", ...shown(bought, "ANNA77"));
    judge.note("commission_shown_ms", Math.round(performance.now() - began));
    await eyes.shot(staff.page, "order-with-commission");
  });
  await judge.step("'Buy it now' carries the code on its line, and money that comes later earns later", async () => {
    await buyer.visit("?ref=CARLA9");
    await buyer.carries("CARLA9");
    await buyer.buyNow("starter-kit");
    const order = await buyer.pay({ later: true });
    life.note(order, "CARLA9");
    same([order.attributes, order.lines[0]?.properties.map(({ value }) => value)], [[], ["CARLA9"]], "where the code is");
    await stack.standin.site.webhooks.settled();
    stack.standin.site.pay(DOMAIN, order.id);
    await screens.openOrder(`#${order.number}`);
    await screens.shows("Carla Weit");
  });
}

async function giveBack(scene: Scene): Promise<void> {
  const { stack, eyes, judge, life, staff, screens } = scene;
  await judge.step("a partial refund takes back its share", async () => {
    const sold = life.sold.find(({ code }) => code === "ANNA77");
    if (!sold) throw new Error("Anna sold nothing");
    stack.standin.site.refund(DOMAIN, sold.order.id, { lines: [{ line: sold.order.lines[0]?.id ?? "", quantity: 1 }] });
    await agree(scene);
    await screens.openOrder(`#${sold.order.number}`);
    await screens.shows("taken back");
    await eyes.shot(staff.page, "order-partly-refunded");
  });
  await judge.step("all the other ways in which money moves", async () => {
    await life.buyAndReturn();
    await life.buyInBadWeather();
    await agree(scene);
  });
}

async function loseWebhooks(scene: Scene): Promise<void> {
  const { eyes, judge, life, staff, screens } = scene;
  await judge.step("webhooks are lost for a while, and a comparison finds what they would have said", async () => {
    await life.buyUnheard();
    const { delta } = await life.compared();
    demand(delta > 0n, "nothing differs although webhooks were lost: the suite sees nothing");
    judge.note("delta_while_lost", Number(delta));
    await screens.reconcile();
    await agree(scene);
    await screens.open("/app/health");
    await eyes.shot(staff.page, "health-after-reconcile");
    await screens.open("/app");
    await eyes.shot(staff.page, "home");
    const frame = staff.page.frame({ name: "app-iframe" });
    if (frame) judge.note("home", await measure(frame));
  });
}

async function sellByDiscountCode(scene: Scene): Promise<void> {
  const { stack, eyes, judge, life, staff, screens } = scene;
  await judge.step("a distributor's discount code counts without any link", async () => {
    await screens.makeDiscountCode("CARLA9");
    const { discounts } = stack.standin.site.shopOf(DOMAIN);
    for (const creation of discounts.creations) while (creation.results.size === 0) discounts.look(creation);
    demand(discounts.find("CARLA9") !== null, "the shop has no code CARLA9");
    await screens.open("/app/distributors");
    await screens.shows("CARLA9");
    await eyes.shot(staff.page, "distributors");
    const guest = await eyes.person({ width: 390, height: 844 });
    const other = new Buyer(guest, stack.standin, DOMAIN);
    await other.visit("");
    await other.add("green-tea", 3);
    await other.checkOut();
    await eyes.shot(guest.page, "checkout-phone");
    const order = await other.pay({ discount: "carla9" });
    life.note(order, "CARLA9");
    same([order.attributes, order.discountCodes.map(({ code }) => code)], [[], ["CARLA9"]], "what the order carries");
    await screens.openOrder(`#${order.number}`);
    await screens.shows("Carla Weit", ...shown(order, "CARLA9"));
    await guest.context.close();
    await agree(scene);
  });
}

async function withstand({ stack, judge, life }: Scene): Promise<void> {
  await judge.step("a shop cannot send another shop's bodies", () => sendStrangers(stack));
  await judge.step("a hundred webhooks with a dead token renew it once, and none fails", async () => {
    judge.note("refreshes", (await burst(stack, life.sold[0]?.order.id ?? "")).refreshes);
  });
}

async function leaveAndReturn(scene: Scene): Promise<void> {
  const { stack, eyes, judge, life, staff, screens, buyer } = scene;
  const { site } = stack.standin;
  const { webhooks } = site;
  await judge.step("the app is uninstalled, and still answers what the law asks", async () => {
    await screens.uninstall();
    for (const topic of ["customers/data_request", "customers/redact"] as const) {
      site.compliance(DOMAIN, topic, "7712004455661");
    }
    await webhooks.settled();
    const last = webhooks.deliveries.slice(-3).map(({ topic, statuses }) => [topic, statuses]);
    const wanted = ["app/uninstalled", "customers/data_request", "customers/redact"].map((topic) => [topic, [200]]);
    same(last, wanted, "the answers");
    same((await stack.askToken(DOMAIN)).status, 404, "the answer to a question for a token of a shop that left");
  });
  await judge.step("it is installed again, without a second sign-in, and a late goodbye changes nothing", async () => {
    await screens.install();
    await staff.page.getByText("Welcome back. The shop is connected to Greenleaf again.").waitFor();
    await screens.shows("Orders of distributors");
    await eyes.shot(staff.page, "back-again");
    const goodbye = webhooks.deliveries.find(({ topic }) => topic === "app/uninstalled");
    if (goodbye) webhooks.repeat({ ...goodbye, webhookId: crypto.randomUUID() });
    await webhooks.settled();
    same((await stack.askToken(DOMAIN)).status, 200, "the answer to a question for a token afterwards");
    await screens.open("/app/orders");
    await buyer.visit("?ref=BEN12");
    await buyer.carries("BEN12");
    await buyer.add("daily-greens");
    await buyer.checkOut();
    const order = await buyer.pay();
    life.note(order, "BEN12");
    await screens.openOrder(`#${order.number}`);
    await screens.shows("Ben Kurz");
  });
}
