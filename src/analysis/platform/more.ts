/** Ruby, PHP, Rust and C#: schedulers, stores. */
import { arg, type Knowledge } from "./knowledge.ts";

const NONE = { limits: [], http: [], exec: [], projects: [] } as const;

export const MORE: Record<string, Knowledge> = {
  ruby: {
    ...NONE,
    words: /\b(Rufus|Sidekiq|Clockwork|Resque|GoodJob|SQLite3|Rack::Session|PStore|YAML::Store|sqlite)\b/,
    work: [
      {
        names: "new start_new cron every interval repeat schedule schedule_cron schedule_every in at",
        // The one scheduler of the process may only be asked for its jobs.
        path: /^Rufus\.Scheduler\.(new|start_new|(singleton|s)(\(\))?\.(cron|every|interval|repeat|in|at|schedule\w*))$/,
        what: "rufus-scheduler",
        kind: "scheduler",
      },
      { names: "configure_server", path: /^Sidekiq\.configure_server$/, what: "Sidekiq", kind: "queue" },
    ],
    state: [
      {
        names: "new open",
        path: /^SQLite3\.Database\.(new|open)$/,
        what: "an SQLite file",
        kind: "database",
        file: arg(0),
      },
      { names: "new", path: /^(PStore|YAML\.Store)\.new$/, what: "a store in a file", kind: "file", file: arg(0) },
    ],
  },
  php: {
    ...NONE,
    words: /\b(session_start|sqlite|Timer|swoole_timer_tick|addPeriodicTimer|PDO|SQLite3)\b/,
    work: [
      {
        names: "addPeriodicTimer tick swoole_timer_tick add",
        path: /^(React\.EventLoop\.Loop\.addPeriodicTimer|(OpenSwoole|Swoole)\.Timer\.tick|swoole_timer_tick|Workerman\.(Timer|Lib\.Timer)\.add)$/,
        what: "a periodic timer",
        kind: "timer",
      },
    ],
    state: [
      { names: "session_start", path: /^session_start$/, what: "PHP's sessions in files", kind: "session" },
      {
        names: "PDO SQLite3",
        path: /^(PDO|SQLite3)$/,
        what: "an SQLite file",
        kind: "database",
        when: { slot: arg(0), text: /^(sqlite:|.*\.(db|sqlite3?)$)/ },
        file: arg(0),
      },
    ],
  },
  rust: {
    ...NONE,
    words: /\b(rusqlite|sled|SqlitePool|JobScheduler|tokio_cron_scheduler|MemoryStore|apalis)\b/,
    work: [
      {
        names: "new",
        path: /^tokio_cron_scheduler\.JobScheduler\.new$/,
        what: "tokio-cron-scheduler",
        kind: "scheduler",
      },
    ],
    state: [
      {
        names: "open",
        path: /^(rusqlite\.Connection|sled)\.open$/,
        what: "a local database file",
        kind: "database",
        file: arg(0),
      },
      {
        names: "connect",
        path: /SqlitePool\.connect$/,
        what: "an SQLite file",
        kind: "database",
        file: arg(0),
      },
      {
        names: "default",
        path: /^tower_sessions\.MemoryStore\.default$/,
        what: "tower-sessions' MemoryStore",
        kind: "session",
      },
    ],
  },
  csharp: {
    ...NONE,
    words:
      /\b(AddHostedService|AddDistributedMemoryCache|UseSqlite|LiteDatabase|AddHangfireServer|AddQuartz\w*|AddSession|AddMemoryCache)\b/,
    work: [
      { names: "AddHostedService", path: /\.AddHostedService$/, what: "a hosted service", kind: "scheduler" },
      { names: "AddHangfireServer", path: /\.AddHangfireServer$/, what: "Hangfire", kind: "queue" },
      { names: "AddQuartzHostedService", path: /\.AddQuartz\w*$/, what: "Quartz", kind: "scheduler" },
    ],
    state: [
      {
        names: "AddDistributedMemoryCache",
        path: /\.AddDistributedMemoryCache$/,
        what: "sessions in memory",
        kind: "session",
        alongside: /AddSession|UseSession/,
      },
      { names: "AddMemoryCache", path: /\.AddMemoryCache$/, what: "a cache in memory", kind: "cache" },
      { names: "UseSqlite", path: /\.UseSqlite$/, what: "an SQLite file", kind: "database", file: arg(0) },
      {
        names: "LiteDatabase",
        path: /^(LiteDB\.)?LiteDatabase$/,
        what: "a LiteDB file",
        kind: "database",
        file: arg(0),
      },
    ],
  },
};
