import { examplesOf } from "./examples.ts";

const URL = "http://metadata.google.internal/computeMetadata/v1";

export default examplesOf(
  "metadata.js",
  [
    `const answer = await fetch("${URL}/project/project-id", { headers: { "Metadata-Flavor": "Google" } });`,
    `const axios = require("axios");\nconst client = axios.create({ headers: { "Metadata-Flavor": "Google" } });\nmodule.exports = () => client.get("${URL}/instance/region");`,
    'const metadata = require("gcp-metadata");\nmodule.exports = () => metadata.project("project-id");',
    `const HEADERS = { "metadata-flavor": "Google" };\nexport const region = async () => (await fetch("${URL}/instance/region", { headers: HEADERS })).text();`,
    `const got = require("got");\nmodule.exports = () => got("${URL}/instance/id", { headers: { "Metadata-Flavor": "Google" } }).text();`,
    `const http = require("http");\nhttp.get({ host: "metadata.google.internal", path: "/computeMetadata/v1/instance/id", headers: { "Metadata-Flavor": "Google" } }, read);`,
    'const answer = await fetch("http://169.254.169.254/latest/meta-data/instance-id");',
    `// ${URL}/instance/region\nconst region = process.env.REGION;`,
    `const request = require("request");\nconst options = { url: "${URL}/instance/id", headers: { "Metadata-Flavor": "Google" } };\nrequest(options, done);`,
    'const answer = await fetch("https://example.com/metadata/computeMetadata");',
  ],
  [
    `const answer = await fetch("${URL}/project/project-id");`,
    `const axios = require("axios");\nmodule.exports = () => axios.get("${URL}/instance/region");`,
    'const http = require("http");\nhttp.get("http://metadata/computeMetadata/v1/instance/id", read);',
    'const BASE = "http://metadata.google.internal";\nexport const token = async () => (await fetch(`${BASE}/computeMetadata/v1/instance/service-accounts/default/token`)).json();',
    'const got = require("got");\nmodule.exports = () => got("http://169.254.169.254/computeMetadata/v1/instance/zone").text();',
    `const response = await fetch("${URL}/instance/region", { headers: { accept: "text/plain" } });`,
    `const request = require("request");\nrequest("${URL}/instance/id", done);`,
    `import fetch from "node-fetch";\nexport async function zone() {\n  return (await fetch("${URL}/instance/zone")).text();\n}\nexport async function id() {\n  return (await fetch("${URL}/instance/id", { headers: { "Metadata-Flavor": "Google" } })).text();\n}`,
    `import superagent from "superagent";\nexport const project = () => superagent.get("${URL}/project/project-id");`,
  ],
);
