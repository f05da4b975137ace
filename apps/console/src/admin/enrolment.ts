import type { BodyOf } from "@upline/hub/client";
import type { hub } from "../shared/hub.ts";

/** How the company takes in distributors, as the hub answers it. */
export type EnrolmentSettings = BodyOf<Awaited<ReturnType<(typeof hub)["enrolment-settings"]["$get"]>>>;
export type AskedField = EnrolmentSettings["fields"][number];
export type AskedConsent = EnrolmentSettings["consents"][number];
