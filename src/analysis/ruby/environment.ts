/** Sinatra, rackup and Rails take localhost only while they are in development, which they are unless told. */
import type { Listener, StartCommand } from "../facts.ts";

const OF_PLATFORMS = /(?:^|\/)Procfile$|^(?:render|heroku)\.ya?ml$|^(?:railway|nixpacks|fly)\.\w+$|^\.do\//;

export function heedRackEnvironment(
  listeners: readonly Listener[],
  imageEnv: Readonly<Record<string, string>>,
  commands: readonly StartCommand[],
): void {
  const words = commands.flatMap((c) => c.words).join(" ");
  const rack = imageEnv["APP_ENV"] ?? imageEnv["RACK_ENV"];
  const told = /(?:\b(?:RAILS|RACK|APP)_ENV=|(?:^|\s)(?:-e|-E|--env|--environment)[ =])(?!dev)\S/.test(words);
  for (const l of listeners) {
    const given = l.framework === "rails server" ? (imageEnv["RAILS_ENV"] ?? imageEnv["RACK_ENV"]) : rack;
    if (!/^(Sinatra|rackup|rails server|Rack's handler)$/.test(l.framework)) continue;
    const opened = l.framework === "rails server" && (imageEnv["BINDING"] ?? imageEnv["HOST"]);
    // A Procfile, and its like, is for platforms that set the environment themselves.
    const elsewhere =
      l.framework === "rails server" ? !/dockerfile/i.test(l.place.file) : OF_PLATFORMS.test(l.place.file);
    if (told || elsewhere || opened || (given !== undefined && given !== "development"))
      l.defaults = { ...l.defaults, host: "all" };
  }
}
