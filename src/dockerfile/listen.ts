/** Addresses and ports in the arguments of a server. */
import type { Program } from "./start.ts";

export interface Listen {
  /** As written: `127.0.0.1`, `localhost`, `0.0.0.0`; undefined where only a port is given. */
  host: string | undefined;
  /** undefined where it comes from a variable or is not given. */
  port: number | undefined;
  /** The words that say so. */
  text: string;
}

const PORT_FLAGS = new Set(
  "--port -port --http-port -http-port --http.port --server.port --server-port --listen-port --web.port --web-port --httpPort --PORT".split(
    " ",
  ),
);
const HOST_FLAGS = new Set(
  "--host -host --hostname --ip --bind-address --http.host --server.address --http-address --listen-host".split(" "),
);
const ADDRESS_FLAGS = new Set(
  "--bind -bind --listen -listen --addr -addr --address -address --http -http --http-addr --listen-address --listen-addr --web.listen-address --urls --server.urls --http-listen --http-socket --endpoint".split(
    " ",
  ),
);
/** Short flags of servers; of other programs `-p` and `-b` mean other things. */
const SHORT: Readonly<Record<string, { port?: string[]; host?: string[]; address?: string[] }>> = {
  flask: { port: ["-p"], host: ["-h"] },
  gunicorn: { address: ["-b"] },
  uvicorn: {},
  hypercorn: { address: ["-b"] },
  daphne: { port: ["-p"], host: ["-b"] },
  waitress: {},
  puma: { port: ["-p"], address: ["-b"] },
  rails: { port: ["-p"], host: ["-b"] },
  rackup: { port: ["-p"], host: ["-o"] },
  thin: { port: ["-p"], host: ["-a"] },
  unicorn: { port: ["-p"], address: ["-l"] },
  serve: { port: ["-p"], address: ["-l"] },
  "http-server": { port: ["-p"], host: ["-a"] },
  next: { port: ["-p"], host: ["-H"] },
  php: { address: ["-S"] },
  streamlit: {},
  mkdocs: { address: ["-a", "--dev-addr"] },
  "json-server": { port: ["-p"], host: ["-H"] },
  mlflow: { port: ["-p"], host: ["-h"] },
  ruby: { port: ["-p"], host: ["-o"] },
  vite: {},
  sanic: { port: ["-p"], host: ["-H"] },
  swipl: {},
};
/** Programs that run another one, whose name is the next word that is no flag. */
const RUNNERS = new Set(
  "npx bunx pnpx yarn pnpm npm bun bundle poetry uv pipenv pdm hatch rye python python3 dotnet deno run exec dlx x tool".split(
    " ",
  ),
);

/** What a program is told to listen on. */
export function listens({ name, words, assignments }: Program): Listen[] {
  const server = serverName(name, words);
  const found = asksOther(server, words) ? [] : listensByWords(server, name, words);
  const exported = name === "export" ? words.slice(1).map(assignment) : [];
  for (const [key, value] of [...Object.entries(assignments), ...exported]) {
    const text = `${key}=${value}`;
    if (key === "PORT" || PORT_VARIABLES.has(key)) {
      if (/^\d+$/.test(value)) found.push({ host: undefined, port: portOf(value), text });
    } else if (ADDRESS_VARIABLES.has(key)) found.push(...value.split(";").map((one) => address(one, text)));
    else if (HOST_VARIABLES.has(key)) found.push({ ...address(value, text), port: undefined });
  }
  return found;
}

function listensByWords(server: string, name: string, words: readonly string[]): Listen[] {
  const found: Listen[] = [];
  const short = SHORT[server] ?? {};
  const add = (host: string | undefined, value: string, text: string): void => {
    found.push({ host, port: portOf(value), text });
  };
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as string;
    const equals = word.startsWith("-") ? word.indexOf("=") : -1;
    const flag = equals < 0 ? word : word.slice(0, equals);
    const next = words[i + 1] ?? "";
    // `vite --host --port 3000`: another flag is no value.
    const apart = equals < 0 && !next.startsWith("-");
    const value = equals < 0 ? (apart ? next : "") : word.slice(equals + 1);
    const text = equals < 0 ? `${word} ${value}` : word;
    const jvm = /^-D(?:server\.port|quarkus\.http\.port|http\.port|micronaut\.server\.port|port)$/.test(flag);
    if (PORT_FLAGS.has(flag) || jvm || short.port?.includes(flag)) add(undefined, value, text);
    else if (HOST_FLAGS.has(flag) || short.host?.includes(flag)) found.push({ host: value, port: undefined, text });
    else if (ADDRESS_FLAGS.has(flag) || short.address?.includes(flag)) {
      for (const one of value.split(/[;,]/)) found.push(address(one, text));
    } else if (/^-D(?:server\.address|quarkus\.http\.host|http\.address)$/.test(flag))
      found.push({ host: value, port: undefined, text });
    else if (flag === "-p" && /^\d{2,5}$/.test(value) && !["mkdir", "cp", "java"].includes(name))
      add(undefined, value, text);
    else {
      // `-p3000`, `-b:5000`: the value sticks to the letter.
      const [letter, stuck] = /^-[a-zA-Z][^=]/.test(word) ? [word.slice(0, 2), word.slice(2)] : ["", ""];
      if (short.address?.includes(letter)) found.push(address(stuck, word));
      else if (short.port?.includes(letter) && /^\d{2,5}$/.test(stuck)) add(undefined, stuck, word);
      continue;
    }
    if (apart) i++;
  }
  const module = words.findIndex((word) => word === "http.server" || word === "SimpleHTTPServer");
  if (module > 0 && /^\d+$/.test(words[module + 1] ?? ""))
    add(undefined, words[module + 1] as string, words[module + 1] as string);
  const runserver = words.indexOf("runserver");
  const served = runserver < 0 ? undefined : words.slice(runserver + 1).find((word) => !word.startsWith("-"));
  if (served !== undefined)
    found.push(
      /^\d+$/.test(served) ? { host: undefined, port: Number(served), text: served } : address(served, served),
    );
  return found;
}

/** Programs that ask a server and are none. */
const CLIENTS = new Set(
  "psql pg_isready pg_dump pg_dumpall pg_restore createdb dropdb mysql mysqladmin mysqldump mysqlimport mysqlsh mariadb mariadb-admin mariadb-dump redis-cli valkey-cli mongo mongosh mongodump mongorestore sqlcmd cqlsh clickhouse-client ssh scp sftp telnet".split(
    " ",
  ),
);
/** Of these the words are the script's: it may be a client as well. */
const INTERPRETERS = new Set(["php", "ruby", "swipl"]);

/**
 * A host by name is whom a client asks (`check -h db -p 5432`): a server's is an address, or its own. What is known as a
 * server may be told its own name in a network (`uvicorn --host app`).
 */
function asksOther(server: string, words: readonly string[]): boolean {
  if (CLIENTS.has(server)) return true;
  if (Object.hasOwn(SHORT, server) && !INTERPRETERS.has(server)) return false;
  return words.some((word, i) => {
    const flag = /^(?:-h|--?host)(?:=(.*))?$/.exec(word);
    const host = flag ? (flag[1] ?? words[i + 1] ?? "") : "";
    return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*$/i.test(host) && !/^(?:(?:ip6-)?local|(?:true|all|any)$)/i.test(host);
  });
}

function assignment(word: string): [key: string, value: string] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, ""] : [word.slice(0, equals), word.slice(equals + 1)];
}

function serverName(name: string, words: readonly string[]): string {
  if (!RUNNERS.has(name)) return name;
  const next = words.slice(1).find((word) => !word.startsWith("-") && !RUNNERS.has(word));
  return next?.slice(next.lastIndexOf("/") + 1) ?? name;
}

/** `:3000`, `0.0.0.0:3000`, `[::1]:3000`, `tcp://127.0.0.1:3000`, `http://+:5000`, `3000`, `localhost`. */
export function address(text: string, shown: string): Listen {
  const plain = text.replace(/^[a-z][a-z0-9+]*:\/\//i, "").split("/", 1)[0] as string;
  const found = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(plain);
  if (!found) return { host: undefined, port: undefined, text: shown };
  const [, host = "", port] = found;
  if (port === undefined && /^\d+$/.test(host)) return { host: undefined, port: Number(host), text: shown };
  return {
    host: host.replace(/^\[|\]$/g, "") || undefined,
    port: port === undefined ? undefined : portOf(port),
    text: shown,
  };
}

function portOf(text: string): number | undefined {
  const number = /^:?(\d{1,5})$/.exec(text)?.[1];
  return number === undefined || Number(number) > 65535 ? undefined : Number(number);
}

/** Only reachable from inside the container. */
export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d+){1,3}|::1|0:0:0:0:0:0:0:1)$/i.test(host);
}

/** Variables by which frameworks are told where to listen; other hosts (`DB_HOST`) are not theirs. */
export const HOST_VARIABLES = new Set(
  "HOST HOSTNAME BIND BIND_HOST BIND_ADDRESS BIND_ADDR LISTEN_HOST LISTEN_ADDRESS LISTEN_ADDR SERVER_HOST SERVER_ADDRESS HTTP_HOST APP_HOST FLASK_RUN_HOST UVICORN_HOST NUXT_HOST NITRO_HOST ROCKET_ADDRESS QUARKUS_HTTP_HOST STREAMLIT_SERVER_ADDRESS GRADIO_SERVER_NAME DAGSTER_WEBSERVER_HOST".split(
    " ",
  ),
);
export const PORT_VARIABLES = new Set(
  "FLASK_RUN_PORT UVICORN_PORT SERVER_PORT HTTP_PORT APP_PORT LISTEN_PORT NUXT_PORT NITRO_PORT ROCKET_PORT QUARKUS_HTTP_PORT STREAMLIT_SERVER_PORT GRADIO_SERVER_PORT ASPNETCORE_HTTP_PORTS".split(
    " ",
  ),
);
export const ADDRESS_VARIABLES = new Set(
  "ASPNETCORE_URLS DOTNET_URLS BIND LISTEN LISTEN_ADDR LISTEN_ADDRESS GUNICORN_BIND".split(" "),
);
