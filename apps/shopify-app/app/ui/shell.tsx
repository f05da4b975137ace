import { AppProvider } from "@shopify/polaris";
import german from "@shopify/polaris/locales/de.json" with { type: "json" };
import english from "@shopify/polaris/locales/en.json" with { type: "json" };
import { createElement, type ReactNode, useEffect } from "react";
import { Link, useNavigate, useNavigation } from "../framework/client.ts";
import type { TextKey } from "../i18n/speak.ts";
import { useAddress } from "./address.ts";
import { useSpeech } from "./speech.ts";

const POLARIS_TEXTS = { en: english, de: german };

const PLACES: readonly [path: string, text: TextKey][] = [
  ["/app/orders", "nav.orders"],
  ["/app/products", "nav.products"],
  ["/app/distributors", "nav.distributors"],
  ["/app/settings", "nav.settings"],
  ["/app/health", "nav.health"],
];

/** What is around every page: Polaris, the menu that Shopify's admin shows, and its loading bar. */
export function Shell({ isConnected, children }: { readonly isConnected: boolean; readonly children: ReactNode }) {
  const { locale, text } = useSpeech();
  const address = useAddress();
  useShopifyNavigation();
  useLoadingBar();
  return (
    <AppProvider i18n={POLARIS_TEXTS[locale]} linkComponent={PolarisLink}>
      <Menu>
        <a href={address("/app")} rel="home">
          {text("nav.home")}
        </a>
        {isConnected &&
          PLACES.map(([path, key]) => (
            <a key={path} href={address(path)}>
              {text(key)}
            </a>
          ))}
      </Menu>
      {children}
    </AppProvider>
  );
}

/** App Bridge's element, whose own types want a single child. */
function Menu({ children }: { readonly children: ReactNode }) {
  return createElement("s-app-nav", null, children);
}

/** The admin shows the menu outside of the frame and says which link was followed. */
function useShopifyNavigation(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const follow = (event: Event) => {
      const href = event.target instanceof Element ? event.target.getAttribute("href") : null;
      if (href) navigate(href);
    };
    document.addEventListener("shopify:navigate", follow);
    return () => document.removeEventListener("shopify:navigate", follow);
  }, [navigate]);
}

function useLoadingBar(): void {
  const isLoading = useNavigation().state !== "idle";
  useEffect(() => {
    window.shopify?.loading?.(isLoading);
  }, [isLoading]);
}

interface PolarisLinkProps {
  readonly url?: string;
  readonly external?: boolean;
  readonly target?: string;
  readonly children?: ReactNode;
}

function PolarisLink({ url = "", external, target, children, ...rest }: PolarisLinkProps) {
  const address = useAddress();
  if (external || target === "_top" || target === "_blank" || /^https?:/.test(url))
    return (
      <a href={url} target={target ?? "_blank"} rel="noreferrer" {...rest}>
        {children}
      </a>
    );
  return (
    <Link to={address(url)} {...rest}>
      {children}
    </Link>
  );
}
