/** Ports and limits of the platform: knative/specs runtime-contract, knative/serving pkg/networking and pkg/queue. */

/** The port a container listens on unless PORT says otherwise (S11, S12). */
export const DEFAULT_PORT = 8080;

/** Ports that the queue proxy, its probes and its metrics use; a container must not (U2). */
export const RESERVED_PORTS: Readonly<Record<number, string>> = {
  8008: "queue proxy profiling",
  8012: "queue proxy, HTTP/1.1",
  8013: "queue proxy, h2c",
  8022: "queue proxy administration",
  8112: "queue proxy, HTTPS",
  9090: "queue proxy metrics",
  9091: "user metrics scraped by the queue proxy",
};

/** Names a container port may have (U2): empty and `http1` mean HTTP/1.1. */
export const PORT_NAMES: readonly string[] = ["", "http1", "h2c"];

/** Variables that the platform sets (S15); a Service that sets them is rejected. */
export const PLATFORM_ENV: readonly string[] = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

/** Queue proxy numbers (knative/serving pkg/queue): seconds unless the name says otherwise. */
export const LIMITS = {
  requestTimeoutDefault: 300,
  requestTimeoutMax: 600,
  containerConcurrencyMax: 1000,
  /** Queue depth of the breaker, as a multiple of containerConcurrency. */
  queueDepthFactor: 10,
  activatorQueue: 10_000,
  idlePoolKeepAlive: 90,
  hijackDrain: 60,
  probePeriodMs: 50,
  probeTimeoutMs: 100,
} as const;
