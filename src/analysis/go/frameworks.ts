/** Servers of Go's frameworks whose address is not given where they start: it stands in a settings file, or is the framework's own. */
import { factValues, place, quote, splitAddress, type Visit } from "../collect.ts";
import type { Listener } from "../facts.ts";
import { ABSENT, env, literal, type Value } from "../values.ts";

/** Takes host and port from the settings file alone, into a struct of its own that the program's embeds. */
const GO_ZERO = /^github\.com\/(zeromicro|tal-tech)\/go-zero\/rest\.(Must)?NewServer$/;
const BEEGO = /^github\.com\/(?:beego|astaxie)\/beego(?:\/v2)?(?:\/server\/web)?\.Run$/;
const GOFRAME = /^github\.com\/gogf\/gf(?:\/v2)?\/frame\/g\.Server\(\)\.Run$/;
const BUFFALO = /^github\.com\/gobuffalo\/buffalo\.New$/;
const POCKETBASE = /^github\.com\/pocketbase\/pocketbase\.(?:New(?:WithConfig)?\(\)|PocketBase)\.(?:Start|Execute)$/;
const FUEGO = /^github\.com\/go-fuego\/fuego\.NewServer$/;

/** The listener that a call makes, where it is one of these. */
export function frameworkListener(visit: Visit): Listener | undefined {
  const { view, evaluator, module } = visit;
  const written = (name: string, owner?: string): Value => {
    const value = evaluator.project.setting(name, owner);
    return value === undefined ? ABSENT : literal(value);
  };
  if (GO_ZERO.test(view.path)) return made(visit, "go-zero", written("host"), { t: "option", name: "Port" });
  if (BEEGO.test(view.path) && view.count === 0) {
    const host = written("httpaddr");
    return host.t === "absent" ? undefined : made(visit, "Beego", host, { t: "option", name: "httpport" });
  }
  if (GOFRAME.test(view.path)) {
    const { host, port } = splitAddress(written("address", "server"));
    return host.t === "absent" ? undefined : made(visit, "GoFrame", host, port);
  }
  if (BUFFALO.test(view.path)) {
    const given = view.option(0, "Addr");
    const { host, port } = splitAddress(given);
    return given.t === "absent"
      ? made(visit, "Buffalo", env("ADDR", literal("127.0.0.1")), env("PORT", literal(3000)))
      : made(visit, "Buffalo", host, port);
  }
  // Its command `serve` takes the address, unless the program has a command of its own for that.
  if (POCKETBASE.test(view.path) && !/\bHttpAddr\b/.test(module.text)) {
    const { host, port } = splitAddress({ t: "option", name: "http", default: literal("127.0.0.1:8090") });
    return made(visit, "PocketBase", host, port);
  }
  if (FUEGO.test(view.path) && !/\bWith(?:Addr|Port|Listener)\b/.test(module.text))
    return {
      ...made(visit, "Fuego", ABSENT, ABSENT),
      defaults: { port: 9999, host: "localhost" },
      handlesSigterm: false,
    };
  return undefined;
}

function made({ module, site, reach }: Visit, framework: string, host: Value, port: Value): Listener {
  return {
    framework,
    protocol: "http",
    port: factValues(port),
    host: factValues(host),
    defaults: { host: "all" },
    place: place(module, site.call),
    reach: reach(),
    evidence: [quote(module, site.call)],
    handlesSigterm: framework !== "Beego",
  };
}
