import { examplesOf } from "./examples.ts";

const LISTEN = 'require("express")().listen(process.env.PORT);\n';

export default examplesOf(
  "server.js",
  [
    `process.env.PORT ||= "8080";\n${LISTEN}`,
    `process.env.PORT = process.env.PORT || "3000";\n${LISTEN}`,
    `if (!process.env.PORT) process.env.PORT = "3000";\n${LISTEN}`,
    `process.env.PORT ??= "8080";\n${LISTEN}`,
    `process.env.DB_PORT = "5432";\n${LISTEN}`,
    'const PORT = process.env.PORT ?? 8080;\nrequire("express")().listen(PORT);',
    "const config = { PORT: 3000 };\nconfig.PORT = 4000;\nmodule.exports = config;",
    `require("dotenv").config();\n${LISTEN}`,
    `process.env.NODE_ENV = "production";\nconsole.log(process.env.K_SERVICE);\n${LISTEN}`,
    {
      "server.js": LISTEN,
      "service.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          env:\n            - name: LOG_LEVEL\n              value: info\n",
    },
  ],
  [
    `process.env.PORT = "3000";\n${LISTEN}`,
    `process.env.PORT = 8081;\n${LISTEN}`,
    `process.env["PORT"] = String(4000);\n${LISTEN}`,
    `const { env } = process;\nenv.PORT = "5000";\n${LISTEN}`,
    `Object.assign(process.env, { PORT: "3000", LOG_LEVEL: "debug" });\n${LISTEN}`,
    `process.env.K_SERVICE = "shop";\n${LISTEN}`,
    `process.env.K_REVISION = "dev-1";\nprocess.env.K_CONFIGURATION = "dev";\n${LISTEN}`,
    { "server.js": LISTEN, Procfile: "web: PORT=3000 node server.js\n" },
    {
      "server.js": LISTEN,
      "service.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          env:\n            - name: PORT\n              value: '3000'\n",
    },
    { "package.json": '{ "scripts": { "start": "PORT=3000 node server.js" } }', "server.js": LISTEN },
  ],
);
