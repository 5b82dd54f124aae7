import { examplesOf } from "./examples.ts";

const GRPC =
  'const grpc = require("@grpc/grpc-js");\nconst server = new grpc.Server();\nserver.bindAsync(`0.0.0.0:${process.env.PORT || 8080}`, grpc.ServerCredentials.createInsecure(), () => {});\n';
const SERVICE =
  "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          ports:\n            - name: h2c\n              containerPort: 8080\n";

export default examplesOf(
  "server.js",
  [
    { "server.js": GRPC, "service.yaml": SERVICE },
    { "server.js": GRPC, "deploy.sh": "gcloud run deploy app --source . --use-http2\n" },
    {
      "server.js": GRPC,
      "cloudbuild.yaml":
        "steps:\n  - name: gcr.io/google.com/cloudsdktool/cloud-sdk\n    args: [run, deploy, app, --use-http2]\n",
    },
    'require("http").createServer((req, res) => res.end("hi")).listen(process.env.PORT);',
    'const grpc = require("@grpc/grpc-js");\nconst client = new Greeter(process.env.ADDRESS, grpc.credentials.createInsecure());\nrequire("express")().listen(process.env.PORT);',
    'const http2 = require("http2");\nconst client = http2.connect("https://example.com");\nrequire("express")().listen(process.env.PORT);',
    { "server.js": GRPC, "service.yaml": SERVICE.replace("name: h2c", 'name: "h2c"') },
    { "server.js": GRPC, "main.tf": 'ports {\n  name           = "h2c"\n  container_port = 8080\n}\n' },
    'import Fastify from "fastify";\nawait Fastify().listen({ port: process.env.PORT, host: "0.0.0.0" });',
  ],
  [
    GRPC,
    'import { Server, ServerCredentials } from "@grpc/grpc-js";\nconst server = new Server();\nserver.addService(Greeter, { sayHello });\nserver.bindAsync("0.0.0.0:" + process.env.PORT, ServerCredentials.createInsecure(), () => {});',
    'const http2 = require("http2");\nhttp2.createServer((req, res) => res.end("hi")).listen(process.env.PORT);',
    'import { createServer } from "node:http2";\nconst server = createServer();\nserver.on("stream", (stream) => stream.end("hi"));\nserver.listen(Number(process.env.PORT ?? 8080));',
    { "server.js": GRPC, "service.yaml": SERVICE.replace("name: h2c", "name: http1") },
    { "server.js": GRPC, Dockerfile: 'FROM node:24-slim\nCOPY . .\nEXPOSE 8080\nCMD ["node", "server.js"]\n' },
    'const grpc = require("grpc");\nconst server = new grpc.Server();\nserver.bind(`0.0.0.0:${process.env.PORT}`, grpc.ServerCredentials.createInsecure());\nserver.start();',
    'const grpc = require("@grpc/grpc-js");\nfunction main() {\n  const server = new grpc.Server();\n  const port = process.env.PORT || "8080";\n  server.bindAsync(`[::]:${port}`, grpc.ServerCredentials.createInsecure(), (error) => {\n    if (error) throw error;\n  });\n}\nmain();',
  ],
);
