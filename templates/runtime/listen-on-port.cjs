/*
 * A server that comes with a package, or that a build made, listens where the platform sends requests: on PORT, on all
 * addresses. Its source is not the user's to change, and it may know only a port or a host of its own. This file is loaded
 * before it (`node --require …/listen-on-port.cjs`):
 *
 *   1. a listener on PORT that is bound to localhost is bound to all addresses;
 *   2. a listener on a port below 1024, which only root may open, opens PORT instead;
 *   3. an HTTP server on another fixed port is reached on PORT as well: a door there hands its connections to it, unless
 *      somebody listens on PORT within a moment; the door gives way to whoever does so later.
 *
 * Servers of TLS, on a socket file or on a random port are left alone.
 */
"use strict";

const net = require("node:net");

const PORT = Number(process.env.PORT || 8080);
const PATIENCE_MS = 250;
/** graceful-shutdown.cjs knows a door by it. */
const DOOR = Symbol.for("knbuild.door");

const { listen } = net.Server.prototype;
/** Servers that listen, or are about to. */
const servers = new Map();
/** The HTTP server that is reached through the door, and the door. */
let inside;
let door;

net.Server.prototype.listen = function (...args) {
  const place = placeOf(args);
  if (place === undefined) return listen.apply(this, args);
  const needsRoot = place.port < 1024 && process.getuid?.() !== 0 && isPlain(this) && ![...servers.values()].includes(PORT);
  const port = needsRoot ? PORT : place.port;
  if (needsRoot) say(`port ${place.port} is root's: it listens on ${PORT}`);
  servers.set(this, port);
  this.once("close", () => servers.delete(this));
  this.once("error", () => this.listening || servers.delete(this));
  if (port === PORT) {
    door?.close();
    door = undefined;
    if (needsRoot || isLoopback(place.host)) args = reachable(args, port);
  } else if (isPlain(this) && isHttp(this) && inside === undefined) {
    this.once("listening", () => setTimeout(openDoor, PATIENCE_MS, this).unref());
  }
  return listen.apply(this, args);
};

function openDoor(server) {
  if (inside !== undefined || !server.listening || [...servers.values()].includes(PORT)) return;
  inside = server;
  door = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
  const opened = Object.assign(door, { [DOOR]: true });
  // A process beside this one has the port: it is the server.
  opened.once("error", () => {});
  opened.once("listening", () => say(`the server on port ${servers.get(server)} is reached on ${PORT} as well`));
  server.once("close", () => opened.close());
  listen.call(opened, PORT);
}

/** The fixed port and the host of what `listen` was called with; undefined where it is no port. */
function placeOf([first, second]) {
  const given = typeof first === "object" && first !== null ? first : { port: first, host: second };
  const port = typeof given.port === "string" && given.port.trim() !== "" ? Number(given.port) : given.port;
  if (!Number.isInteger(port) || port <= 0 || given.path || given.fd !== undefined) return undefined;
  return { port, host: typeof given.host === "string" ? given.host : undefined };
}

/** The same arguments with the port, and without a host. */
function reachable([first, ...rest], port) {
  if (typeof first === "object") return [{ ...first, port, host: undefined }, ...rest];
  return [port, ...(typeof rest[0] === "string" ? rest.slice(1) : rest)];
}

function isLoopback(host) {
  return host !== undefined && /^(?:localhost|127\.[\d.]+|::1|\[::1\])$/i.test(host);
}

function isPlain(server) {
  return typeof server.setSecureContext !== "function";
}

/** HTTP/1 or HTTP/2. */
function isHttp(server) {
  return typeof server.closeIdleConnections === "function" || typeof server.updateSettings === "function";
}

function say(what) {
  process.stderr.write(`knbuild: ${what}\n`);
}
