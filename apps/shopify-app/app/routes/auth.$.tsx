import { SHOPIFYS_APP_BRIDGE } from "../../src/env.ts";
import { frameHeaders } from "../frame-headers.server.ts";
import { type LoaderFunctionArgs, partsIn } from "../framework/server.ts";
import { shopifyOf } from "../framework/shopify.ts";

/** The pages of Shopify's library: fetching a session token again, leaving the frame. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const parts = partsIn(context);
  try {
    await shopifyOf(parts).authenticate.admin(request);
  } catch (answer) {
    if (!(answer instanceof Response)) throw answer;
    const headers = new Headers(answer.headers);
    frameHeaders(parts, request, headers);
    // The library writes Shopify's address of App Bridge into its page, whatever is set.
    const page = (await answer.text()).replace(SHOPIFYS_APP_BRIDGE, parts.env.appBridgeUrl);
    throw new Response(page, { status: answer.status, headers });
  }
  return new Response(null, { status: 204 });
}
