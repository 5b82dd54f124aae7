/** A program's facts: its files are parsed on demand, judged by their language, and put beside how it is started. */
import { heedProxy } from "./behind-proxy.ts";
import { heedBeside, heedScripts, heedWatched } from "./beside.ts";
import { createSink, type FactSink } from "./collect.ts";
import { heedLauncher } from "./config/jvm-defaults.ts";
import { ownSetting } from "./config/own-settings.ts";
import { serverConfigFacts } from "./config/servers.ts";
import { shippedData } from "./config/shipped.ts";
import { javaConfigFacts } from "./config/spring.ts";
import { aspNetDefaults } from "./csharp/asp-net.ts";
import { Evaluator } from "./evaluate/evaluator.ts";
import type { Listener, Place, SourceFacts } from "./facts.ts";
import { importersFirst } from "./go/folders.ts";
import { heedHandedPort } from "./handed-port.ts";
import { openingsOf } from "./host-mention.ts";
import { analyzeJavaScript, JAVASCRIPT_WORDS } from "./javascript/analyze.ts";
import { configPackageKey } from "./javascript/config-package.ts";
import { lowerJson } from "./javascript/json.ts";
import { lowerJavaScript } from "./javascript/lower.ts";
import { heedNuxt } from "./javascript/nuxt.ts";
import { createResolver, type Resolver } from "./javascript/resolve.ts";
import { javascriptSemantics } from "./javascript/semantics.ts";
import { giveViteSettings } from "./javascript/vite-config.ts";
import { filesToJudge, judgeable } from "./judged-files.ts";
import { analyzeModule, type Language } from "./languages.ts";
import { createLocator } from "./locate.ts";
import { configFileFacts } from "./platform/config-files.ts";
import { mayHoldPlatformFacts, platformFacts } from "./platform/facts.ts";
import { manifestFacts } from "./platform/manifests.ts";
import { portMentioned } from "./port-mention.ts";
import { type LoadedProject, languageOf } from "./project.ts";
import { HANDS_ON } from "./python/deferred.ts";
import { areByHand, withoutOtherMains } from "./python/other-mains.ts";
import { heedRackEnvironment } from "./ruby/environment.ts";
import { withoutUnmade } from "./rust/unmade.ts";
import { buildModule } from "./scope/builder.ts";
import type { SourceModule } from "./scope/scope.ts";
import { createSearch } from "./search.ts";
import type { ProjectModel, Semantics } from "./semantics.ts";
import { declaredServer } from "./settings/declared-server.ts";
import { giveFileHosts } from "./settings/file-hosts.ts";
import { takeBackHosts } from "./settings/guessed-hosts.ts";
import { giveOwnVariables } from "./settings/own-variables.ts";
import { giveUsualHosts } from "./settings/usual-address.ts";
import { giveScriptHosts } from "./settings/usual-script-host.ts";
import { giveFlags, giveVariables, readCommands } from "./start/commands.ts";
import { withCopied } from "./start/copied-files.ts";
import { isOfBuiltProgram, otherPrograms, ownPrograms, startLanguage, startsOwn } from "./start/main-programs.ts";
import { giveOtherImages } from "./start/other-images.ts";
import { heedOtherStarter } from "./start/other-starter.ts";
import { readStart } from "./start/start.ts";
import { startedPrograms } from "./start/started.ts";
import { startedTools } from "./start/started-tools.ts";
import { readSupervised } from "./start/supervised.ts";
import { overNetwork } from "./transports.ts";
import { loadGrammars } from "./tree-sitter.ts";
import { guessServers } from "./unknown-servers.ts";

/** Each is loaded for programs that have files of it. */
const LANGUAGES: Record<string, () => Promise<Language>> = {
  csharp: async () => (await import("./csharp/language.ts")).csharp,
  go: async () => (await import("./go/language.ts")).go,
  java: async () => (await import("./java/language.ts")).java,
  php: async () => (await import("./php/language.ts")).php,
  python: async () => (await import("./python/language.ts")).python,
  ruby: async () => (await import("./ruby/language.ts")).ruby,
  rust: async () => (await import("./rust/language.ts")).rust,
};
type Languages = Readonly<Record<string, Language>>;

export interface AnalyzeOptions {
  profile?: "gke" | "knative";
  /** The file that starts the program, when the caller knows it. */
  entry?: string;
  /** Files that the image will hold, when the caller knows them (a bundle's inputs). */
  reachable?: ReadonlySet<string>;
  /** Variables that the image sets, when the caller knows them; they go over a Dockerfile's. */
  env?: Readonly<Record<string, string>>;
}

const SERVER_WORDS =
  /\b(listen\w*|Listen\w*|serve\w*|Serve\w*|bind\w*|run\w*|Run|createServer|SIGTERM|launch|start_server|start|setPort|forPort|ServerSocket|UseUrls)\s*\(/;
/** Where programs mostly start. */
const MAIN_FILE =
  /(^|[/_.-])(main|__main__|server|serve|web|http|app|start|run|cli|manage|wsgi|asgi|index|www)[\w.-]*$/i;

export async function analyzeProject(loaded: LoadedProject, options: AnalyzeOptions = {}): Promise<SourceFacts> {
  const { texts, copied } = withCopied(loaded.texts);
  const present = new Set([...texts.keys()].flatMap((path) => languageOf(path, texts.get(path)) ?? []));
  const known = await loadLanguages(present);
  if (present.has("go")) (await import("./go/build-tags.ts")).settleFiles(texts);
  const skipped = [...loaded.skipped];
  const sink = createSink();
  const start = readStart(texts);
  Object.assign(start.imageEnv, options.env);
  const resolver = createResolver(texts);
  const modules = new Map<string, SourceModule | undefined>();
  const module = (path: string): SourceModule | undefined => {
    if (!modules.has(path)) modules.set(path, parse(path, texts.get(path), known));
    return modules.get(path);
  };
  const language = (l: Pick<Listener, "place">): string | undefined =>
    languageOf(l.place.file, texts.get(l.place.file));
  const words = start.commands.map((c) => c.words);
  const others = options.reachable ? undefined : otherPrograms(texts, words);
  const evaluator = new Evaluator(createModel(texts, known, resolver, module, others ?? new Set()));

  const judged = filesToJudge(texts, resolver, words, options, skipped).filter((p) => !others?.has(p));
  for (const file of others ?? []) skipped.push({ file, why: "of another program" });
  const languages = new Set<string>();
  await loadGrammars(new Set(judged.map((p) => languageOf(p, texts.get(p)) as string)));
  const judge = (path: string): void => {
    const text = texts.get(path) as string;
    const language = languageOf(path, text) as string;
    languages.add(language);
    const own = known[language];
    const serves = (language === "javascript" ? JAVASCRIPT_WORDS : own?.words)?.test(text) ?? false;
    const platform = mayHoldPlatformFacts(language, text);
    const m = serves || platform ? module(path) : undefined;
    if (!m) return;
    guarded(
      () => {
        if (serves && language === "javascript") analyzeJavaScript(m, evaluator, sink);
        else if (serves && own) analyzeModule(own, m, evaluator, sink);
        if (platform) platformFacts(m, evaluator, sink);
      },
      path,
      skipped,
    );
  };
  // Where servers start is looked at first: what following values may cost in all is limited.
  const starts = (p: string): boolean => SERVER_WORDS.test(texts.get(p) as string);
  const distance = (p: string): number =>
    (/\.(py|rb|php|[cm]?[jt]sx?)$/.test(p) ? p.split("/").length : 0) + (MAIN_FILE.test(p) ? 0 : 20);
  const serving = judged.filter(starts).sort((a, b) => distance(a) - distance(b));
  for (const path of [...serving, ...judged.filter((p) => !starts(p))]) judge(path);
  // What the image starts serves nothing (a client, a builder): its repository's server is another program.
  if (sink.listeners.length === 0 && others && others.size > 0) {
    const more = filesToJudge(texts, resolver, words, options, []).filter((p) => others.has(p));
    for (const path of more) judge(path);
    judged.push(...more);
  }
  // A server that the entry's imports do not lead to (plug-ins, folders that are scanned): all scripts are judged.
  const scripts = languages.has("javascript") && !sink.listeners.some((l) => language(l) === "javascript");
  if (scripts && !options.reachable && !options.entry) {
    const more = judgeable(texts).filter((p) => languageOf(p, texts.get(p)) === "javascript" && !judged.includes(p));
    for (const path of more) judge(path);
    judged.push(...more);
  }
  // `ENV FLAGS="--host 0.0.0.0"`, `CMD python main.py $FLAGS`
  for (const c of start.commands)
    c.words = c.words.flatMap((w) => {
      const flags = start.imageEnv[/^"?\$\{?(\w+)\}?"?$/.exec(w)?.[1] ?? ""];
      return flags?.startsWith("-") ? flags.split(/\s+/) : [w];
    });
  // Flags that gunicorn takes from a variable.
  const more = start.imageEnv["GUNICORN_CMD_ARGS"]?.split(/\s+/) ?? [];
  for (const c of start.commands)
    if (more.length > 0 && c.words.some((w) => /(^|\/)gunicorn$/.test(w))) c.words.push(...more);
  const own = ownPrograms(texts);
  const commands = readCommands(start.commands, own);
  readSupervised(start.commands, texts, commands);
  sink.listeners = sink.listeners.filter((l) => !replacedByServer(l, commands.programs, language(l)));
  sink.listeners = overNetwork(sink.listeners, start.imageEnv, commands.chosen);
  if (present.has("python")) sink.listeners = withoutOtherMains(sink.listeners, start.commands, texts);
  sink.listeners.push(...commands.listeners);
  sink.tlsServers.push(...commands.tlsServers);
  javaConfigFacts({ texts, imageEnv: start.imageEnv, sink });
  heedRackEnvironment(sink.listeners, start.imageEnv, commands.chosen);
  if (present.has("kotlin")) (await import("./kotlin/read.ts")).readKotlin(texts, judged, sink);
  heedLauncher(texts, sink);
  serverConfigFacts(texts, start.imageEnv, sink, start.commands);
  // `rails server -p 8080` goes over what puma's own file says.
  if (commands.listeners.some((l) => /^(puma|rails server)$/.test(l.framework) && l.port[0]?.kind !== "absent"))
    sink.listeners = sink.listeners.filter((l) => l.framework !== "puma" || commands.listeners.includes(l));
  // gunicorn without a flag listens where its file says.
  const bound = sink.listeners.some((l) => l.framework === "gunicorn" && !commands.listeners.includes(l));
  if (bound)
    sink.listeners = sink.listeners.filter(
      (l) => l.framework !== "gunicorn" || !commands.listeners.includes(l) || l.port[0]?.kind !== "absent",
    );
  aspNetDefaults(texts, start, sink);
  const byHand = areByHand(sink.listeners, start.commands, texts) ? sink.listeners.splice(0) : [];
  if (sink.listeners.length === 0) {
    const before = commands.tlsServers.length;
    const started = startedPrograms(texts, judged, module, evaluator, commands);
    heedRackEnvironment(commands.listeners, start.imageEnv, [...commands.chosen, ...started]);
    sink.listeners.push(...commands.listeners);
    sink.tlsServers.push(...commands.tlsServers.slice(before));
  }
  if (sink.listeners.length === 0) sink.listeners.push(...byHand);
  if (sink.listeners.length === 0 && !options.reachable) {
    const tools = startedTools(texts).filter((p) => !judged.includes(p));
    for (const path of tools) judge(path);
    judged.push(...tools);
  }
  if (sink.listeners.length === 0 && !commands.isBehindProxy) guessServers(texts, judged, module, evaluator, sink);
  if (sink.listeners.length === 0) declaredServer(texts, judged, others ?? new Set(), sink);
  configFileFacts(texts, start.imageEnv, sink);
  manifestFacts(texts, start.commands, sink);
  leaveOutBrowser(sink, language);
  sink.listeners = heedOtherStarter(sink.listeners, texts, start.commands);
  const shown = sink.listeners;
  sink.listeners = heedScripts(
    shown,
    language,
    () => startsOwn(own, words),
    () => isOfBuiltProgram(texts, words),
  );
  if (shown.some((l) => l.framework === commands.supervisor?.name && !sink.listeners.includes(l)))
    delete commands.supervisor;
  const served = new Set(sink.listeners.flatMap((l) => language(l) ?? []));
  const mentioned = portMentioned(texts, judged, served);
  heedHandedPort(sink.listeners, judged, module, evaluator);
  giveViteSettings(sink.listeners, texts);
  heedNuxt(sink.listeners, texts);
  giveOwnVariables(sink.listeners, module, evaluator);
  giveFileHosts(sink.listeners, texts);
  takeBackHosts(sink.listeners, texts);
  giveUsualHosts(sink.listeners, texts, others ?? new Set());
  giveScriptHosts(sink.listeners, texts, others ?? new Set());
  giveFlags(sink.listeners, commands.chosen);
  giveOtherImages(sink.listeners, texts, start.dockerfile);
  giveVariables(sink.listeners, start.imageEnv);
  sink.listeners = withoutUnmade(heedProxy(sink.listeners, texts), texts);
  heedWatched(sink.listeners, texts);
  sink.needs = sink.needs.filter((n) => start.imageEnv[n.name] === undefined);
  return finish(sink, {
    start: start.commands,
    imageEnv: start.imageEnv,
    portMentioned: mentioned,
    opensElsewhere: openingsOf(texts, served),
    ...(commands.supervisor ? { supervisor: commands.supervisor } : {}),
    languages: [...languages].sort(),
    startLanguage: startLanguage(start.commands, texts),
    judged: judged.filter((file) => !copied.has(file)),
    skipped,
    text: (file) => texts.get(file),
    locate: createLocator(texts, copied),
    profile: options.profile ?? "gke",
  });
}

const FRONT_END = /^(?:client|web-?client|front-?end|ui|web-?ui|webapp|website)\//i;

/** Where a server in another language listens and none in JavaScript does, JavaScript is what it serves to browsers. */
function leaveOutBrowser(sink: FactSink, language: (l: Pick<Listener, "place">) => string | undefined): void {
  // `client/server.js` shows a page to those who write it.
  if (sink.listeners.some((l) => language(l) !== "javascript"))
    sink.listeners = sink.listeners.filter((l) => language(l) !== "javascript" || !FRONT_END.test(l.place.file));
  const served = new Set(sink.listeners.map(language));
  if (served.size === 0 || served.has("javascript") || served.has(undefined) || sink.runtimes.length > 0) return;
  const isServers = (fact: { place: Place }): boolean => language(fact) !== "javascript";
  sink.background = sink.background.filter(isServers);
  sink.state = sink.state.filter(isServers);
  // The start script of a front end (`PORT=5005 react-scripts start`).
  sink.others = sink.others.filter((o) => !(o.kind === "assignment" && o.place.file.endsWith("/package.json")));
}

/** `app.run()` in the file is not what happens when a server program of its own imports the application. */
function replacedByServer(l: Listener, programs: readonly string[], language: string | undefined): boolean {
  // A puma or Rails of its own does not start Sinatra's.
  const isRack = programs.some((p) => /^(puma|rackup|unicorn|thin|falcon|rails server)$/.test(p));
  if (
    isRack &&
    (l.framework === "Sinatra" || (language === "ruby" && l.reach.conditions.some((c) => BY_ITSELF.test(c))))
  )
    return true;
  // How a developer starts PHP's own server is a script of its own.
  if (l.framework === "PHP's own server" && programs.includes("php -S")) return true;
  if (language !== "python" || l.protocol !== "http") return false;
  return programs.some((p) =>
    /^(gunicorn|uvicorn|hypercorn|daphne|granian|waitress|flask run|quart run|fastapi( dev)?|sanic|uwsgi|functions-framework)$/.test(
      p,
    ),
  );
}

/** `if $0 == __FILE__`: where Ruby runs the file by itself. */
const BY_ITSELF = /^(?:\$0|\$PROGRAM_NAME) == __FILE__$|^__FILE__ == (?:\$0|\$PROGRAM_NAME)$/;

type Rest = Omit<SourceFacts, keyof FactSink>;

/** One fact a place, in the order of the files. */
function finish(sink: FactSink, rest: Rest): SourceFacts {
  const unique = <T extends { place: Place }>(list: T[], key: (t: T) => string): T[] => [
    ...new Map(list.map((t) => [`${t.place.file}:${t.place.start}:${key(t)}`, t])).values(),
  ];
  const listeners = unique(sink.listeners, () => "");
  heedBeside(listeners, rest.text);
  return {
    ...rest,
    listeners,
    tlsServers: unique(sink.tlsServers, () => ""),
    signalHandlers: unique(sink.signalHandlers, (s) => `${s.by} ${s.signals}`),
    background: unique(sink.background, (b) => b.what),
    state: unique(sink.state, (s) => s.what),
    needs: unique(sink.needs, (n) => n.name),
    others: unique(sink.others, (o) => o.kind + o.what),
    runtimes: sink.runtimes,
  };
}

/** One broken file must not take the others with it. */
function guarded(run: () => void, file: string, skipped: { file: string; why: string }[]): void {
  try {
    run();
  } catch (error) {
    skipped.push({ file, why: error instanceof RangeError ? "too deeply nested" : "not understood" });
  }
}

async function loadLanguages(present: ReadonlySet<string>): Promise<Languages> {
  const loaded = Object.entries(LANGUAGES).map(async ([name, load]) =>
    present.has(name) ? [[name, await load()]] : [],
  );
  return Object.fromEntries((await Promise.all(loaded)).flat());
}

function parse(path: string, text: string | undefined, languages: Languages): SourceModule | undefined {
  if (text === undefined) return undefined;
  try {
    if (path.endsWith(".json")) return buildModule(path, "javascript", text, lowerJson(text));
    const language = languageOf(path, text);
    if (language === "javascript") {
      const tree = lowerJavaScript(path, text);
      return tree && buildModule(path, "javascript", text, tree);
    }
    const tree = language && languages[language]?.lower(text, path);
    if (tree) return buildModule(path, language, text, tree);
  } catch {
    // Broken beyond what its parser mends, or too deep: nothing is known of it.
  }
  return undefined;
}

function createModel(
  texts: ReadonlyMap<string, string>,
  languages: Languages,
  resolver: Resolver,
  module: (path: string) => SourceModule | undefined,
  others: ReadonlySet<string>,
): ProjectModel {
  const javascript = javascriptSemantics({
    find(specifier, from) {
      const path = resolver.resolve(specifier, from);
      return path ? module(path) : undefined;
    },
    configKey: configPackageKey(texts),
  });
  const finder = {
    module,
    has: (path: string) => texts.has(path),
    paths: [...texts.keys()],
    text: (path: string) => texts.get(path),
  };
  const semantics: Record<string, Semantics> = { javascript };
  for (const [name, language] of Object.entries(languages)) semantics[name] = language.semantics(finder);
  const { usual, thorough } = createSearch(texts, others, module);
  const model = ({ search: matching, leftOut }: typeof usual): ProjectModel => ({
    leftOut,
    semantics: (m) => semantics[m.language] as Semantics,
    matching,
    setting: (name, owner) => ownSetting(texts, name, owner),
    data: (path, from) => shippedData(texts, path, from.path),
    // A call or a literal of it: `word(…)`, `word{…}`, `word.new`; in Python also `Thread(target=word)`, `partial(word, …)`.
    mentioning(word, near) {
      const name = word.replace(/[^\w]/g, "\\$&");
      const called = `(?<![\\w$])${name}\\s*(?:<[^>\\n]*>\\s*)?(?:\\(|\\{|\\.\\w|::)`;
      const later = `${HANDS_ON}${name}\\b`;
      // In Ruby without brackets: `Server.run app, options`, `listen`.
      const bare = `(?<![\\w$@:"'])(?<!\\bdef (?:self\\.)?)${name}(?=[ \\t]+[\\w@:"'\\[{*&$]|[ \\t]*$)`;
      const more = near.language === "python" ? `|${later}` : near.language === "ruby" ? `|${bare}` : "";
      const pattern = new RegExp(called + more, "m");
      return matching(pattern, near, word, near.language === "go" ? importersFirst(near.path) : undefined);
    },
  });
  return { ...model(usual), thorough: model(thorough) };
}
