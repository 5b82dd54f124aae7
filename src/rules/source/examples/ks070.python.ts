import { examplesOf } from "./examples.ts";

const RUN = 'app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 8080)))\n';
const FLASK = "import os\nfrom flask import Flask\n\napp = Flask(__name__)\n";

export default examplesOf(
  "app.py",
  [
    `${FLASK}os.environ.setdefault("PORT", "8080")\n${RUN}`,
    `${FLASK}if "PORT" not in os.environ:\n    os.environ["PORT"] = "8080"\n${RUN}`,
    `${FLASK}os.environ["PORT"] = os.environ.get("PORT", "8080")\n${RUN}`,
    `${FLASK}os.environ["DB_PORT"] = "5432"\n${RUN}`,
    `${FLASK}PORT = 8080\n${RUN}`,
    `${FLASK}config = {}\nconfig["PORT"] = 5000\n${RUN}`,
    `${FLASK}from dotenv import load_dotenv\nload_dotenv()\n${RUN}`,
    `${FLASK}print(os.environ["K_SERVICE"])\n${RUN}`,
  ],
  [
    `${FLASK}os.environ["PORT"] = "5000"\n${RUN}`,
    `${FLASK}os.putenv("PORT", "5000")\n${RUN}`,
    `${FLASK}os.environ.update({"PORT": "5000", "DEBUG": "1"})\n${RUN}`,
    `${FLASK}os.environ.update(PORT="5000")\n${RUN}`,
    `from os import environ\nimport os\nfrom flask import Flask\n\napp = Flask(__name__)\nenviron["PORT"] = str(9000)\n${RUN}`,
    `${FLASK}os.environ["K_SERVICE"] = "shop"\n${RUN}`,
    { "app.py": `${FLASK}${RUN}`, Procfile: "web: PORT=5000 python app.py\n" },
    `${FLASK}def configure():\n    os.environ["PORT"] = "5000"\n\nconfigure()\n${RUN}`,
    `${FLASK}os.environ["K_REVISION"] = "local"\nos.environ["K_CONFIGURATION"] = "local"\n${RUN}`,
  ],
);
