/** Checkstyle XML: Jenkins, reviewdog and others read it. */
import { defineReporter } from "../check/reporter.ts";
import { escapeXml } from "../check/xml.ts";

export default defineReporter({
  id: "checkstyle",
  summary: "Checkstyle XML",
  report({ findings, files }) {
    const named = [...new Set([...files, ...findings.map(({ location }) => location.file)])];
    const blocks = named.map((file) => {
      const errors = findings
        .filter(({ location }) => location.file === file)
        .map(
          ({ rule, severity, message, location: { region } }) =>
            `    <error line="${region?.startLine ?? 1}" column="${region?.startColumn ?? 1}" severity="${severity}" message="${escapeXml(message)}" source="${escapeXml(rule)}"/>`,
        );
      return errors.length > 0
        ? `  <file name="${escapeXml(file)}">\n${errors.join("\n")}\n  </file>`
        : `  <file name="${escapeXml(file)}"/>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n${blocks.join("\n")}\n</checkstyle>`;
  },
});
