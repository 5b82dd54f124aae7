/** Credentials for archives: apt_auth.conf(5), netrc-like files that only name hosts (and paths) with login and password. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `login:password` for a URL; undefined when apt has none for it. An entry without a scheme counts for https only. */
export function findAptCredentials(aptDir: string, url: URL): string | undefined {
  for (const file of authFiles(aptDir)) {
    const tokens = file
      .replace(/^\s*#.*$/gm, "")
      .split(/\s+/)
      .filter(Boolean);
    let machine: string | undefined;
    let login = "";
    for (let i = 0; i + 1 < tokens.length; i += 2) {
      const [key, value = ""] = [tokens[i], tokens[i + 1]];
      if (key === "machine") {
        machine = value;
        login = "";
      } else if (key === "login") login = value;
      else if (key === "password" && machine !== undefined && matches(machine, url)) return `${login}:${value}`;
    }
  }
  return undefined;
}

function matches(machine: string, url: URL): boolean {
  const [, scheme = "https", rest = ""] = /^(?:(https?):\/\/)?(.*)$/.exec(machine) ?? [];
  if (`${scheme}:` !== url.protocol) return false;
  const slash = rest.indexOf("/");
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? "/" : rest.slice(slash);
  return (host === url.hostname || host === url.host) && url.pathname.startsWith(path);
}

function authFiles(aptDir: string): string[] {
  const names: string[] = [join(aptDir, "auth.conf")];
  try {
    const parts = join(aptDir, "auth.conf.d");
    names.push(
      ...readdirSync(parts)
        .sort()
        .map((name) => join(parts, name)),
    );
  } catch {
    // No such directory: nothing more to read.
  }
  return names.flatMap((name) => {
    try {
      return [readFileSync(name, "utf8")];
    } catch {
      return [];
    }
  });
}
