/** JUnit XML: one suite a file, one failure a finding. */
import { defineReporter } from "../check/reporter.ts";
import { escapeXml } from "../check/xml.ts";

export default defineReporter({
  id: "junit",
  summary: "JUnit XML",
  report({ findings, files }) {
    const named = [...new Set([...files, ...findings.map(({ location }) => location.file)])];
    const suites = named.map((file) => {
      const own = findings.filter(({ location }) => location.file === file);
      const cases = own.map(({ rule, severity, message, location: { region } }) => {
        const place = `${file}:${region?.startLine ?? 1}`;
        const failure = `<failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`${place}: ${message}`)}</failure>`;
        return `    <testcase classname="${escapeXml(file)}" name="${escapeXml(`${rule} ${place}`)}">${failure}</testcase>`;
      });
      if (cases.length === 0) cases.push(`    <testcase classname="${escapeXml(file)}" name="clean"/>`);
      return `  <testsuite name="${escapeXml(file)}" tests="${cases.length}" failures="${own.length}">\n${cases.join("\n")}\n  </testsuite>`;
    });
    const tests = named.reduce(
      (sum, file) => sum + Math.max(1, findings.filter(({ location }) => location.file === file).length),
      0,
    );
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="knbuild lint" tests="${tests}" failures="${findings.length}">\n${suites.join("\n")}\n</testsuites>`;
  },
});
