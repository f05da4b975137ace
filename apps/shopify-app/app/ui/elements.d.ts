import type { DetailedHTMLProps, HTMLAttributes } from "react";

type Element<Own = object> = DetailedHTMLProps<HTMLAttributes<HTMLElement> & Own, HTMLElement>;

/** App Bridge's elements, and of what it gives to the page as much as the screens use. */
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ui-title-bar": Element<{ title?: string }>;
    }
  }
}

declare global {
  interface Window {
    readonly shopify?: {
      readonly toast?: { show(text: string, options?: { isError?: boolean }): void };
      readonly scopes?: { request(scopes: readonly string[]): Promise<{ readonly result: string }> };
      readonly loading?: (isLoading: boolean) => void;
      readonly app?: { extensions?(): Promise<readonly AppExtension[]> };
    };
  }

  interface AppExtension {
    readonly handle: string;
    readonly type?: string;
    readonly activations?: readonly { readonly handle?: string; readonly status?: string }[];
  }
}
