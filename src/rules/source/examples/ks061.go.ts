import { examplesOf } from "./examples.ts";
import { goMain } from "./go-program.ts";

const CONTEXT = "ctx := context.Background()\n";

export default examplesOf(
  "main.go",
  [
    goMain(
      "context cloud.google.com/go/storage",
      `${CONTEXT}client, _ := storage.NewClient(ctx)\ndefer client.Close()`,
    ),
    goMain(
      "context os cloud.google.com/go/pubsub",
      `${CONTEXT}client, _ := pubsub.NewClient(ctx, os.Getenv("GOOGLE_CLOUD_PROJECT"))\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/firestore",
      `${CONTEXT}client, _ := firestore.NewClient(ctx, firestore.DetectProjectID)\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/compute/metadata cloud.google.com/go/datastore",
      `${CONTEXT}project, _ := metadata.ProjectID()\nclient, _ := datastore.NewClient(ctx, project)\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/bigquery",
      `${CONTEXT}client, _ := bigquery.NewClient(ctx, bigquery.DetectProjectID)\ndefer client.Close()`,
    ),
    goMain("fmt os", 'fmt.Printf("projects/%s/topics/orders", os.Getenv("PROJECT"))'),
    goMain("fmt", 'fmt.Println("https://example.com/projects/list")'),
    goMain(
      "context cloud.google.com/go/datastore",
      `${CONTEXT}client, _ := datastore.NewClient(ctx, "test")\ndefer client.Close()`,
    ),
  ],
  [
    goMain(
      "context cloud.google.com/go/pubsub",
      `${CONTEXT}client, _ := pubsub.NewClient(ctx, "orders-prod-77")\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/firestore",
      `${CONTEXT}client, _ := firestore.NewClient(ctx, projectID)\ndefer client.Close()`,
      'const projectID = "acme-mobile-app"',
    ),
    goMain(
      "context cloud.google.com/go/bigquery",
      `${CONTEXT}client, _ := bigquery.NewClient(ctx, "acme-analytics")\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/datastore",
      `${CONTEXT}client, _ := datastore.NewClient(ctx, "acme-legacy-db")\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/logging",
      `${CONTEXT}client, _ := logging.NewClient(ctx, "acme-ops-123")\ndefer client.Close()`,
    ),
    goMain("fmt", "fmt.Println(secret)", 'const secret = "projects/acme-prod/secrets/api-key/versions/latest"'),
    goMain(
      "context cloud.google.com/go/pubsub/v2",
      `${CONTEXT}client, err := pubsub.NewClient(ctx, "acme-prod-77")\nif err != nil {\n\tpanic(err)\n}\ndefer client.Close()`,
    ),
    goMain(
      "context cloud.google.com/go/cloudtasks/apiv2",
      `${CONTEXT}queue := "projects/acme-prod/locations/europe-west1/queues/mail"\ncreate(ctx, queue)`,
    ),
  ],
);
