import { examplesOf } from "./examples.ts";

export default examplesOf(
  "store.js",
  [
    'const { Storage } = require("@google-cloud/storage");\nconst storage = new Storage();',
    'const { BigQuery } = require("@google-cloud/bigquery");\nconst db = new BigQuery({ projectId: process.env.GOOGLE_CLOUD_PROJECT });',
    'const { PubSub } = require("@google-cloud/pubsub");\nconst topic = new PubSub().topic("orders");',
    'import { Firestore } from "@google-cloud/firestore";\nconst project = await auth.getProjectId();\nexport const db = new Firestore({ projectId: project });',
    'const { SecretManagerServiceClient } = require("@google-cloud/secret-manager");\nconst client = new SecretManagerServiceClient();\nconst name = `projects/${process.env.PROJECT}/secrets/key/versions/latest`;',
    'const { Firestore } = require("@google-cloud/firestore");\nconst db = new Firestore({ projectId: "demo-shop", host: "localhost:8085", ssl: false });',
    '// new Storage({ projectId: "shop-production-1234" })\nconst { Storage } = require("@google-cloud/storage");\nmodule.exports = new Storage();',
    'const projects = await fetch("/api/projects/list");\nconst url = "https://example.com/projects/overview";',
    'const { CloudTasksClient } = require("@google-cloud/tasks");\nconst client = new CloudTasksClient();\nconst parent = client.queuePath(project, location, queue);',
  ],
  [
    'const { Storage } = require("@google-cloud/storage");\nconst storage = new Storage({ projectId: "shop-production-1234" });',
    'const { BigQuery } = require("@google-cloud/bigquery");\nconst PROJECT = "acme-analytics";\nconst db = new BigQuery({ projectId: PROJECT });',
    'import { PubSub } from "@google-cloud/pubsub";\nexport const pubsub = new PubSub({ projectId: "orders-prod-77" });',
    'const { SecretManagerServiceClient } = require("@google-cloud/secret-manager");\nconst client = new SecretManagerServiceClient();\nclient.accessSecretVersion({ name: "projects/acme-prod/secrets/api-key/versions/latest" });',
    'const admin = require("firebase-admin");\nadmin.initializeApp({ projectId: "acme-mobile-app" });',
    'const { VertexAI } = require("@google-cloud/vertexai");\nconst ai = new VertexAI({ project: "acme-ml-prod", location: "us-central1" });',
    'const { PubSub } = require("@google-cloud/pubsub");\nconst topic = new PubSub().topic("projects/acme-prod/topics/orders");',
    'const { Datastore } = require("@google-cloud/datastore");\nmodule.exports = new Datastore({ projectId: "acme-legacy-db", namespace: "v2" });',
    'const { CloudTasksClient } = require("@google-cloud/tasks");\nconst parent = "projects/acme-prod/locations/europe-west1/queues/mail";\nnew CloudTasksClient().createTask({ parent, task });',
  ],
);
