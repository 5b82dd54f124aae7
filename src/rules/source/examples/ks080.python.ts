import { examplesOf } from "./examples.ts";

const GRPC =
  "import os\nfrom concurrent import futures\nimport grpc\n\nserver = grpc.server(futures.ThreadPoolExecutor(max_workers=10))\nserver.add_insecure_port(f\"[::]:{os.environ.get('PORT', 8080)}\")\nserver.start()\nserver.wait_for_termination()\n";
const SERVICE =
  "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          ports:\n            - name: h2c\n              containerPort: 8080\n";

export default examplesOf(
  "server.py",
  [
    { "server.py": GRPC, "service.yaml": SERVICE },
    { "server.py": GRPC, "deploy.sh": "gcloud run deploy greeter --source . --use-http2\n" },
    { "server.py": GRPC, "main.tf": 'ports {\n  name = "h2c"\n}\n' },
    'import os, grpc\nfrom flask import Flask\napp = Flask(__name__)\nchannel = grpc.insecure_channel(os.environ["BACKEND"])\napp.run(host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    { "server.py": GRPC, "k8s.yaml": SERVICE.replace("name: h2c", "name: 'h2c'") },
    'import os, uvicorn\nfrom fastapi import FastAPI\napp = FastAPI()\nuvicorn.run(app, host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    { "main.py": "from flask import Flask\napp = Flask(__name__)\n", Procfile: "web: gunicorn -b :$PORT main:app\n" },
    {
      "server.py": GRPC,
      "cloudbuild.yaml": "steps:\n  - name: gcloud\n    args: ['run', 'deploy', 'x', '--use-http2']\n",
    },
  ],
  [
    GRPC,
    'import os\nimport grpc\nfrom grpc import aio\n\nasync def serve():\n    server = grpc.aio.server()\n    server.add_insecure_port("0.0.0.0:" + os.environ["PORT"])\n    await server.start()\n    await server.wait_for_termination()\n',
    { "server.py": GRPC, "service.yaml": SERVICE.replace("name: h2c", "name: http1") },
    { "server.py": GRPC, Dockerfile: 'FROM python:3.13-slim\nCOPY . .\nCMD ["python", "server.py"]\n' },
    'from concurrent import futures\nimport os\nimport grpc\nimport greeter_pb2_grpc\n\ndef serve():\n    port = os.environ.get("PORT", "50051")\n    server = grpc.server(futures.ThreadPoolExecutor())\n    greeter_pb2_grpc.add_GreeterServicer_to_server(Greeter(), server)\n    server.add_insecure_port(f"[::]:{port}")\n    server.start()\n    server.wait_for_termination()\n\nif __name__ == "__main__":\n    serve()\n',
    'import grpc, os\nfrom concurrent.futures import ThreadPoolExecutor\n\nclass App:\n    def __init__(self):\n        self.server = grpc.server(ThreadPoolExecutor())\n\n    def run(self):\n        self.server.add_insecure_port("[::]:%s" % os.environ["PORT"])\n        self.server.start()\n',
    { "server.py": GRPC, "deploy.sh": "gcloud run deploy greeter --source . --port 8080\n" },
    'import os\nimport grpc\nfrom concurrent import futures\n\nADDRESS = "0.0.0.0:{}".format(os.environ["PORT"])\nserver = grpc.server(futures.ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", 1)])\nserver.add_insecure_port(ADDRESS)\nserver.start()\n',
  ],
);
