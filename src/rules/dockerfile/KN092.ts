import { baseImageCatalogueDate } from "../../dockerfile/catalogue.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN092",
  severity: "warning",
  clause: "S7",
  summary: "The base is still maintained",
  help: "After its end of life a release gets no security fixes. The dates are a table bundled with knbuild.",
  examples: {
    good: ["FROM debian:trixie-slim\n", "FROM node:22-bookworm-slim\n", "FROM python:3.14-alpine3.22\n"],
    bad: [
      "FROM python:3.7\n",
      "FROM golang:1.11\n",
      "FROM node:22-stretch\n",
      "FROM gcr.io/distroless/nodejs16-debian11\n",
      "FROM adoptopenjdk/openjdk11:alpine\n",
    ],
  },
  *check({ model, facts, settings }) {
    for (const { from, image, base } of model.stages) {
      if (!from || base || image === undefined) continue;
      const known = facts(image);
      if (!known?.endOfLife || known.endOfLife > settings.today) continue;
      yield {
        at: from.args[0]?.span ?? from,
        message: `${known.release} is not maintained since ${known.endOfLife}${known.successor ? `: use ${known.successor}` : ""}`,
        evidence: [`table of ${baseImageCatalogueDate()}`],
      };
    }
  },
});
