/** The address that a program's own settings file gives its server: `config.toml`, `conf/app.ini`, `settings.yaml`. */
import { leftOut } from "../project.ts";

const FILE =
  /(^|\/)(conf|config|configs|etc|settings)\/[\w.-]+\.(toml|ya?ml|ini|cfg|json)$|^(config|settings|app|server|default)(\.default|\.prod(uction)?)?\.(toml|ya?ml|ini|cfg)$/;
const SECTION = /^(server|http|web|app|application|listen|listener|api|service)$/i;

/**
 * An address with a port under `name`, in a section of the server or at the top. A bare `host` says too little: it is
 * mostly that of a database.
 */
export function ownSetting(texts: ReadonlyMap<string, string>, name: string): string | undefined {
  const key = name.replace(/[-_]/g, "").toLowerCase();
  for (const [path, text] of texts) {
    if (!FILE.test(path) || leftOut(path)) continue;
    let section = "";
    for (const line of text.split("\n")) {
      const header = /^\s*\[([\w.-]+)\]\s*$|^["']?(\w+)["']?\s*:\s*\{?\s*$/.exec(line);
      if (header) section = (header[1] ?? header[2]) as string;
      const m = /^(\s*)["']?([\w-]+)["']?\s*[:=]\s*["']?([^"'\s#,]+)["']?\s*,?\s*(?:#.*)?$/.exec(line);
      if (!m || (m[2] as string).replace(/[-_]/g, "").toLowerCase() !== key) continue;
      if (/^(\[[\da-f:]+\]|[\w.-]*):\d{2,5}$/i.test(m[3] as string) && (section === "" || SECTION.test(section)))
        return m[3];
    }
  }
  return undefined;
}
