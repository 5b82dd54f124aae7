import { examplesOf } from "./examples.ts";

const FLASK = "import os\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n";

export default examplesOf(
  "app.py",
  [
    'import sqlite3\ndb = sqlite3.connect(":memory:")\n',
    'import sqlite3\ndb = sqlite3.connect("file:cities.db?mode=ro", uri=True)\n',
    'import os\nfrom sqlalchemy import create_engine\nengine = create_engine(os.environ["DATABASE_URL"])\n',
    'from sqlalchemy import create_engine\nengine = create_engine("sqlite://")\n',
    `${FLASK}app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]\n`,
    `${FLASK}@app.get("/")\ndef page():\n    with open("index.html") as f:\n        return f.read()\n`,
    `${FLASK}import tempfile\n\n@app.post("/convert")\ndef convert():\n    with tempfile.NamedTemporaryFile() as f:\n        f.write(request.data)\n        return run(f.name)\n`,
    `${FLASK}@app.post("/convert")\ndef convert():\n    with open("/tmp/in.png", "wb") as f:\n        f.write(request.data)\n    return run("/tmp/in.png")\n`,
    {
      "shop/settings.py":
        'import dj_database_url\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\nDATABASES["default"] = dj_database_url.config()\n',
    },
    {
      "shop/settings.py":
        'import os\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB"]}}\nSESSION_ENGINE = "django.contrib.sessions.backends.cached_db"\n',
    },
    'with open("version.txt", "w") as f:\n    f.write("1")\n',
  ],
  [
    'import sqlite3\ndb = sqlite3.connect("app.db")\n',
    'from sqlalchemy import create_engine\nengine = create_engine("sqlite:///./test.db", connect_args={"check_same_thread": False})\n',
    `${FLASK}app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///site.db"\n`,
    'import os\nfrom flask import Flask\n\nbase = os.path.abspath(os.path.dirname(__file__))\n\nclass Config:\n    SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL") or "sqlite:///" + os.path.join(base, "app.db")\n',
    {
      "shop/settings.py":
        'from pathlib import Path\n\nBASE_DIR = Path(__file__).resolve().parent.parent\nDATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.sqlite3",\n        "NAME": BASE_DIR / "db.sqlite3",\n    }\n}\n',
    },
    `${FLASK}app.config["SESSION_TYPE"] = "filesystem"\n`,
    `${FLASK}@app.post("/notes")\ndef note():\n    with open("notes.txt", "a") as f:\n        f.write(request.form["text"])\n    return "", 201\n`,
    `${FLASK}UPLOADS = "static/uploads"\n\n@app.post("/upload")\ndef upload():\n    file = request.files["file"]\n    file.save(os.path.join(UPLOADS, file.filename))\n    return "", 204\n`,
    'from tinydb import TinyDB\n\ndb = TinyDB("db.json")\n',
    'import shelve\n\nstore = shelve.open("visits")\n',
    'import json\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\ndef save(items):\n    with open("items.json", "w") as f:\n        json.dump(items, f)\n\n@app.post("/items")\nasync def add(item: dict):\n    save([item])\n',
    'from peewee import SqliteDatabase\n\ndb = SqliteDatabase("people.db")\n',
    'import chromadb\n\nclient = chromadb.PersistentClient(path="./chroma")\n',
  ],
);
