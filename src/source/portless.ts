/** Frameworks that a program tells to open no port: what they serve comes over a connection of their own, or by a clock. */

interface Portless {
  packages: RegExp;
  /** In a file's text. */
  says: RegExp;
  /** A port is opened all the same, or may be. */
  unless: RegExp;
}

const KINDS: readonly Portless[] = [
  {
    // Socket mode: Slack is called (docs.slack.dev/tools/bolt-js/concepts/socket-mode); installing over the web still needs a port.
    packages: /^@slack\//,
    says: /\bsocketMode\s*:\s*true\b/,
    unless: /\b(?:customRoutes|installerOptions|clientSecret|HTTPReceiver|ExpressReceiver|AwsLambdaReceiver)\b/,
  },
  {
    // What started it speaks to it over its standard input (modelcontextprotocol.io/specification, "Transports").
    packages: /^@modelcontextprotocol\//,
    says: /\bnew\s+StdioServerTransport\s*\(/,
    unless: /\b(?:StreamableHTTP|SSE)\w*Transport\b/,
  },
  {
    // docs.nestjs.com/standalone-applications and /microservices/basics: a queue's consumer connects to the broker.
    packages: /^@nestjs\//,
    says: /\bcreateApplicationContext\s*\(|\bcreateMicroservice\b[\s\S]*\bTransport\.(?:REDIS|NATS|MQTT|RMQ|KAFKA)\b/,
    unless: /\bNestFactory\s*\.\s*create\s*[(<]|\bTransport\.(?:TCP|GRPC)\b/,
  },
];

/** Which of the kinds a text speaks of, as numbers: those without a port, those that may have one. */
export function portlessIn(text: string): { says: number[]; unless: number[] } {
  const numbers = (of: "says" | "unless") => KINDS.flatMap((kind, index) => (kind[of].test(text) ? [index] : []));
  return { says: numbers("says"), unless: numbers("unless") };
}

/** @param found of each file of a program @returns is a package part of what the program has open no port? */
export function portlessPackages(found: readonly ReturnType<typeof portlessIn>[]): (name: string) => boolean {
  const unless = new Set(found.flatMap((file) => file.unless));
  const kinds = new Set(found.flatMap(({ says }) => says.filter((kind) => !unless.has(kind))));
  return (name) => [...kinds].some((kind) => KINDS[kind]?.packages.test(name));
}
