import { baseImageCatalogueDate } from "../../dockerfile/catalogue.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN092",
  severity: "warning",
  clause: "S7",
  summary: "The base is still maintained",
  help: "After its end of life a release gets no security fixes. The dates are a table bundled with knbuild.",
  examples: { good: ["FROM debian:trixie-slim\n"], bad: ["FROM python:3.7\n", "FROM golang:1.11\n"] },
  *check({ model, facts, settings }) {
    for (const { from, image, base } of model.stages) {
      if (!from || base || image === undefined) continue;
      const known = facts(image);
      if (!known?.endOfLife || known.endOfLife > settings.today) continue;
      yield {
        at: from.args[0]?.span ?? from,
        message: `${known.name} ${known.cycle} is not maintained since ${known.endOfLife}${known.successor ? `: use ${known.successor}` : ""}`,
        evidence: [`table of ${baseImageCatalogueDate()}`],
      };
    }
  },
});
