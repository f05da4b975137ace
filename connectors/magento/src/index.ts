import { type Platform, sourceOfBody } from "@upline/core";
import { normalise } from "./normalise.ts";
import { verify } from "./verify.ts";

/** Magento 2: deliveries of the Upline module. */
export const magento: Platform = { name: "magento", verify, normalise, sourceOfBody };
