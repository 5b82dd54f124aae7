import { examplesOf } from "./examples.ts";

export default examplesOf(
  "main.py",
  [
    'import os\nname = os.environ.get("NAME", "World")\n',
    'import os\nport = os.environ["PORT"]\n',
    'import os\nif not os.environ.get("NAME"):\n    print("no name")\n',
    'import os\nname = os.getenv("NAME") or "World"\nif not name:\n    raise ValueError("name")\n',
    {
      "main.py": 'import os\nkey = os.environ["API_KEY"]\n',
      Dockerfile: 'FROM python:3.13\nENV API_KEY=x\nCMD ["python", "main.py"]\n',
    },
    'import os\nif "API_KEY" in os.environ:\n    key = os.environ["API_KEY"]\n',
    'import os\ntry:\n    key = os.environ["API_KEY"]\nexcept KeyError:\n    key = None\n',
    "import sys\nif len(sys.argv) < 2:\n    sys.exit(1)\n",
    'import os\ndel os.environ["PYTHONPATH"]\n',
    { "main.py": 'import os\nkey = os.environ["API_KEY"]\n', "keys.py": 'import os\nos.environ["API_KEY"] = make()\n' },
    'import os\nif debug:\n    os.environ["API_KEY"] = "x"\nkey = os.environ["API_KEY"]\n',
    "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    api_key: str\nsettings = Settings(**read('settings.toml'))\n",
  ],
  [
    'import os\nkey = os.environ["API_KEY"]\n',
    'import os\nkey = os.environ["API_KEY"]\ndef reset():\n    os.environ["API_KEY"] = ""\n',
    'import os\nkey = os.environ.get("API_KEY")\nif not key:\n    raise RuntimeError("API_KEY is missing")\n',
    'import os, sys\nif os.getenv("BUCKET") is None:\n    sys.exit(1)\n',
    'import os\nfrom flask import Flask, abort\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    name = os.environ.get("NAME")\n    if not name:\n        abort(500)\n    return name\n',
    'from decouple import config\nSECRET = config("SECRET_KEY")\n',
    'import environ\nenv = environ.Env()\nDATABASE = env("DATABASE_URL")\n',
    'import os\nfrom flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    return os.environ["NAME"]\n',
    'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    api_key: str\n    level: str = "info"\nsettings = Settings()\n',
  ],
);
