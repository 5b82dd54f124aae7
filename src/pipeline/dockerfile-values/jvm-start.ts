/** Java and Kotlin: the class that starts a program, and what it wants to be told. */
import { shellWord } from "../../dockerfile/quote.ts";
import type { Source } from "../../source/open.ts";

/** What the build file names, else the class with a `main`; of several the one that is called like a server. */
export function mainClass(source: Source, build: string, module = "."): string | undefined {
  const named =
    /<(?:mainClass|main\.class|exec\.mainClass|start-class)>\s*([\w.$]+)\s*<\//.exec(build)?.[1] ??
    /(?:mainClass(?:\.set\(|Name)?\s*=?\s*\(?)\s*["']([\w.$]+)["']/.exec(build)?.[1] ??
    /["']?Main-Class["']?\s*[:=,]?\s*(?:to\s+)?["']([\w.$]+)["']/.exec(build)?.[1];
  if (named !== undefined) return named;
  const at = module === "." ? "" : `${module}/`;
  const found: string[] = [];
  for (const file of source.glob([`${at}src/main/java/**/*.java`, `${at}src/main/kotlin/**/*.kt`])) {
    const text = source.read(file) ?? "";
    const kotlin = file.endsWith(".kt");
    const starts = kotlin
      ? /^(?:suspend )?fun main\(/m.test(text)
      : /\bstatic\s+(?:final\s+)?void\s+main\s*\(|^\s*void main\s*\(/m.test(text);
    if (!starts) continue;
    const pack = /^\s*package\s+([\w.]+)/m.exec(text)?.[1];
    const name = file.replace(/^.*\//, "").replace(/\.(?:java|kt)$/, "");
    const type = kotlin
      ? (/^@file:JvmName\("(\w+)"\)/m.exec(text)?.[1] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Kt`)
      : name;
    found.push(pack === undefined ? type : `${pack}.${type}`);
  }
  return found.find((name) => /(?:Application|Main|App|Server)(?:Kt)?$/.test(name)) ?? found[0];
}

interface StartArguments {
  /** Added to the build: files that the program reads. */
  copy: string;
  /** Before the class or jar, a blank behind. */
  properties: string;
  /** Behind it. */
  words: string;
}

/** Dropwizard is told `server` and a file, whose port a property replaces. */
export function dropwizardArguments(framework: string | null, source: Source, module: string): StartArguments {
  if (framework !== "dropwizard") return { copy: "", properties: "", words: "" };
  const at = module === "." ? "" : `${module}/`;
  const files = source.glob([`${at}*.yml`, `${at}*.yaml`, `${at}config/*.yml`]);
  const file =
    files.find((path) => /^server:/m.test(source.read(path) ?? "")) ?? files.find((path) => /config/.test(path));
  if (file === undefined) return { copy: "", properties: "", words: " server" };
  const text = source.read(file) ?? "";
  const connectors = /^\s+(application_?connectors):/im.exec(text)?.[1] ?? "applicationConnectors";
  const key = /^\s+type:\s*simple\b/m.test(text) ? "connector.port" : `${connectors}[0].port`;
  return {
    copy: ` && cp ${shellWord(file)} /out/config.yml`,
    properties: `'-Ddw.server.${key}='\${PORT:-8080} `,
    words: " server config.yml",
  };
}
