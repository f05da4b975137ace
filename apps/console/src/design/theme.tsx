import { type CSSVariablesResolver, createTheme, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";

/** The company's accent, from light to dark; the seventh is the one that is used. */
const ACCENT = [
  "#e6f0f3",
  "#c9dfe5",
  "#a9cbd5",
  "#7fb2c1",
  "#4f93a7",
  "#27768d",
  "#0e5a70",
  "#0a4758",
  "#083845",
  "#052831",
] as const;

const theme = createTheme({
  colors: { accent: ACCENT },
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 3 },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  defaultRadius: "6px",
  cursorType: "pointer",
  respectReducedMotion: true,
});

/** What the library draws by itself takes its colours from `tokens.css`, which is the one place for them. */
const variables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-3)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-border": "var(--edge)",
    "--mantine-color-default-hover": "var(--surface-3)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-hover)",
    "--mantine-font-size-sm": "14px",
  },
  light: {},
  dark: {},
});

/** By which the hub's policy knows the styles that belong to the page; no policy stands before the pages of development. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// The library of the dialogs that keeps the page behind from scrolling makes a style of its own, and asks for the nonce where bundlers put it.
Object.assign(globalThis, { __webpack_nonce__: nonce() });

export function Design({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={nonce}>
      {children}
    </MantineProvider>
  );
}
