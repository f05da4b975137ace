import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The rules that both shops' software follows, without a word of WordPress or Magento: what a code is, how a delivery is signed,
 * when it is tried again. They live in the WooCommerce plugin; the module has them under its own name, because a shop installs
 * one of the two. `pnpm generate` writes them; a test fails where one is not current. Magento's coding standard wants no final
 * class.
 */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FROM = "connectors/woocommerce/plugin/src/Domain";
const TO = "connectors/magento/module/Domain";
/** Kept in Magento by its own encryption. */
const LEFT_OUT = ["Sealed.php"];

export function domainFiles(): Record<string, string> {
  const names = globSync("*.php", { cwd: join(ROOT, FROM) }).filter((name) => !LEFT_OUT.includes(name));
  return Object.fromEntries(
    names.sort().map((name) => {
      const source = readFileSync(join(ROOT, FROM, name), "utf8");
      const named = source.replaceAll("Upline\\WooCommerce\\", "Upline\\Connector\\");
      const open = named.replace("\nfinal class ", "\nclass ");
      return [`${TO}/${name}`, open.replace("\n\n", `\n\n// Made by \`pnpm generate\` from ${FROM}/${name}: change it there.\n`)];
    }),
  );
}
