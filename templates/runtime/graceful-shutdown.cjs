/*
 * Graceful shutdown for a server that runs as PID 1.
 *
 * The kernel does not apply SIGTERM's default action to PID 1, so a Node server without a handler ignores it and is killed
 * (SIGKILL) when the grace period of 10 seconds is over, together with the requests that it is answering. This file is
 * loaded before the app (`node --require …/graceful-shutdown.cjs`) and does, on SIGTERM:
 *
 *   1. stop accepting: every listening server is closed;
 *   2. close idle keep-alive connections, and the others as soon as their request is answered;
 *   3. exit with status 0 when no server has a connection left, at the latest after 9 seconds.
 *
 * It leaves an app alone that has a SIGTERM handler of its own, whenever that was added: it looks when the signal comes.
 * A handler that only cleans up and sends the signal again (the package signal-exit) does not count as one.
 * To build an image without this file, set `gracefulShutdown: false`.
 */
"use strict";

const net = require("node:net");
const http = require("node:http");

const LIMIT_MS = 9000;
const servers = new Set();
const sockets = new Set();

// Every server (http, https, http2, net; in ES modules too) listens through this method.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (!servers.has(this)) {
    servers.add(this);
    this.once("close", () => servers.delete(this));
    // Listening again after close() is allowed.
    this.prependListener("listening", () => servers.add(this));
    this.prependListener("connection", track);
    this.prependListener("secureConnection", track);
    if (typeof this.closeIdleConnections === "function") this.prependListener("request", watch);
  }
  return listen.apply(this, args);
};

function track(socket) {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

let stopping = false;

/** A response that is under way when SIGTERM comes is the last one on its connection. */
function watch(request, response) {
  if (stopping && !response.headersSent && request.httpVersionMajor === 1) response.setHeader("Connection", "close");
  response.once("close", () => {
    if (stopping) setImmediate(() => this.closeIdleConnections?.());
  });
}

/** signal-exit and its kin: they take themselves off and raise the signal again, unless somebody else listens. */
function onlyRaisesAgain(listener) {
  const text = Function.prototype.toString.call(listener);
  return /\.kill\(/.test(text) && /listeners\(/.test(text);
}

function onSigterm() {
  const others = process.listeners("SIGTERM").filter((l) => (l.listener ?? l) !== onSigterm && !onlyRaisesAgain(l));
  if (others.length > 0 || stopping) return;
  stopping = true;
  const deadline = setTimeout(() => process.exit(0), LIMIT_MS);
  deadline.unref();
  let open = servers.size;
  const closed = () => {
    if (--open <= 0) finish();
  };
  for (const server of servers) {
    try {
      server.close(closed);
    } catch {
      closed();
    }
    server.closeIdleConnections?.();
  }
  if (open === 0) finish();
  // What is left are connections that no request holds: upgraded ones (WebSocket), HTTP/2 sessions, bare TCP.
  const sweep = setInterval(endQuiet, 200);
  sweep.unref();
  endQuiet();
}

function endQuiet() {
  for (const server of servers) server.closeIdleConnections?.();
  for (const socket of sockets) {
    const session = socket[Symbol.for("knbuild.session")];
    if (session) continue;
    const parser = socket.parser ?? socket._httpMessage;
    const upgraded = parser === null || parser === undefined;
    const http2 = socket._handle === null && !socket.destroyed;
    if (upgraded && !http2 && socket.listenerCount("data") + socket.listenerCount("readable") >= 0 && isUpgraded(socket)) socket.end();
  }
}

function isUpgraded(socket) {
  return socket.server instanceof http.Server && socket.parser == null && socket._httpMessage == null;
}

function finish() {
  // The app's own exit handlers run; a cluster's primary waits for its workers, which got the signal from it.
  setImmediate(() => process.exit(process.exitCode ?? 0));
}

process.on("SIGTERM", onSigterm);
