/** What happens to orders after they are placed; between two changes the shop's cron runs, so that the hub sees both. */
import type { Run } from "./placed.ts";

type Scene = Pick<Run, "shop" | "placed">;
const LINK = { link: "ANNA77" };

export async function invoiceInParts({ shop, placed }: Scene): Promise<void> {
  const first = { quantities: [1, 0] };
  await shop.inside("invoice", { order: await placed.buy("ANNA77", { link: "anna77" }), ...first });
  const whole = await placed.buy("BEN12", { coupon: "e2e-ben" });
  await shop.inside("invoice", { order: whole, ...first });
  await shop.inside("deliver");
  await shop.inside("invoice", { order: whole });
  await shop.inside("ship", { order: whole });
  const rest = await placed.buy("ANNA77", LINK);
  await shop.inside("invoice", { order: rest, ...first });
  await shop.inside("cancel", { order: rest });
}

export async function giveBack({ shop, placed }: Scene): Promise<void> {
  const memo = async (order: number, change: object): Promise<void> =>
    void (await shop.inside("creditmemo", { order, ...change }));
  await memo(await placed.sell("ANNA77", LINK), { quantities: [1, 0] });
  await memo(await placed.sell("ANNA77", LINK), { quantities: [1, 1], fee: 2.5 });
  await memo(await placed.sell("CARLA9", { typed: "CARLA9" }), { quantities: [0, 0], more: 10 });
  await memo(await placed.sell("BEN12", { coupon: "e2e-ben" }), { quantities: [2, 1], shipping: 15 });
  const often = await placed.sell("BEN12", { coupon: "e2e-ben" });
  await memo(often, { quantities: [1, 0] });
  await shop.inside("deliver");
  await memo(often, { quantities: [0, 1], more: 4.01 });
  await shop.inside("deliver");
  await memo(often, { quantities: [0, 0], shipping: 15 });
}

export async function stop({ shop, placed }: Scene): Promise<void> {
  const cancelled = await placed.buy("ANNA77", LINK);
  await shop.inside("deliver");
  await shop.inside("cancel", { order: cancelled });
  const held = await placed.sell("ANNA77", LINK);
  await shop.inside("deliver");
  await shop.inside("hold", { order: held });
}

/** The shop's people say later whose an order is, or that it is nobody's. */
export async function correctCodes({ shop, placed }: Scene): Promise<void> {
  const moved = await placed.sell("BEN12", LINK);
  const cleared = await placed.sell(null, LINK);
  await shop.inside("deliver");
  await shop.inside("correct", { order: moved, code: "BEN12" });
  await shop.inside("correct", { order: cleared, code: null });
  await shop.inside("deliver");
}
