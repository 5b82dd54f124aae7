import { examplesOf } from "./examples.ts";

export default examplesOf(
  "store.py",
  [
    "from google.cloud import storage\nclient = storage.Client()\n",
    'import os\nfrom google.cloud import bigquery\nclient = bigquery.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"])\n',
    "import google.auth\nfrom google.cloud import firestore\n_, project = google.auth.default()\ndb = firestore.Client(project=project)\n",
    'from google.cloud import secretmanager\n\ndef read(project, name):\n    client = secretmanager.SecretManagerServiceClient()\n    return client.access_secret_version(name=f"projects/{project}/secrets/{name}/versions/latest")\n',
    'from google.cloud import datastore\nclient = datastore.Client(project="test")\n',
    '# storage.Client(project="shop-production-1234")\nfrom google.cloud import storage\n',
    'URL = "https://example.com/projects/overview"\n',
    'import os\nimport vertexai\nvertexai.init(project=os.getenv("PROJECT"), location=os.getenv("REGION"))\n',
    'from google.cloud import bigquery\nclient = bigquery.Client(location="EU")\n',
  ],
  [
    'from google.cloud import storage\nclient = storage.Client(project="shop-production-1234")\n',
    'from google.cloud import bigquery\nPROJECT = "acme-analytics"\nclient = bigquery.Client(PROJECT)\n',
    'from google.cloud import pubsub_v1\npublisher = pubsub_v1.PublisherClient()\ntopic = publisher.topic_path("acme-prod-77", "orders")\n',
    'from google.cloud import secretmanager\nclient = secretmanager.SecretManagerServiceClient()\nclient.access_secret_version(name="projects/acme-prod/secrets/key/versions/1")\n',
    'import vertexai\nvertexai.init(project="acme-ml-prod", location="us-central1")\n',
    'from google.cloud import firestore\ndb = firestore.Client(project="acme-mobile-app", database="main")\n',
    'from google.cloud import pubsub_v1\nTOPIC = "projects/acme-prod/topics/orders"\npubsub_v1.PublisherClient().publish(TOPIC, b"x")\n',
    'from google.cloud import logging\nlogging.Client(project="acme-ops-123").setup_logging()\n',
    'from google.cloud import tasks_v2\nQUEUE = "projects/acme-prod/locations/europe-west1/queues/mail"\n',
  ],
);
