import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import type { ReactNode } from "react";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from "./framework/client.ts";
import { type LoaderFunctionArgs, partsIn } from "./framework/server.ts";
import { localeOf } from "./i18n/locale.ts";
import { Failure } from "./ui/failure.tsx";
import styles from "./ui/styles.css?url";

export const links = () => [
  { rel: "stylesheet", href: polarisStyles },
  { rel: "stylesheet", href: styles },
];

export const meta = () => [{ title: "Upline" }];

/** Knows no shop and no database: every document, an error's too, needs what it says. */
export function loader({ request, context }: LoaderFunctionArgs) {
  const { env } = partsIn(context);
  return { apiKey: env.apiKey, appBridgeUrl: env.appBridgeUrl, locale: localeOf(request.url) };
}

export function Layout({ children }: { readonly children: ReactNode }) {
  const root = useRouteLoaderData<typeof loader>("root");
  return (
    <html lang={root?.locale ?? "en"}>
      <head>
        {/* First, and neither async nor deferred: Shopify's rule. */}
        {root && <script data-api-key={root.apiKey} src={root.appBridgeUrl} />}
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <Failure />;
}
