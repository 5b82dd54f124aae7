/** Java frameworks that are configured rather than called: Spring Boot, Quarkus, Micronaut, Dropwizard, Ktor. */
import { escaped } from "../../base/escaped.ts";
import type { FactSink } from "../collect.ts";
import { blankComments } from "../comments.ts";
import { emptyReach, type FactValue, type Listener, type Place } from "../facts.ts";
import { FACTORY } from "../java/catalogue.ts";
import { leftOut } from "../project.ts";
import { dropwizardFacts } from "./dropwizard.ts";
import { helidonFacts } from "./helidon.ts";
import { readHocon } from "./hocon.ts";
import { jvmDefaults } from "./jvm-defaults.ts";
import { type Properties, type Property, propertyValue, readProperties, readYaml } from "./properties.ts";
import { propertiesInCode, SOMETIMES } from "./spring-code.ts";

export interface JavaConfigContext {
  texts: ReadonlyMap<string, string>;
  imageEnv: Readonly<Record<string, string>>;
  sink: FactSink;
}

const VERSION =
  /spring-boot-starter-parent<\/artifactId>\s*<version>\s*(\d+)\.(\d+)|org\.springframework\.boot["')\]\s]{0,40}(?:version\s{0,40}[("]{0,9}|:)\s{0,40}["']?(\d+)\.(\d+)|spring-?boot\w{0,40}\s{0,40}=\s{0,40}["']?(\d+)\.(\d+)|<spring[.-]?boot[\w.-]*version>\s*(\d+)\.(\d+)|spring-boot-dependencies<\/artifactId>\s*<version>\s*(\d+)\.(\d+)/gi;
/** What brings Spring's web server with it. */
const STARTERS =
  /spring-boot-starter-(web|webflux|jersey|graphql|tomcat|jetty|undertow|data-rest|websocket|webmvc|thymeleaf)|spring-cloud-(starter-gateway|starter-netflix-eureka-server|config-server)|spring-boot-admin-(starter-)?server/;
/** Code that handles requests by Spring's own classes; what only declares a client, or draws windows, is no such controller. */
const handles = (code: string): boolean =>
  /^@(?:Rest)?Controller\b/m.test(code) && /^import\s+org\.springframework\.web\./m.test(code);

export function javaConfigFacts(context: JavaConfigContext): void {
  const { texts } = context;
  const builds = [...texts]
    .filter(([p]) => /(^|\/)(pom\.xml|build\.gradle(\.kts)?|libs\.versions\.toml)$/.test(p) && !leftOut(p))
    .map(([, t]) => t)
    .join("\n");
  const ofKtor = (code: string): boolean => /\bio\.ktor\.server\b/.test(code);
  if (/ktor-server|io\.ktor/.test(builds) || [...texts].some(([p, t]) => p.endsWith(".kt") && !leftOut(p) && ofKtor(t)))
    ktor(context);
  if (!builds) return;
  if (
    STARTERS.test(builds) ||
    // A build that says nothing of its starters (a parent's, a catalogue's): who configures a server or handles requests has one.
    [...springProperties(context, "application").keys()].some((k) => /^server\.(port|address|ssl\.)/.test(k)) ||
    [...texts].some(([p, t]) => /\.(java|kt)$/.test(p) && !leftOut(p) && handles(t))
  )
    springBoot(context, builds);
  if (
    /io\.quarkus/.test(builds) &&
    /quarkus-(rest|resteasy|vertx|undertow|reactive|grpc|funqy|smallrye|spring-web)/.test(builds)
  )
    quarkus(context);
  if (/micronaut-http-server|io\.micronaut\.application/.test(builds)) micronaut(context);
  if (/io\.dropwizard\b/.test(builds)) dropwizardFacts(texts, context.sink);
  if (/io\.helidon/.test(builds)) helidonFacts(texts, context.sink);
  if (/armeria-spring/.test(builds)) armeria(context);
  jvmDefaults(texts, context.sink);
}

/** Files that hold the configuration in force: the plain one, and those of the active profiles. */
function springProperties({ texts, imageEnv }: JavaConfigContext, name: string): Properties {
  const files: { profile: string | undefined; properties: Properties }[] = [];
  for (const [path, text] of texts) {
    const m = new RegExp(`(^|/)${name}(?:-([\\w-]+))?\\.(properties|ya?ml)$`).exec(path);
    if (!m || leftOut(path) || /(^|\/)(target|build|bin)\//.test(path)) continue;
    for (const p of m[3] === "properties" ? [readProperties(path, text)] : readYaml(path, text)) {
      const own = p.get("spring.config.activate.on-profile")?.value ?? p.get("spring.profiles")?.value;
      files.push({ profile: m[2] ?? own, properties: p });
    }
  }
  const all: Properties = new Map();
  for (const f of files) if (!f.profile) for (const [k, v] of f.properties) all.set(relaxed(k), v);
  const active = (imageEnv["SPRING_PROFILES_ACTIVE"] ?? all.get("spring.profiles.active")?.value ?? "")
    .split(",")
    .map((s) => s.replace(/^\$\{[^:}]*:?|\}$/g, "").trim());
  for (const f of files)
    if (f.profile && active.includes(f.profile)) for (const [k, v] of f.properties) all.set(relaxed(k), v);
  for (const [k, v] of all) all.set(k, filledIn(v, all));
  underVariable(all, "server.address", imageEnv);
  return all;
}

/** `ENV SERVER_ADDRESS=0.0.0.0`: what the image sets goes over what the file says. */
function underVariable(all: Properties, key: string, imageEnv: Readonly<Record<string, string>>): void {
  const said = all.get(key);
  const value = imageEnv[key.replace(/[.-]/g, "_").toUpperCase()];
  if (said && value !== undefined) all.set(key, { ...said, value });
}

/** `server.address=${app.bind}`, where `app.bind` is a property of its own. */
function filledIn(p: Property, all: Properties, depth = 0): Property {
  const key = /^\$\{([\w-]+(?:\.[\w-]+)+)(?::[^{}]*)?\}$/.exec(p.value)?.[1];
  const other = key === undefined ? undefined : all.get(relaxed(key));
  return other && depth < 5 ? { ...filledIn(other, all, depth + 1), place: p.place } : p;
}

/** Spring takes `keyStore` and `key_store` for `key-store`. */
function relaxed(key: string): string {
  return key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replace(/_/g, "-");
}

function springBoot(context: JavaConfigContext, builds: string): void {
  const { texts, sink } = context;
  const main = [...texts].find(
    ([p, t]) =>
      /\.(java|kt)$/.test(p) && !leftOut(p) && /@SpringBootApplication|SpringApplication\.run|runApplication</.test(t),
  );
  if (!main) return;
  const [file, text] = main;
  const at = Math.max(0, text.search(/@SpringBootApplication|SpringApplication|runApplication</));
  const here: Place = { file, start: at, end: at + 22 };
  const all = springProperties(context, "application");
  for (const [k, v] of springProperties(context, "bootstrap")) if (!all.has(k)) all.set(k, v);
  if (all.get("spring.main.web-application-type")?.value === "none") return;
  const port = all.get("server.port");
  const inCode = /setPort\(|"server\.port"|setDefaultProperties/.test(text);
  const shutdown = all.get("server.shutdown")?.value;
  // Two builds of one program may not agree: the later version is what may be in force.
  const besides = [...texts]
    .filter(([p]) => /(^|\/)(gradle\.properties|settings\.gradle(\.kts)?)$/.test(p))
    .map(([, t]) => t);
  const versions = [builds, ...besides]
    .flatMap((t) => [...t.matchAll(VERSION)])
    .map((m) => {
      const [major = 0, minor = 0] = m.slice(1).filter((n) => n !== undefined);
      return { major: Number(major), minor: Number(minor) };
    });
  const { major, minor } = versions.sort((a, b) => b.major - a.major || b.minor - a.minor)[0] ?? { major: 0, minor: 0 };
  // The parent, or the settings of the build, that say the version are not here: what it is stays open.
  const open = versions.length === 0 && /<parent>|\borg\.springframework\.boot["']/.test(builds);
  const graceful =
    shutdown === "graceful" || (shutdown !== "immediate" && (open || major > 3 || (major === 3 && minor >= 4)));
  const told = propertiesInCode(texts, String.raw`server\.address`);
  const address = all.get("server.address") ?? told.always.get("server.address");
  const factory = sink.listeners.filter((l) => l.framework === FACTORY);
  sink.listeners = sink.listeners.filter((l) => l.framework !== FACTORY);
  // What a bean says that is there in some environments only is not known to be said.
  const said = factory.filter((l) => !SOMETIMES.test(texts.get(l.place.file) ?? ""));
  const given = (slot: "host" | "port"): FactValue[] | undefined =>
    said.map((l) => l[slot]).find((v) => v.some((x) => x.kind !== "absent"));
  const host = given("host") ?? customizedHost(texts);
  const random = port && /^(0|-1)$/.test(port.value);
  if (!random)
    sink.listeners.push({
      ...listener("Spring Boot", port && { ...port }, address, here),
      port:
        given("port") ??
        customized(texts) ??
        (port ? propertyValue(port) : inCode ? codePort(text) : [{ kind: "absent" }]),
      ...(host ? { host } : {}),
      defaults: { port: 8080, host: "all" },
      handlesSigterm: graceful,
    });
  const certificates = "(?:key-store|certificate|bundle|key-alias|trust-certificate)";
  const { always: set, perhaps } = propertiesInCode(texts, String.raw`server\.ssl\.(?:enabled|${certificates})`);
  // A switch that may be set to anything is not known to be on.
  if (perhaps.has("server.ssl.enabled") || /^(?!true$)/.test(set.get("server.ssl.enabled")?.value ?? "true"))
    set.clear();
  // Switched on in so many words it speaks TLS, wherever its certificate comes from.
  const keys = all.get("server.ssl.enabled")?.value === "true" ? `(?:enabled|${certificates})` : certificates;
  tls(
    new Map([...set, ...all]),
    new RegExp(String.raw`^server\.ssl\.${keys}$`),
    "server.ssl.enabled",
    "Spring Boot's server.ssl",
    sink,
  );
  tls(
    all,
    /^grpc\.server\.security\.(certificate-chain|key-store)$/,
    "grpc.server.security.enabled",
    "grpc.server.security",
    sink,
  );
}

/** Armeria's own ports, beside Spring's or instead of them. */
function armeria(context: JavaConfigContext): void {
  const all = springProperties(context, "application");
  const port = all.get("armeria.ports[0].port");
  if (port && port.value !== "0")
    context.sink.listeners.push({
      ...listener("Armeria", port, all.get("armeria.ports[0].ip") ?? all.get("armeria.ports[0].address"), port.place),
      defaults: { host: "all" },
      handlesSigterm: true,
    });
}

/** `WebServerFactoryCustomizer<ConfigurableWebServerFactory> port() { return f -> f.setPort(port); }`, where it was not followed. */
function customized(texts: ReadonlyMap<string, string>): FactValue[] | undefined {
  for (const [path, text] of texts) {
    if (!/\.(java|kt)$/.test(path) || leftOut(path) || !/\bWebServerFactory(?:Customizer)?\b/.test(text)) continue;
    const given =
      SOMETIMES.test(text) || ADDITIONAL.test(text)
        ? undefined
        : /(?:\bsetPort\(|\.port\s*=)\s*([^;\n]*)/.exec(blankComments(text))?.[1];
    if (given === undefined) continue;
    const port = /^(\d+)\s*\)?\s*\}?$/.exec(given)?.[1];
    if (port !== undefined) return [{ kind: "literal", value: Number(port) }];
    return /"PORT"|\$\{PORT\b/.test(text) ? [{ kind: "env", name: "PORT" }] : [{ kind: "unknown" }];
  }
  return undefined;
}

/** Another connector beside the server's own, with a port and an address of its own. */
const ADDITIONAL = /\baddAdditionalTomcatConnectors\b|\bsetAdditionalTomcatConnectors\b|\.addConnector\(/;

/** `f -> f.setAddress(InetAddress.getLoopbackAddress())`, `it.address = InetAddress.getByName("localhost")`, whenever it is made. */
function customizedHost(texts: ReadonlyMap<string, string>): FactValue[] | undefined {
  for (const [path, text] of texts) {
    if (!/\.(java|kt)$/.test(path) || leftOut(path) || !/\bWebServerFactory(?:Customizer)?\b/.test(text)) continue;
    const code = blankComments(text);
    if (ADDITIONAL.test(code)) continue;
    const m =
      /(?:\bsetAddress\(|\.address\s*=)\s*(?:java\.net\.)?InetAddress\.(?:getLoopbackAddress\(\)|getByName\(\s*"(127\.0\.0\.1|localhost)"\s*\))/.exec(
        code,
      );
    if (!m || SOMETIMES.test(text) || /\bif\s*\([^;]*$/.test(code.slice(Math.max(0, m.index - 160), m.index))) continue;
    const at = { file: path, start: m.index, end: m.index + m[0].length };
    return [{ kind: "literal", value: m[1] ?? "127.0.0.1", at }];
  }
  return undefined;
}

/** `setDefaultProperties(Map.of("server.port", System.getenv("PORT")))` and its kin. */
function codePort(text: string): FactValue[] {
  if (/"PORT"/.test(text)) return [{ kind: "env", name: "PORT" }];
  const m = /"server\.port"\s*,\s*"?(\d+)/.exec(text);
  return m?.[1] ? [{ kind: "literal", value: Number(m[1]) }] : [{ kind: "unknown" }];
}

function quarkus(context: JavaConfigContext): void {
  const { texts, sink } = context;
  const all: Properties = new Map();
  for (const [path, text] of texts) {
    if (!/src\/main\/resources\/application\.(properties|ya?ml)$/.test(path) || leftOut(path)) continue;
    for (const p of path.endsWith("properties") ? [readProperties(path, text)] : readYaml(path, text))
      for (const [k, v] of p) {
        // Only the profile of production is in force.
        if (/^"?%(?!prod\.)/.test(k)) continue;
        all.set(k.replace(/^"?%prod"?\./, ""), v);
      }
  }
  underVariable(all, "quarkus.http.host", context.imageEnv);
  const build = [...texts.keys()].find((p) => /(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/.test(p)) as string;
  const here = all.get("quarkus.http.port")?.place ?? { file: build, start: 0, end: 0 };
  const l = listener("Quarkus", all.get("quarkus.http.port"), all.get("quarkus.http.host"), here);
  sink.listeners.push({ ...l, defaults: { port: 8080, host: "all" }, handlesSigterm: true });
  tls(
    all,
    /^quarkus\.http\.ssl\.certificate\.(files|key-files|key-store-file)|^quarkus\.tls(\..*)?\.key-store\.|^quarkus\.grpc\.server\.ssl\.(certificate|key|key-store)/,
    undefined,
    "Quarkus's TLS",
    sink,
  );
}

function micronaut(context: JavaConfigContext): void {
  const all = springProperties(context, "application");
  underVariable(all, "micronaut.server.host", context.imageEnv);
  const build = [...context.texts.keys()].find((p) => /(^|\/)(pom\.xml|build\.gradle(\.kts)?)$/.test(p)) as string;
  const port = all.get("micronaut.server.port");
  if (port && /^(-1|0)$/.test(port.value)) return;
  const l = listener(
    "Micronaut",
    port,
    all.get("micronaut.server.host"),
    port?.place ?? { file: build, start: 0, end: 0 },
  );
  context.sink.listeners.push({ ...l, defaults: { port: 8080, host: "all" }, handlesSigterm: true });
  tls(
    all,
    /^micronaut\.(server\.)?ssl\.(key-store\.path|build-self-signed)$/,
    "micronaut.server.ssl.enabled",
    "Micronaut's TLS",
    context.sink,
  );
}

/** `port = 8080` and, on the next line, `port = ${?PORT}`. */
function ktor({ texts, sink }: JavaConfigContext): void {
  const code = [...texts].flatMap(([p, t]) => (p.endsWith(".kt") && !leftOut(p) && t.includes(".conf") ? [t] : []));
  /** `CommandLineConfig(arrayOf("-config=rpc.conf"))` */
  const isNamed = (path: string, text: string): boolean => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    return (
      path.endsWith(".conf") && /\bktor\b/.test(text) && code.some((t) => new RegExp(`["/=]${escaped(name)}"`).test(t))
    );
  };
  for (const [path, text] of texts) {
    // Of the JVM's part of several platforms, or as Amper lays it: all but those of tests.
    const isUsual = /(^|\/)resources\/application\.(conf|ya?ml)$/.test(path);
    if (/test(?!imon)/i.test(path) || leftOut(path) || !(isUsual || isNamed(path, text))) continue;
    if (path.endsWith(".conf")) {
      // Comments become spaces, so that places stay.
      const conf = text.replace(/(^|\s)(?:#|\/\/)[^\n]*/g, (m) => m.replace(/[^\n]/g, " "));
      const written = readHocon(conf);
      const said = (key: string): string[] =>
        [...written].flatMap(([k, v]) => (k.endsWith(`deployment.${key}`) ? v : []));
      const lines = said("port");
      const addresses = said("host");
      if (lines.length === 0 && addresses.length === 0) continue;
      const deployment = Math.max(0, conf.search(/\bdeployment\b/));
      const start = deployment + Math.max(0, conf.slice(deployment).search(/\bport\s*[=:]/));
      const here: Place = { file: path, start, end: start + 20 };
      const values = lines.flatMap((value) => propertyValue({ value, place: here }));
      const hosts = unlessSet(addresses.flatMap((value) => propertyValue({ value, place: here })));
      sink.listeners.push({
        ...listener("Ktor", undefined, undefined, here),
        port: values.length > 0 ? values : [{ kind: "absent" }],
        host: hosts.length > 0 ? hosts : [{ kind: "absent" }],
        defaults: { host: "all" },
        handlesSigterm: true,
      });
      if (/sslPort\s*=|keyStore\s*=/.test(conf))
        sink.tlsServers.push({
          what: "Ktor's sslPort",
          place: here,
          reach: emptyReach(),
          evidence: ["sslPort"],
          config: true,
          ofProgram: true,
        });
    } else
      for (const p of readYaml(path, text)) {
        const port = inBraces(p.get("ktor.deployment.port"));
        const host = inBraces(p.get("ktor.deployment.host"));
        const place = (port ?? host)?.place;
        if (!place) continue;
        sink.listeners.push({
          ...listener("Ktor", port, host, place),
          defaults: { host: "all" },
          handlesSigterm: true,
        });
      }
  }
}

/** `host = "127.0.0.1"`, then `host = ${?HOST}`: what was said before holds where the variable is not set. */
function unlessSet(values: readonly FactValue[]): FactValue[] {
  return values.reduce<FactValue[]>(
    (before, v) =>
      v.kind === "env" && v.fallback === undefined && before.length > 0 ? [{ ...v, fallback: before }] : [v],
    [],
  );
}

/** Ktor's YAML writes `$PORT:8080`. */
function inBraces(p: Property | undefined): Property | undefined {
  const m = /^"?\$(\w+)(?::(.*?))?"?$/.exec(p?.value ?? "");
  return p && m ? { ...p, value: `\${${m[1]}${m[2] === undefined ? "" : `:${m[2]}`}}` } : p;
}

function listener(framework: string, port: Property | undefined, host: Property | undefined, here: Place): Listener {
  return {
    framework,
    protocol: "http",
    port: port ? propertyValue(port) : [{ kind: "absent" }],
    host: host ? propertyValue(host) : [{ kind: "absent" }],
    defaults: {},
    place: port?.place ?? here,
    reach: emptyReach(),
    evidence: [port ? `port: ${port.value}` : "no port is configured"],
  };
}

function tls(all: Properties, keys: RegExp, enabled: string | undefined, what: string, sink: FactSink): void {
  const off = enabled ? all.get(enabled)?.value : undefined;
  if (off === "false") return;
  const hit = [...all].find(([k, v]) => keys.test(k) && v.value !== "");
  if (!hit) return;
  const [key, p] = hit;
  const option =
    off && /\$\{/.test(off)
      ? (/\$\{(\w+)/.exec(off)?.[1] ?? enabled)
      : /^\$\{\w+:\}$/.test(p.value)
        ? /\w+/.exec(p.value)?.[0]
        : undefined;
  if (off && /^\$\{\w+:?false\}$/.test(off) && !option) return;
  sink.tlsServers.push({
    what: `${what} (${key})`,
    place: p.place,
    reach: emptyReach(),
    evidence: [`${key}: ${p.value}`.slice(0, 100)],
    config: true,
    ofProgram: true,
    ...(option ? { option } : {}),
  });
}
