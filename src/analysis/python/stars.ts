/** `from settings import *`: names of Python that stand nowhere in the file which uses them. */
import type { SourceModule } from "../scope/scope.ts";

const MAX_STARS = 8;

type Resolve = (module: SourceModule, specifier: string) => readonly SourceModule[];

/** The modules from which such imports bring a name, also through those that give on what they bring; the last one counts. */
export function starred(
  module: SourceModule,
  name: string,
  resolve: Resolve,
  seen = new Set<SourceModule>(),
): SourceModule[] {
  if (name.startsWith("_") || seen.size > MAX_STARS || seen.has(module)) return [];
  seen.add(module);
  return [...module.exportStars]
    .reverse()
    .flatMap((star) => resolve(module, star))
    .flatMap((m) => (m.scope.names.has(name) ? [m] : starred(m, name, resolve, seen)));
}

/** What libraries that make servers are told by, where everything is taken from them: `from flask import *`. */
const BROUGHT: Readonly<Record<string, RegExp>> = {
  aiohttp: /^web$/,
  bottle: /^(?:Bottle|default_app|route|run)$/,
  dash: /^Dash$/,
  fastapi: /^FastAPI$/,
  flask: /^Flask$/,
  flask_socketio: /^SocketIO$/,
  "http.server": /^(?:Threading)?HTTPServer$|^(?:Simple|Base)HTTPRequestHandler$/,
  quart: /^Quart$/,
  sanic: /^Sanic$/,
  socket: /^(?:socket|create_server|AF_\w+|SOCK_\w+)$/,
  socketserver: /^(?:Threading|Forking)?(?:TCP|UDP)Server$/,
  "tornado.web": /^Application$/,
};

/** `flask.Flask`, where the file takes all that Flask has. */
export function broughtFrom(name: string, module: SourceModule): string | undefined {
  const from = module.exportStars.find((star) => Object.hasOwn(BROUGHT, star) && BROUGHT[star]?.test(name));
  return from && `${from}.${name}`;
}
