import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const STORAGE = ["com.google.cloud.storage.Storage", "com.google.cloud.storage.StorageOptions"];
const PORT = "server.port=${PORT:8080}\n";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(STORAGE, "Storage storage = StorageOptions.getDefaultInstance().getService();"),
    javaMain(
      STORAGE,
      'Storage storage = StorageOptions.newBuilder().setProjectId(System.getenv("PROJECT")).build().getService();',
    ),
    javaMain(
      ["com.google.cloud.ServiceOptions", "com.google.pubsub.v1.TopicName"],
      'TopicName topic = TopicName.of(ServiceOptions.getDefaultProjectId(), "orders");',
    ),
    springBoot(`${PORT}spring.cloud.gcp.project-id=\${GOOGLE_CLOUD_PROJECT}\n`),
    javaMain(
      ["com.google.cloud.datastore.DatastoreOptions"],
      'var db = DatastoreOptions.newBuilder().setProjectId("test").build().getService();',
    ),
    javaMain([], 'String url = "https://example.com/projects/list";'),
    javaMain([], 'String name = String.format("projects/%s/secrets/key", System.getenv("PROJECT"));'),
    springBoot(PORT, "3.3.1", {
      "src/main/resources/application-dev.properties": "spring.cloud.gcp.project-id=acme-dev-1234\n",
    }),
  ],
  [
    javaMain(
      STORAGE,
      'Storage storage = StorageOptions.newBuilder().setProjectId("shop-production-1234").build().getService();',
    ),
    javaMain(
      ["com.google.cloud.bigquery.BigQueryOptions"],
      'String project = "acme-analytics";\nvar db = BigQueryOptions.newBuilder().setProjectId(project).build().getService();',
    ),
    javaMain(["com.google.pubsub.v1.TopicName"], 'TopicName topic = TopicName.of("acme-prod-77", "orders");'),
    javaMain(
      ["com.google.cloud.secretmanager.v1.SecretVersionName"],
      'SecretVersionName name = SecretVersionName.of("acme-prod-77", "key", "latest");',
    ),
    springBoot(`${PORT}spring.cloud.gcp.project-id=acme-prod-77\n`),
    javaMain(
      ["com.google.cloud.firestore.FirestoreOptions"],
      'var db = FirestoreOptions.newBuilder().setProjectId("acme-mobile-app").build().getService();',
    ),
    javaMain([], 'String queue = "projects/acme-prod/locations/europe-west1/queues/mail";\nsend(queue);'),
    javaMain(["com.google.cloud.vertexai.VertexAI"], 'VertexAI ai = new VertexAI("acme-ml-prod", "us-central1");'),
  ],
);
