import { examplesOf } from "./examples.ts";

const FLASK = "import os\nfrom flask import Flask, request, session\n\napp = Flask(__name__)\n\n";
const FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n\n";

export default examplesOf(
  "app.py",
  [
    `${FLASK}app.secret_key = os.environ["KEY"]\n\n@app.get("/")\ndef hello():\n    session["seen"] = True\n    return "hi"\n`,
    `${FLASK}app.config["SESSION_TYPE"] = "redis"\n`,
    `${FASTAPI}LABELS = ["a", "b"]\n\n@app.get("/labels")\ndef labels():\n    return LABELS\n`,
    `${FASTAPI}@app.get("/squares")\ndef squares(n: int):\n    out = []\n    for i in range(n):\n        out.append(i * i)\n    return out\n`,
    `${FASTAPI}from starlette.middleware.sessions import SessionMiddleware\n\napp.add_middleware(SessionMiddleware, secret_key="x")\n`,
    {
      "shop/settings.py":
        'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"\nCACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://cache"}}\n',
    },
    { "shop/settings.py": 'CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}\n' },
    `${FLASK}from functools import lru_cache\n\n@lru_cache(maxsize=100)\ndef rate(currency):\n    return load(currency)\n`,
    `${FLASK}from flask_limiter import Limiter\n\nlimiter = Limiter(get_remote_address, app=app, storage_uri=os.environ["REDIS"])\n`,
    `${FASTAPI}from cachetools import TTLCache\n\nrates = TTLCache(maxsize=100, ttl=60)\n`,
  ],
  [
    `${FLASK}todos = []\n\n@app.post("/todos")\ndef add():\n    todos.append(request.json)\n    return "", 201\n\n@app.get("/todos")\ndef all():\n    return todos\n`,
    `${FASTAPI}items = {}\n\n@app.put("/items/{id}")\ndef put(id: int, item: dict):\n    items[id] = item\n`,
    `${FASTAPI}from typing import List\n\ndb: List[dict] = []\n\n@app.post("/users")\nasync def create(user: dict):\n    db.append(user)\n    return user\n`,
    `${FLASK}visits = dict()\n\n@app.route("/visit/<name>")\ndef visit(name):\n    visits[name] = visits.get(name, 0) + 1\n    return str(visits[name])\n`,
    "from fastapi_sessions.backends.implementations import InMemoryBackend\n\nbackend = InMemoryBackend()\n",
    { "shop/settings.py": 'CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}\n' },
    'from sanic import Sanic\nfrom sanic_session import InMemorySessionInterface, Session\n\napp = Sanic("shop")\nSession(app, interface=InMemorySessionInterface())\n',
    "from starlette.applications import Starlette\nfrom starsessions import InMemoryStore, SessionMiddleware\n\napp = Starlette()\napp.add_middleware(SessionMiddleware, store=InMemoryStore(), cookie_https_only=True)\n",
    'from collections import defaultdict\nfrom flask import Flask, request\n\napp = Flask(__name__)\nvotes = defaultdict(list)\n\n@app.route("/vote", methods=["POST"])\ndef vote():\n    votes.setdefault(request.form["team"], []).append(1)\n    return "ok"\n',
  ],
);
