/** Who handles SIGTERM in a Node program: its own handler, or a library that installs one. */
import { place, type Visit } from "../collect.ts";
import type { SignalHandler } from "../facts.ts";
import { javascriptDrain } from "../platform/drains.ts";
import type { SourceModule } from "../scope/scope.ts";
import { alternatives } from "../values.ts";

/** Packages that install a SIGTERM handler when they are called, or when they are imported. */
const LIBRARIES =
  /^(http-graceful-shutdown|close-with-grace|fastify-graceful-shutdown|@godaddy\/terminus|lightship|node-graceful|graceful-process|node-graceful-shutdown|shutdown-handler|nestjs-graceful-shutdown|@tygra\/nestjs-graceful-shutdown|nestjs-terminus|@sapphire\/shutdown|hapi-pulse|@hapi\/pulse|exit-hook|async-exit-hook|death|ON_DEATH|node-cleanup|graceful-express|express-graceful-shutdown|express-graceful-exit|@vendia\/serverless-express|shutdown-hooks|@stdlib\/process-shutdown|process-graceful-shutdown|@moebius\/graceful-shutdown|@julie-ng\/shutdown|ordered-shutdown|@adonisjs\/core|@platformatic\/(service|runtime|node)|@microfleet\/core|moleculer|moleculer-web|@mrhenry\/graceful|gracefully|graceful-shutdown|@brokerloop\/ttlcache|@godaddy\/terminus.*|@rocket\.chat\/.*shutdown|sails|ghost-ignition|@try-ghost\/server|temporalio|keystone|@strapi\/strapi|nodemon-shutdown|fastify-cli|@fastify\/restartable|@nestjs\/terminus-shutdown|@google-cloud\/functions-framework|total\.js|total4|total5|@redwoodjs\/api-server|@medusajs\/utils|@medusajs\/framework\/utils|@immich\/.*|pm2|serve-handler-shutdown|http-close|graphile-worker|@apollo\/server|apollo-server(-express|-koa|-fastify|-hapi)?|signal-exit|service-runner)$/;
/** Only when these are called do they handle it; a mere import says nothing. */
const NOT_BY_IMPORT = /^(@apollo\/server|apollo-server(-\w+)?|pm2|temporalio|graphile-worker)$/;

export function signalLibraries(module: SourceModule): SignalHandler[] {
  return module.imports
    .filter((i) => LIBRARIES.test(i) && !NOT_BY_IMPORT.test(i))
    .map((i) => ({
      signals: ["SIGTERM"],
      by: i,
      place: { file: module.path, start: 0, end: 0 },
      reach: { conditions: [], env: [], development: false },
    }));
}

export const SIGNAL_METHODS = new Set([
  "on",
  "once",
  "addListener",
  "prependListener",
  "prependOnceListener",
  "addSignalListener",
  "enableShutdownHooks",
  "ApolloServer",
  "handle",
]);

export function signalOf(visit: Visit): SignalHandler | undefined {
  const { view, module, site } = visit;
  const method = view.path.slice(view.path.lastIndexOf(".") + 1);
  // Most calls of these names are no handler: the conditions around one are followed only for those that are.
  const base = (): Pick<SignalHandler, "place" | "reach"> => ({
    place: place(module, site.call),
    reach: visit.reach(),
  });
  if (method === "enableShutdownHooks") return { signals: ["SIGTERM"], by: "Nest's shutdown hooks", ...base() };
  if (/(^|\.)ApolloServer$/.test(view.path) && /apollo/.test(view.path)) {
    const stop = view.option(0, "stopOnTerminationSignals");
    if (stop.t === "literal" && stop.value === false) return undefined;
    return { signals: ["SIGTERM"], by: "Apollo Server", ...base() };
  }
  // `once(process, "SIGTERM")` of node:events, p-event, rxjs: whoever is given the process waits for its signals.
  const first = site.call.args[0]?.value;
  if (first?.kind === "name" && first.name === "process" && site.call.args.length > 1) {
    const event = view.arg(1);
    const known = alternatives(event).flatMap((v) =>
      v.t === "literal" && typeof v.value === "string" ? [v.value] : [],
    );
    const signals =
      known.length > 0
        ? known
        : [...module.text.matchAll(/["'`](SIG(?:TERM|INT|HUP))["'`]/g)].map((m) => m[1] as string);
    const waited = signals.filter((s) => /^SIG[A-Z]/.test(s));
    return waited.length > 0 ? { signals: [...new Set(waited)], by: method, ...base() } : undefined;
  }
  if (
    view.path === "Deno.addSignalListener" ||
    // `process.once(…).once("SIGTERM", …)` too.
    /^process(\.(on|once|addListener)\(\))*\.(on|once|addListener|prependListener|prependOnceListener)$/.test(view.path)
  ) {
    const given = alternatives(view.arg(0));
    const signals = given.flatMap((v) => (v.t === "literal" && typeof v.value === "string" ? [v.value] : []));
    // A signal from a loop over a list: the list stands in the same file.
    if (given.some((v) => v.t !== "literal") || site.call.args[0]?.value.kind === "name") {
      for (const m of module.text.matchAll(/\bSIG(?:TERM|INT|HUP|USR2|QUIT)\b/g)) signals.push(m[0]);
      if (signals.length === 0) return undefined;
    }
    if (!signals.some((s) => s.startsWith("SIG"))) return undefined;
    const handler: SignalHandler = { signals: [...new Set(signals)], by: "process.on", ...base() };
    const fn = view.arg(1);
    if (fn.t === "function") {
      const drain = javascriptDrain(fn.fn, fn.scope.file, visit.evaluator);
      if (drain.timeoutMs !== undefined) handler.drainMs = drain.timeoutMs;
      if (drain.endless) handler.endless = true;
      if (drain.waitsForConnections) handler.waitsForConnections = true;
    }
    return handler;
  }
  return undefined;
}
