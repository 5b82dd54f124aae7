/** What Java's own library gives. */

import { splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { format } from "../format.ts";
import { lastName } from "../ir.ts";
import type { ModuleFinder } from "../languages.ts";
import { isAt } from "../project.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { ABSENT, ENVIRON, isNull, literal, textOf, UNKNOWN, type Value, variableOf, withDefault } from "../values.ts";
import { JAVA } from "./catalogue.ts";
import { SETTING } from "./generated-members.ts";
import { classField, groupedField, ownSetting, settingsReader } from "./settings.ts";

const IDENTITY = new Set(
  "Integer.parseInt Integer.valueOf Integer.toString String.valueOf Long.parseLong Short.parseShort Objects.requireNonNull java.util.Objects.requireNonNull java.util.Optional.of java.util.Optional.ofNullable Optional.of Optional.ofNullable Integer.getInteger_ Objects.toString".split(
    " ",
  ),
);

export function javaSemantics(finder: ModuleFinder): Semantics {
  const byName = new Map<string, string[]>();
  for (const path of finder.paths) {
    if (!path.endsWith(".java")) continue;
    const name = path.slice(path.lastIndexOf("/") + 1, -5);
    const same = byName.get(name);
    if (same) same.push(path);
    else byName.set(name, [path]);
  }
  const settings = settingsReader(finder);
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  return {
    resolve(_module, specifier) {
      const name = specifier.slice(specifier.lastIndexOf(".") + 1);
      const wanted = `${specifier.replaceAll(".", "/")}.java`;
      const path = (byName.get(name) ?? []).find((p) => isAt(p, wanted));
      const found = path && finder.module(path);
      return found ? [found] : [];
    },
    siblings(module, name) {
      if (!/^[A-Z]/.test(name)) return [];
      const folder = folderOf(module.path);
      // Of its own package, or of one that is imported whole (`import com.example.config.*`).
      const starred = module.exportStars.map((star) => `${star.replaceAll(".", "/")}/`);
      return (byName.get(name) ?? [])
        .filter((p) => {
          const there = folderOf(p);
          return p !== module.path && (there === folder || starred.some((s) => there === s || there.endsWith(`/${s}`)));
        })
        .flatMap((p) => finder.module(p) ?? []);
    },
    externalPath: (specifier, imported) =>
      imported === undefined ? specifier : specifier ? `${specifier}.${imported}` : imported,
    value(path) {
      if (/^(java\.util\.Map\.)?System\.getenv\(\)$/.test(path)) return ENVIRON;
      if (path === "args") return { t: "option", name: "argument" };
      return undefined;
    },
    unresolved(name, module) {
      // `import java.net.*`: the classes that the catalogue knows.
      for (const star of module.exportStars) {
        const path = `${star}.${name}`;
        if (/^[A-Z]/.test(name) && (STARRED.has(path) || isKnown(path))) return { t: "ref", path, file: module };
        // `import static spark.Spark.*`
        if (/^[a-z]/.test(name) && /\.[A-Z]\w*$/.test(star)) return { t: "ref", path, file: module };
      }
      // `com.sun.net.httpserver.HttpServer.create(…)`: a class by its whole name.
      return PACKAGES.test(name) ? { t: "ref", path: name, file: module } : undefined;
    },
    call: (path, view, evaluator) => javaCall(path, view, evaluator) ?? ownSetting(path, view, settings, evaluator),
    classField: (scope, name, evaluator) => classField(scope, name, evaluator, settings),
    lostField: (scope, name) => groupedField(scope, name, settings),
    bareMembers: true,
  };
}

const PACKAGES = /^(?:com|io|jakarta|java|javax|net|org)$/;

const STARRED = new Set(
  "java.net.ServerSocket java.net.InetSocketAddress java.net.URI java.nio.channels.ServerSocketChannel io.vertx.core.http.HttpServerOptions com.sun.net.httpserver.HttpServer com.sun.net.httpserver.HttpsServer com.sun.net.httpserver.HttpsConfigurator io.javalin.Javalin org.eclipse.jetty.server.Server org.eclipse.jetty.server.ServerConnector javax.net.ssl.SSLServerSocketFactory javax.net.ssl.SSLContext io.grpc.ServerBuilder io.grpc.netty.NettyServerBuilder io.vertx.core.Vertx java.net.InetAddress java.nio.channels.AsynchronousServerSocketChannel io.helidon.webserver.WebServer".split(
    " ",
  ),
);

const KNOWN = [...JAVA.listeners, ...JAVA.tls].map((e) => e.path.source).join("\n");

/** A class that the catalogue has, by its name and the end of its package, or the end of its name. */
function isKnown(path: string): boolean {
  if (/^org\.springframework\.boot\.web\b.*WebServerFactory$/.test(path)) return true;
  return KNOWN.includes(path.split(".").slice(-2).join("\\."));
}

/** joptsimple's `options.valueOf("host")`, `options.valueOf(host)` and `host.value(options)`, argparse4j's `arguments.getString("host")`. */
function ofParser(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  const [, method] =
    /^(?:.*\.)?(?:joptsimple|argparse4j|OptionParser\(\))\..*\b(valueOf|value|get|getString|getInt)$/.exec(path) ?? [];
  if (method === undefined) return undefined;
  const name = textOf(view.arg(0));
  if (name !== undefined) return { t: "unknown", lost: { name: name.replace(/^-+/, ""), file: view.scope.file } };
  const spec = method === "value" ? view.receiver : view.arg(0);
  const said =
    spec.t === "ref" && lastName(spec.call?.call.callee ?? view.call) === "defaultsTo" ? spec.call : undefined;
  if (!said) return undefined;
  return { t: "option", name: "argument", default: evaluator.eval(said.call.args[0]?.value, said.scope, said.frame) };
}

function javaCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (IDENTITY.has(path)) return view.arg(0);
  if (path === SETTING) return { t: "option", name: textOf(view.arg(0)) ?? path, default: view.arg(1), open: true };
  // One address, or all that a name has.
  if (/^java\.net\.InetAddress\.getAllByName$/.test(path)) return { t: "array", items: [view.arg(0)] };
  if (path === "System.getenv") return view.count === 0 ? ENVIRON : variableOf(view.arg(0), ABSENT);
  if (/^(System\.getenv\(\)|java\.util\.Map)\.getOrDefault$/.test(path)) return variableOf(view.arg(0), view.arg(1));
  const asked = ofParser(path, view, evaluator);
  if (asked) return asked;
  if (path === "System.getProperty")
    return { t: "option", name: textOf(view.arg(0)) ?? "property", default: view.arg(1) };
  if (path === "Integer.getInteger")
    return { t: "option", name: textOf(view.arg(0)) ?? "property", default: view.arg(1) };
  if (path === "String.format") {
    const pattern = textOf(view.arg(0));
    return pattern === undefined
      ? undefined
      : format(
          pattern,
          [1, 2, 3].map((i) => view.arg(i)),
        );
  }
  if (/(^|\.)InetSocketAddress(\.createUnresolved)?$/.test(path))
    return view.count > 1
      ? { t: "array", items: [view.arg(0), view.arg(1)] }
      : { t: "array", items: [ABSENT, view.arg(0)] };
  if (/^io\.vertx\.core\.net\.SocketAddress\.inetSocketAddress$/.test(path) && view.count > 1)
    return { t: "array", items: [view.arg(1), view.arg(0)] };
  if (/(^|\.)InetAddress\.getByAddress$/.test(path)) return view.arg(view.count - 1);
  if (/(^|\.)InetAddress\.(getByName|getLoopbackAddress|getLocalHost)$/.test(path))
    // Without a name it is the loopback address.
    return path.endsWith("getByName") && !isNull(view.arg(0))
      ? view.arg(0)
      : !path.endsWith("getLocalHost")
        ? literal("127.0.0.1")
        : undefined;
  if (/^(java\.util\.)?Optional\b.*\.(orElse|orElseGet|orElseThrow)$/.test(path))
    return withDefault(evaluator.member(view.receiver, "value"), view.arg(0));
  // `new URI(scheme, userInfo, host, port, path, query, fragment)`
  if (path === "java.net.URI" && view.count === 7) return { t: "array", items: [view.arg(2), view.arg(3)] };
  if (/^java\.net\.URI(\.create)?$/.test(path)) return view.arg(0);
  const part = partOfPair(path, view, evaluator);
  if (part) return part;
  if (/^(javax|jakarta)\.ws\.rs\.core\.UriBuilder\b.*\.build$/.test(path)) return builtUri(view, evaluator);
  return undefined;
}

/** `HostAndPort.fromString(address).withDefaultPort(80).getHost()`, of Guava. */
function partOfPair(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  const asked = /\bcom\.google\.common\.net\.HostAndPort\.from\w+\(\)(?:\.\w+\(\))*\.get(Host|Port)\w*$/.exec(
    path,
  )?.[1];
  let usual: Value | undefined;
  for (let v = view.receiver, i = 0; asked && v.t === "ref" && v.call && i < 6; v = v.receiver ?? ABSENT, i++) {
    const { call, scope, frame } = v.call;
    const given = call.args.map((a) => evaluator.eval(a.value, scope, frame));
    const method = lastName(call.callee);
    if (method === "withDefaultPort") usual ??= given[0];
    if (!method?.startsWith("from")) continue;
    const { host, port } =
      method === "fromParts"
        ? { host: given[0] ?? ABSENT, port: given[1] ?? ABSENT }
        : splitAddress(given[0] ?? ABSENT);
    return asked === "Host" ? host : port.t === "absent" ? (usual ?? port) : port;
  }
  return undefined;
}

/** `UriBuilder.fromUri("http://localhost/").port(8080).build()`: as text, host and port. */
function builtUri(view: CallView, evaluator: Evaluator): Value | undefined {
  let base: Value = ABSENT;
  let port: Value | undefined;
  let host: Value | undefined;
  let v = view.receiver;
  for (let i = 0; i < 8 && v.t === "ref" && v.call; i++) {
    const { call, scope, frame } = v.call;
    const given = evaluator.eval(call.args[0]?.value, scope, frame);
    const method = lastName(call.callee);
    if (method === "port") port ??= given;
    else if (method === "host") host ??= given;
    else if (method === "fromUri") base = given;
    v = v.receiver ?? ABSENT;
  }
  if (!port && !host) return base;
  const written = /^(?:\w+:\/\/)?([^:/]*)(?::(\d+))?/.exec(textOf(base) ?? "");
  // `"http://" + host + "/"`, `protocol + "://" + host`
  const parts = base.t === "text" ? base.parts : [];
  const scheme = parts.slice(0, 2).findIndex((p) => /^\w*:\/\/$/.test(textOf(p) ?? ""));
  const [only, path] = scheme < 0 ? [] : parts.slice(scheme + 1);
  if (only && /^(\/|$)/.test(textOf(path) ?? "")) host ??= only;
  host ??= written?.[1] ? literal(written[1]) : ABSENT;
  return { t: "array", items: [host, port ?? (written?.[2] ? literal(Number(written[2])) : UNKNOWN)] };
}
