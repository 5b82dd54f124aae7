import { installations } from "../../dockerfile/packages.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { bottomImage } from "../../dockerfile/start.ts";

const SERVERS =
  /^(?:(?:default-)?mysql-server.*|mariadb-server.*|mariadb|postgresql(?:-?\d+(?:\.\d+)*)?(?:-server)?|postgresql-server.*|redis(?:-server)?|valkey|mongodb(?:-org|-server)?.*|memcached|cassandra|couchdb|influxdb2?|rabbitmq-server|elasticsearch|opensearch)$/;

export default defineDockerfileRule({
  id: "KN041",
  severity: "warning",
  clause: "S2",
  summary: "No database in the container",
  help: "Instances come and go and share nothing: a database in one loses its data. Use a managed database; client packages are fine.",
  examples: {
    good: [
      "FROM debian:13\nRUN apt-get install -y postgresql-client\n",
      "FROM fedora:43\nRUN dnf install -y postgresql\n",
    ],
    bad: [
      "FROM postgres:17\n",
      "FROM debian:13\nRUN apt-get install -y mysql-server\n",
      "FROM alpine:3.22\nRUN apk add --no-cache mysql\n",
    ],
  },
  *check(subject) {
    const bottom = bottomImage(subject);
    if (bottom?.facts?.kind === "database") {
      yield {
        at: bottom.from.args[0]?.span ?? bottom.from,
        message: `${bottom.facts.name} keeps data, which is lost with the instance`,
      };
    }
    for (const { run, command, packages, from } of installations(subject)) {
      if (from === "language") continue;
      // Alpine calls the server by the plain name, Red Hat the client.
      const redHat = /\b(?:yum|dnf|microdnf)$/.test(command.name);
      const name = packages.find((one) =>
        /^(?:mysql|mariadb|postgresql\d*)$/.test(one)
          ? !redHat && (one !== "mysql" || command.name === "apk")
          : SERVERS.test(one),
      );
      if (name)
        yield { at: inSource(run, command.span), message: `${name} keeps data, which is lost with the instance` };
    }
  },
});
