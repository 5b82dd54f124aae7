/** Frameworks that a program tells to serve nothing over HTTP: what they do comes over a connection of their own, or by a clock. */

interface Portless {
  packages: RegExp;
  /** In the program's files, all of them, whichever file has which. */
  says: readonly RegExp[];
  /** A port is opened all the same, or may be. */
  unless: RegExp;
}

const NEST = /^@nestjs\//;

const KINDS: readonly Portless[] = [
  {
    // Socket mode: Slack is called (docs.slack.dev/tools/bolt-js/concepts/socket-mode); installing over the web still needs a port.
    packages: /^@slack\//,
    says: [/\bsocketMode\s*:\s*true\b/],
    unless: /\b(?:customRoutes|installerOptions|clientSecret|HTTPReceiver|ExpressReceiver|AwsLambdaReceiver)\b/,
  },
  {
    // What started it speaks to it over its standard input (modelcontextprotocol.io/specification, "Transports").
    packages: /^@modelcontextprotocol\//,
    says: [/\bnew\s+StdioServerTransport\s*\(/],
    unless: /\b(?:StreamableHTTP|SSE)\w*Transport\b/,
  },
  {
    // docs.nestjs.com/standalone-applications
    packages: NEST,
    says: [/\bcreateApplicationContext\s*\(/],
    unless: /\bNestFactory\s*\.\s*create\s*[(<]|\bTransport\.GRPC\b/,
  },
  {
    // docs.nestjs.com/microservices/basics: a consumer connects to a broker, and over TCP Nest speaks a protocol of its own. What
    // it is told may be another file's.
    packages: NEST,
    says: [/\bcreateMicroservice\b/, /\bTransport\.(?:TCP|REDIS|NATS|MQTT|RMQ|KAFKA)\b/],
    unless: /\bNestFactory\s*\.\s*create\s*[(<]|\bTransport\.GRPC\b/,
  },
  {
    // docs.nestjs.com/faq/hybrid-application, without the call that has it listen for HTTP.
    packages: NEST,
    says: [/\bconnectMicroservice\b/, /\bstartAllMicroservices\s*\(/],
    unless: /\.\s*listen\s*\(|\bTransport\.GRPC\b/,
  },
];

/** Which of the kinds a text speaks of, as numbers: those that may have a port all the same, and what is said of the others. */
export function portlessIn(text: string): { says: [kind: number, part: number][]; unless: number[] } {
  return {
    says: KINDS.flatMap(({ says }, kind) =>
      says.flatMap((pattern, part): [number, number][] => (pattern.test(text) ? [[kind, part]] : [])),
    ),
    unless: KINDS.flatMap(({ unless }, kind) => (unless.test(text) ? [kind] : [])),
  };
}

/** @param found of each file of a program @returns is a package part of what the program has open no port? */
export function portlessPackages(found: readonly ReturnType<typeof portlessIn>[]): (name: string) => boolean {
  const unless = new Set(found.flatMap((file) => file.unless));
  const said = new Set(found.flatMap(({ says }) => says.map(String)));
  const kinds = KINDS.filter(
    ({ says }, kind) => !unless.has(kind) && says.every((_, part) => said.has(`${kind},${part}`)),
  );
  return (name) => kinds.some(({ packages }) => packages.test(name));
}
