/** What buyers do in a run: each way by which a code comes to an order, and each kind of goods, tax and currency. */

import { buyAndSignIn, buyAs, buyByGraphQl, collect, register } from "./buyers.ts";
import { sendToTwo } from "./by-address.ts";
import type { Run } from "./placed.ts";

type Scene = Pick<Run, "shop" | "placed">;

/** Enough of everything to tell each of the mutants. */
export async function runShort({ shop, placed }: Scene): Promise<void> {
  await placed.sell("ANNA77", { link: "ANNA77" });
  await placed.sell("CARLA9", { link: "ANNA77", typed: "carla9" });
  await placed.buy("BEN12", { coupon: "e2e-ben" });
  await shop.inside("creditmemo", { order: await placed.sell("ANNA77", { link: "ANNA77" }), quantities: [1, 0] });
}

export async function buyAsGuests({ shop, placed }: Scene): Promise<void> {
  await placed.sell("CARLA9", { link: "ANNA77", typed: "carla9" });
  await placed.buy("BEN12", { coupon: "e2e-ben" });
  await placed.sell(null, { link: "ANNA77", typed: "" });
  await placed.buy(null, {});
  const { orderId } = await buyByGraphQl(shop, "anna77");
  placed.note(orderId, "ANNA77");
  await shop.inside("invoice", { order: orderId });
}

export async function buyAsCustomers({ shop, placed }: Scene): Promise<void> {
  const customer = await register(shop);
  const sold = async (code: string | null, { orderId }: { orderId: number }): Promise<void> => {
    placed.note(orderId, code);
    await shop.inside("invoice", { order: orderId });
  };
  await sold("BEN12", await buyAs(shop, customer, { link: "BEN12" }));
  await sold("CARLA9", await buyAs(shop, customer, { link: "BEN12", typed: "CARLA9" }));
  // An older cart waits in the account: what the guest's cart says is the newer word.
  await collect(shop, customer, { typed: "BEN12", goods: { "E2E-TEA": 2 } });
  await sold("ANNA77", await buyAndSignIn(shop, customer, { typed: "ANNA77" }));
  await collect(shop, customer, { typed: "BEN12", goods: { "E2E-TEA": 1 } });
  await sold("BEN12", await buyAndSignIn(shop, customer, {}));
}

/** One cart that becomes an order for each address: whose it is goes to all of them, and nothing of the goods to two. */
export async function sellToTwoAddresses({ shop, placed }: Scene): Promise<void> {
  const customer = await register(shop);
  const goods = { "E2E-KIT": 3, "E2E-TEA": 2, "E2E-SHIRT": 1 };
  const sold = async (code: string | null, orders: readonly number[]): Promise<readonly number[]> => {
    for (const order of orders) {
      placed.note(order, code);
      await shop.inside("invoice", { order });
    }
    return orders;
  };
  await collect(shop, customer, { goods });
  await sold("ANNA77", await sendToTwo(shop, { customer, link: "ANNA77" }));
  await collect(shop, customer, { goods, typed: "CARLA9" });
  const [first = 0] = await sold("CARLA9", await sendToTwo(shop, { customer, link: "ANNA77" }));
  await shop.inside("creditmemo", { order: first, quantities: [1, 0] });
  await collect(shop, customer, { goods, coupon: "e2e-ben" });
  await sold("BEN12", await sendToTwo(shop, { customer }));
}

/** By telephone, and changed afterwards: the order that takes another's place is whoever's the first was. */
export async function sellByTelephone({ shop, placed }: Scene): Promise<void> {
  placed.note(Number(await shop.inside("admin-order")), null);
  const withCoupon = Number(await shop.inside("admin-order", { coupon: "e2e-ben" }));
  placed.note(withCoupon, "BEN12");
  await shop.inside("invoice", { order: withCoupon });
  const changed = await placed.buy("CARLA9", { typed: "CARLA9", link: "ANNA77" });
  const instead = Number(await shop.inside("admin-edit", { order: changed }));
  placed.note(instead, "CARLA9");
  await shop.inside("invoice", { order: instead });
}

/** Goods whose money is in the parent's row, in the parts' rows, or in both. */
export async function sellComposedGoods({ shop, placed }: Scene): Promise<void> {
  const goods = { "E2E-SHIRT": 2, "E2E-BOX": 2, "E2E-SET": 1, "E2E-TEA": 1 };
  await placed.buy("ANNA77", { link: "ANNA77", goods });
  await placed.sell("BEN12", { link: "ANNA77", goods, coupon: "e2e-ben", typed: "ANNA77" });
  // The table's rows: shirt and its size, box and two parts, set and two parts, tea.
  const back = await placed.sell("CARLA9", { typed: "CARLA9", goods });
  await shop.inside("creditmemo", { order: back, quantities: [1, 1, 1, 1, 2, 0, 0, 0, 0] });
  await shop.inside("deliver");
  await shop.inside("creditmemo", { order: back, quantities: [0, 0, 0, 0, 0, 1, 1, 2, 1], more: 7.77 });
  const parts = await placed.buy("BEN12", { typed: "BEN12", goods });
  await shop.inside("invoice", { order: parts, quantities: [1, 1, 1, 1, 2, 0, 0, 0, 0] });
}

/** Prices that include tax, with a discount that is taken from the taxed price. */
export async function sellWithTaxIncluded({ shop, placed }: Scene): Promise<void> {
  const path = "tax/calculation/price_includes_tax";
  await shop.inside("config", { path, value: "1" });
  try {
    const basket = { coupon: "e2e-ben" };
    await placed.buy("BEN12", basket);
    const partly = await placed.sell("BEN12", { ...basket, goods: { "E2E-KIT": 3, "E2E-BOX": 1, "E2E-SHIRT": 1 } });
    await shop.inside("creditmemo", { order: partly, quantities: [1, 0, 0, 0, 1, 1], shipping: 5 });
    await shop.inside("creditmemo", { order: await placed.sell("BEN12", basket), quantities: [0, 0], more: 3.33 });
    await shop.inside("creditmemo", { order: await placed.sell("BEN12", basket), quantities: [2, 1], fee: 4.44 });
  } finally {
    await shop.inside("config", { path, value: "0" });
  }
}

/** A store view whose buyers pay in another currency: commissions are of the shop's own. */
export async function sellInOtherCurrency({ shop, placed }: Scene): Promise<void> {
  const view = "e2e_eur";
  await placed.buy("ANNA77", { link: "ANNA77", view });
  const partly = await placed.buy("BEN12", { coupon: "e2e-ben", view });
  await shop.inside("invoice", { order: partly, quantities: [1, 1] });
  await shop.inside("creditmemo", { order: partly, quantities: [0, 1], more: 1.11 });
  const back = await placed.sell("CARLA9", { typed: "CARLA9", view, goods: { "E2E-SET": 1, "E2E-BOX": 1 } });
  await shop.inside("creditmemo", { order: back, quantities: [1, 1, 2, 0, 0, 0], fee: 2.22 });
}
