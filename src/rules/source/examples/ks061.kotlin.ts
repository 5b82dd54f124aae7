import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN } from "./kotlin.ts";

const spring = (properties: string, name = "application"): Record<string, string> => ({
  [`src/main/resources/${name}.properties`]: properties,
  [KOTLIN_MAIN]: "@SpringBootApplication\nclass App\n",
});

export default examplesOf(
  KOTLIN_MAIN,
  [
    "val storage = StorageOptions.getDefaultInstance().service\n",
    'val storage = StorageOptions.newBuilder().setProjectId(System.getenv("PROJECT")).build().service\n',
    'val topic = TopicName.of(ServiceOptions.getDefaultProjectId(), "orders")\n',
    'val name = "projects/${project}/secrets/key/versions/latest"\n',
    'val url = "https://example.com/projects/list"\n',
    spring("spring.cloud.gcp.project-id=${GOOGLE_CLOUD_PROJECT}\n"),
    '// setProjectId("shop-production-1234")\nval x = 1\n',
    'val db = DatastoreOptions.newBuilder().setProjectId("test").build().service\n',
  ],
  [
    'val storage = StorageOptions.newBuilder().setProjectId("shop-production-1234").build().service\n',
    'val topic = TopicName.of("acme-prod-77", "orders")\n',
    'val name = SecretVersionName.of("acme-prod-77", "key", "latest")\n',
    'val secret = "projects/acme-prod/secrets/api-key/versions/latest"\n',
    'fun send() = client.createTask("projects/acme-prod/locations/europe-west1/queues/mail", task)\n',
    spring("spring.cloud.gcp.project-id=acme-prod-77\n"),
    'val db = FirestoreOptions.newBuilder()\n    .setProjectId("acme-mobile-app")\n    .build()\n    .service\n',
    'val options = FirebaseOptions.builder().setProjectId("acme-mobile-app").build()\n',
  ],
);
