/** The address that a program's own settings file gives its server: `config.toml`, `conf/app.ini`, `settings.yaml`. */
import { leftOut } from "../project.ts";

const FILE =
  /(^|\/)(conf|config|configs|etc|settings)\/[\w.-]+\.(toml|ya?ml|ini|cfg|json)$|(^|\/)(config|settings|app|server|defaults?)([.-]default|\.prod(uction)?)?\.(toml|ya?ml|ini|cfg)$/;
/** Any other file of settings: only where the section is the very one that the program reads. */
const SETTINGS = /\.(toml|ya?ml|ini|cfg|conf|json)$/;
const NO_SETTINGS = /(^|\/)(package|tsconfig|composer|[\w.-]*lock|docker-compose|compose)[\w.-]*\.\w+$|(^|\/)\./;
const SECTION = /^(server|http|web|app|application|listen|listener|api|service)$/i;

/**
 * An address with a port under `name`, or a host that has a port beside it, in a section of the server or of `owner`, or
 * at the top. A host elsewhere is mostly that of a database.
 */
export function ownSetting(
  texts: ReadonlyMap<string, string>,
  name: string,
  owner: string | undefined,
): string | undefined {
  const key = plain(name);
  for (const [path, text] of texts) {
    const usual = FILE.test(path);
    if (leftOut(path) || (!usual && (owner === undefined || !SETTINGS.test(path) || NO_SETTINGS.test(path)))) continue;
    for (const [section, values] of sectionsOf(path, text)) {
      // `config.channel.inet` is `inet` in the section `channel`.
      const own = owner !== undefined && plain(section) === plain(owner);
      if (!own && !usual) continue;
      if (section !== "" && !own && !SECTION.test(section)) continue;
      const value = values.get(key);
      if (value === undefined) continue;
      if (/^(\[[\da-f:]+\]|[\w.-]*):\d{2,5}$/i.test(value)) return value;
      if (/^(host|hostname|address|bind|ip)$/.test(key) && /^\d+$/.test(values.get("port") ?? "")) return value;
    }
  }
  return undefined;
}

function plain(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** Plain values by section, as far as lines show them: TOML, INI, two levels of YAML and JSON. */
function sectionsOf(path: string, text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = "";
  for (const line of text.split("\n")) {
    const header = /^\s*\[([\w.-]+)\]\s*$|^["']?(\w+)["']?\s*:\s*\{?\s*$/.exec(line);
    if (header) section = (header[1] ?? header[2]) as string;
    const m = /^(\s*)["']?([\w-]+)["']?\s*[:=]\s*["']?([^"'\s#,]+)["']?\s*,?\s*(?:#.*)?$/.exec(line);
    if (!m) continue;
    // In YAML what stands at the edge belongs to no section.
    if (/\.ya?ml$/.test(path) && m[1] === "") section = "";
    const values = sections.get(section) ?? new Map<string, string>();
    sections.set(section, values.set(plain(m[2] as string), m[3] as string));
  }
  return sections;
}
