import { type LoaderFunctionArgs, partsIn, redirect } from "../framework/server.ts";
import { guardPage } from "../guard-page.server.ts";

/** Shopify opens the app here; the pages are below /app. */
export function loader({ request, context }: LoaderFunctionArgs): Response {
  const { search, searchParams } = new URL(request.url);
  return searchParams.has("shop") ? redirect(`/app${search}`) : guardPage(partsIn(context), request);
}
