import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { startCommand } from "../../dockerfile/start.ts";

const SUPERVISORS = new Set(
  "supervisord cron crond init systemd systemd-init runsvdir runit runit-init s6-svscan s6-overlay-init monit circusd openrc-init my_init svscan busybox-init anacron fcron pm2 pm2-runtime pm2-docker forever foreman honcho overmind hivemind goreman".split(
    " ",
  ),
);

export default defineDockerfileRule({
  id: "KN050",
  severity: "error",
  clause: "S3",
  summary: "The app is what starts",
  help: "Outside of requests the CPU is throttled and the instance may go: schedulers and supervisors do not work. One container, one server; scheduled work belongs to Cloud Scheduler, a PingSource or a Job. (tini and dumb-init only pass signals on.)",
  examples: {
    good: ['FROM node:24\nCMD ["node", "s.js"]\n'],
    bad: ['FROM debian:13\nCMD ["supervisord", "-n"]\n', 'FROM node:24\nCMD ["pm2-runtime", "s.js"]\n'],
  },
  *check(subject) {
    const start = startCommand(subject);
    const program = start?.programs.find(
      ({ name, words }) =>
        SUPERVISORS.has(name) ||
        (name === "service" && /^crond?$/.test(words[1] ?? "")) ||
        (name === "busybox" && words[1] === "crond"),
    );
    if (start && program)
      yield { at: start.instruction, message: `${program.words[0]} is no server: nothing runs outside of requests` };
  },
});
