import { answerOf, type BodyOf } from "@upline/hub/client";
import { hub } from "../../shared/hub.ts";

export type PeriodDetail = BodyOf<Awaited<ReturnType<(typeof hub.periods)[":period_id"]["$get"]>>>;

export const periodQuery = (periodId: string) => ({
  queryKey: ["period", periodId],
  queryFn: () => answerOf(hub.periods[":period_id"].$get({ param: { period_id: periodId } })),
});
