/*
 * Graceful shutdown for a Node server that runs as PID 1.
 *
 * The kernel does not apply SIGTERM's default action to PID 1: a server without a handler ignores the signal and is killed
 * when the grace period (10 s) is over, together with the requests that it is answering. This file is loaded before the app
 * (`node --require …/graceful-shutdown.cjs`) and, on SIGTERM,
 *
 *   1. stops accepting: every listening server (http, https, http2, net) is closed;
 *   2. closes idle keep-alive connections, and each busy one when its request is answered;
 *   3. closes HTTP/2 sessions after their streams, and upgraded connections (WebSocket) when no request is left;
 *   4. exits with status 0 when no connection is left, after 9 seconds at the latest.
 *
 * The primary of a cluster hands the signal to its workers and exits after them.
 * It leaves an app alone that has a SIGTERM handler of its own, whenever that was added: it looks when the signal comes.
 * Only the idle connections of servers that such a handler has closed are ended for it, which would hold it up.
 * A listener that only raises the signal again once it is alone (the package signal-exit) does not count as a handler.
 * Where such a handler has not even stopped one server after 4 seconds, it is not one that ends the process (Puppeteer's ends
 * its browser): then the steps above are taken after all.
 * An image without this file: `gracefulShutdown: false`.
 */
"use strict";

const net = require("node:net");

const LIMIT_MS = 9000;
const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 4000;
const DOOR = Symbol.for("knbuild.door");

/** Listening servers → what is connected to them. */
const servers = new Map();
/** Answers that are under way. */
const responses = new Set();
let stopping = false;

// Signals reach the main thread only: in a worker this waits for what never comes, and asking which it is would load a module
// at every start. ES modules listen through this method as well.
const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  // What only hands connections to another server (listen-on-port.cjs) is that server's to close.
  if (!this[DOOR]) follow(this);
  return listen.apply(this, args);
};
// Elsewhere than as PID 1 the default action does the work of a process without a server.
if (process.pid === 1) process.on("SIGTERM", onSigterm);

function follow(server) {
  if (servers.has(server)) return;
  const seen = { sockets: new Set(), sessions: new Set() };
  servers.set(server, seen);
  const isHttp2 = typeof server.updateSettings === "function";
  const isTls = typeof server.setSecureContext === "function";
  server.on(isTls ? "secureConnection" : "connection", (socket) => {
    seen.sockets.add(socket);
    socket.once("close", () => seen.sockets.delete(socket));
  });
  if (isHttp2) {
    server.on("session", (session) => {
      seen.sessions.add(session);
      session.once("close", () => seen.sessions.delete(session));
      if (stopping) session.close();
    });
  } else if (isHttp(server)) server.prependListener("request", onRequest);
  if (!process.listeners("SIGTERM").includes(onSigterm)) process.on("SIGTERM", onSigterm);
}

function isHttp(server) {
  return typeof server.closeIdleConnections === "function";
}

function onRequest(_request, response) {
  responses.add(response);
  response.once("close", () => responses.delete(response));
  if (stopping) announceLast(response);
}

/** Tells the peer not to send another request on this connection. */
function announceLast(response) {
  if (!response.headersSent) response.setHeader("Connection", "close");
}

function onSigterm() {
  if (process.listeners("SIGTERM").some((listener) => listener !== onSigterm && !onlyRaisesAgain(listener))) {
    const nobodyStops = () => [...servers.keys()].every((server) => server.listening);
    setInterval(endIdle, LOOK_AGAIN_MS).unref();
    if (servers.size > 0) setTimeout(() => nobodyStops() && stop(LIMIT_MS - PATIENCE_MS), PATIENCE_MS).unref();
  } else stop(LIMIT_MS);
}

function stop(limitMs) {
  if (stopping) return;
  stopping = true;
  setTimeout(exit, limitMs).unref();
  const workers = handToWorkers();
  responses.forEach(announceLast);
  for (const [server, seen] of servers) {
    if (server.listening) server.close();
    for (const session of seen.sessions) session.close();
  }
  const look = () => {
    if (workers.size > 0) return;
    endIdle();
    let open = 0;
    let busy = 0;
    for (const [server, { sockets }] of servers) {
      for (const socket of sockets) {
        open++;
        if (socket.bytesRead > 0 && !isUpgraded(server, socket)) busy++;
      }
    }
    if (open === 0) exit();
    else if (busy === 0) endAll();
  };
  setInterval(look, LOOK_AGAIN_MS);
  setImmediate(look);
}

function endIdle() {
  for (const [server, { sockets }] of servers) {
    if (server.listening) continue;
    if (isHttp(server)) server.closeIdleConnections();
    // Node does not count a connection on which nothing was ever sent as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.end();
  }
}

/** signal-exit and its kin take themselves off and kill the process, unless somebody else listens. */
function onlyRaisesAgain(listener) {
  const text = Function.prototype.toString.call(listener);
  return /\.kill\(/.test(text) && /listeners\(/.test(text);
}

/** @returns the workers that were there; each takes itself out when it is gone. New ones end with the channel to us. */
function handToWorkers() {
  const cluster = require("node:cluster");
  const workers = new Set(cluster.isPrimary ? Object.values(cluster.workers ?? {}) : []);
  for (const worker of workers) {
    worker.once("exit", () => workers.delete(worker));
    worker.process.kill("SIGTERM");
  }
  return workers;
}

/** Node takes its parser off a connection that was upgraded. */
function isUpgraded(server, socket) {
  return isHttp(server) && typeof server.updateSettings !== "function" && !socket.parser;
}

function endAll() {
  for (const { sockets } of servers.values()) for (const socket of sockets) socket.end();
}

function exit() {
  process.exit(process.exitCode ?? 0);
}
