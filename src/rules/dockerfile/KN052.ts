import { installations } from "../../dockerfile/packages.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";

const PACKAGES = new Set(
  "cron cronie cronie-anacron anacron dcron fcron busybox-initscripts supervisor supervisord runit s6 s6-overlay monit systemd systemd-sysv openrc circus".split(
    " ",
  ),
);
/** Supervisors that come as a language's package. */
const PROGRAMS = new Set("supervisor circus honcho pm2 forever foreman".split(" "));

export default defineDockerfileRule({
  id: "KN052",
  severity: "warning",
  clause: "S3",
  summary: "No cron and no supervisor in the image",
  help: "Nothing runs outside of requests, and one container is one server: these packages have nothing to do.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get install -y ca-certificates\n"],
    bad: [
      "FROM debian:13\nRUN apt-get install -y cron\n",
      "FROM node:24\nRUN npm install -g pm2@6.0.5\n",
      "FROM debian:13\nARG SCHEDULER=cron\nRUN apt-get install -y $SCHEDULER\n",
    ],
  },
  *check(subject) {
    for (const { run, command, packages, from } of installations(subject)) {
      const wanted = from === "language" ? PROGRAMS : PACKAGES;
      const name = packages.find((one) => wanted.has(one));
      if (name) yield { at: inSource(run, command.span), message: `${name} has nothing to do here` };
    }
  },
});
