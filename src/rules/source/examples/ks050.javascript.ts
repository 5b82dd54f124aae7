import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.js",
  [
    'const { execFile } = require("child_process");\nexecFile("./bin/resize-linux-amd64", ["in.png"], done);',
    'const { spawn } = require("node:child_process");\nconst name = process.platform === "darwin" ? "./bin/tool-darwin-arm64" : "./bin/tool-linux-x64";\nspawn(name);',
    'const { spawn } = require("child_process");\nif (process.arch === "arm64") spawn("./bin/tool-linux-arm64");\nelse spawn("./bin/tool-linux-x64");',
    'const BINARIES = { darwin: "tool-darwin-x64", linux: "tool-linux-x64" };\nconst { spawn } = require("child_process");\nspawn(BINARIES[process.platform]);',
    {
      "package.json":
        '{ "name": "app", "os": ["linux", "darwin"], "cpu": ["x64", "arm64"], "dependencies": { "sharp": "^0.33.0" } }',
      "server.js": 'require("sharp");',
    },
    {
      "package.json":
        '{ "name": "app", "dependencies": { "esbuild": "1.0.0" }, "optionalDependencies": { "@esbuild/darwin-arm64": "1.0.0" } }',
      "server.js": "",
    },
    'import { execa } from "execa";\nawait execa("ffmpeg", ["-i", "in.mp4"]);',
    'console.log("Download app-win32-x64.exe or app-darwin-arm64.dmg from our page");',
    'export const downloads = ["app-linux-arm64.tar.gz", "app-darwin-arm64.tar.gz"];',
    { "package.json": '{ "name": "app", "os": ["!win32"] }', "server.js": "" },
  ],
  [
    'const { execFile } = require("child_process");\nexecFile("./bin/resize-linux-arm64", ["in.png"], done);',
    'import { spawn } from "node:child_process";\nspawn("./vendor/wkhtmltopdf.exe", ["page.html"]);',
    'const { execSync } = require("child_process");\nexecSync("curl -L https://example.com/tool-darwin-amd64.tar.gz | tar xz");',
    'const cp = require("child_process");\nconst TOOL = `${__dirname}/bin/converter-aarch64-linux`;\ncp.spawn(TOOL, ["-v"]);',
    'const response = await fetch("https://example.com/releases/tool_linux_armv7.tar.gz");',
    { "package.json": '{ "name": "app", "cpu": ["arm64"] }', "server.js": "" },
    { "package.json": '{ "name": "app", "os": ["darwin"] }', "server.js": "" },
    {
      "package.json": '{ "name": "app", "dependencies": { "@rollup/rollup-linux-arm64-gnu": "4.0.0" } }',
      "server.js": "",
    },
    { "package.json": '{ "name": "app", "dependencies": { "@img/sharp-darwin-arm64": "0.33.0" } }', "server.js": "" },
    'import { execa } from "execa";\nawait execa("./bin/model-apple-darwin-arm64.dylib".replace("x", "x"));\nawait execa("bin/server-windows-amd64");',
  ],
);
