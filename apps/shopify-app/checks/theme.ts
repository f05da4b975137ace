import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { themeCheckRun } from "@shopify/theme-check-node";

/** What Shopify's own theme check holds against a theme app extension; `folder` is absolute. */
export async function checkTheme(folder: string): Promise<{ readonly files: number; readonly errors: readonly string[] }> {
  const settings = mkdtempSync(join(tmpdir(), "theme-check-"));
  try {
    const config = join(settings, "theme-check.yml");
    writeFileSync(config, "extends: theme-check:theme-app-extension\n");
    const { offenses, theme } = await themeCheckRun(folder, config);
    const errors = offenses.map(
      ({ check, message, uri, severity }) => `${severity} ${check} ${uri.split("/").at(-1)}: ${message}`,
    );
    // A folder that it cannot read has no fault, says the tool; so the files it saw are told as well.
    return { files: theme.length, errors };
  } finally {
    rmSync(settings, { recursive: true });
  }
}
