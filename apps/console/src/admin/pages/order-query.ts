import { answerOf, type BodyOf } from "@upline/hub/client";
import { hub } from "../../shared/hub.ts";

export type OrderDetail = BodyOf<Awaited<ReturnType<(typeof hub.orders)[":order_id"]["$get"]>>>;

export const orderQuery = (orderId: string) => ({
  queryKey: ["order", orderId],
  queryFn: () => answerOf(hub.orders[":order_id"].$get({ param: { order_id: orderId } })),
});
