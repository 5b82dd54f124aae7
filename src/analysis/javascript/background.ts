/** Work that goes on between requests, where the platform gives no CPU. */
import { place, type Visit } from "../collect.ts";
import type { BackgroundWork } from "../facts.ts";
import { inHandler } from "./needs.ts";

export const BACKGROUND_METHODS = new Set([
  "setInterval",
  "schedule",
  "scheduleJob",
  "CronJob",
  "Cron",
  "Queue",
  "Worker",
  "Agenda",
  "every",
  "process",
  "ToadScheduler",
  "addSimpleIntervalJob",
  "Bree",
  "job",
  "setImmediate",
  "run",
]);

const KNOWN: [RegExp, BackgroundWork["kind"], string][] = [
  [/^node-cron\.(schedule|default\.schedule)$/, "scheduler", "node-cron"],
  [/^cron\.(CronJob|job|CronJob\.from|default\.CronJob)$/, "scheduler", "cron"],
  [/^croner(\.Cron|\.default)?$/, "scheduler", "croner"],
  [/^node-schedule\.(scheduleJob|default\.scheduleJob)$/, "scheduler", "node-schedule"],
  [/^toad-scheduler\.ToadScheduler$/, "scheduler", "toad-scheduler"],
  [/^bree$/, "scheduler", "bree"],
  [/^(agenda(\.Agenda)?|@hokify\/agenda\.Agenda)$/, "scheduler", "agenda"],
  [/^bullmq\.(Worker|QueueScheduler)$/, "queue", "BullMQ worker"],
  [/^(bull|bee-queue)(\(\))?\.process$/, "queue", "queue worker"],
  [/^graphile-worker\.run$/, "queue", "graphile-worker"],
  [/^kafkajs\.Kafka\(\)\.consumer\(\)\.run$/, "queue", "Kafka consumer"],
  [/^pg-boss\(\)\.work$/, "queue", "pg-boss worker"],
];

export function backgroundOf(visit: Visit): BackgroundWork | undefined {
  const { view, module, site } = visit;
  if (view.path === "setInterval") {
    if (inHandler(site.scope) || site.scope.kind !== "module") return undefined;
    const after = module.text.slice(site.call.end, site.call.end + 12);
    const minor =
      /^\s*\.unref\(/.test(after) ||
      new RegExp(`\\b${assignedName(visit) ?? "\\u0000"}\\??\\.unref\\(`).test(module.text);
    return { what: "setInterval", kind: "timer", place: place(module, site.call), reach: visit.reach(), minor };
  }
  for (const [path, kind, what] of KNOWN)
    if (path.test(view.path)) return { what, kind, place: place(module, site.call), reach: visit.reach() };
  return undefined;
}

function assignedName({ site }: Visit): string | undefined {
  for (const [name, b] of site.scope.names) if (b.sources.some((s) => s.expr === site.call)) return name;
  return undefined;
}
