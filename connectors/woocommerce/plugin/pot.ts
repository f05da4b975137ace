/** Collects the plugin's texts into a template for translators (GNU gettext .pot). */

interface Text {
  readonly singular: string;
  readonly plural: string | null;
  readonly note: string | null;
  readonly places: string[];
}

const PHP_STRING = String.raw`'((?:[^'\\]|\\.)*)'`;
const CALL = new RegExp(
  String.raw`(?:/\*\s*(translators:.*?)\s*\*/\s*(?:[^;{}]{0,120}?))?\b(_n|__|_e|esc_html__|esc_html_e|esc_attr__|esc_attr_e)\(\s*${PHP_STRING}\s*,\s*(?:${PHP_STRING}\s*,[^;]*?)?'upline-woocommerce'`,
  "gs",
);

/** `files` maps a path inside the plugin to its PHP source; the same files give the same template. */
export function translationTemplate(files: ReadonlyMap<string, string>, version: string): string {
  const texts = new Map<string, Text>();
  for (const [path, source] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const match of source.matchAll(CALL)) {
      const [, note, call, rawSingular = "", rawPlural] = match;
      const singular = unquote(rawSingular);
      const plural = call === "_n" && rawPlural !== undefined ? unquote(rawPlural) : null;
      const known = texts.get(singular) ?? { singular, plural, note: note ?? null, places: [] };
      if (!known.places.includes(path)) known.places.push(path);
      texts.set(singular, known);
    }
  }
  return [header(version), ...[...texts.values()].map(entry)].join("\n");
}

function header(version: string): string {
  const fields = [
    `Project-Id-Version: Upline for WooCommerce ${version}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "Content-Transfer-Encoding: 8bit",
    "X-Domain: upline-woocommerce",
  ];
  return `msgid ""\nmsgstr ""\n${fields.map((field) => `"${field}\\n"`).join("\n")}\n`;
}

function entry({ singular, plural, note, places }: Text): string {
  const lines = note ? [`#. ${note}`] : [];
  lines.push(...places.map((place) => `#: ${place}`));
  if (/%(\d\$)?[sd]/.test(singular)) lines.push("#, php-format");
  lines.push(`msgid ${quote(singular)}`);
  lines.push(...(plural === null ? ['msgstr ""'] : [`msgid_plural ${quote(plural)}`, 'msgstr[0] ""', 'msgstr[1] ""']));
  return `${lines.join("\n")}\n`;
}

const unquote = (text: string): string => text.replaceAll(/\\(['\\])/g, "$1");
const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
