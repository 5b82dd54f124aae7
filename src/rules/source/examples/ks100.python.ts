import { examplesOf } from "./examples.ts";

export default examplesOf(
  "main.py",
  [
    'from flask import Flask\napp = Flask(__name__)\n\nif __name__ == "__main__":\n    app.run(host="0.0.0.0", port=8080)\n',
    "def add(a, b):\n    return a + b\n",
    { "main.py": "import functions_framework\n\n@functions_framework.http\ndef hello(request):\n    return 'hi'\n" },
    { "main.py": 'if __name__ == "__main__":\n    print("hi")\n', Procfile: "web: gunicorn app.wsgi -b :$PORT\n" },
    {
      "main.py": 'from ourserver import start\n\nif __name__ == "__main__":\n    start()\n',
      "requirements.txt": "fastapi\n",
    },
    { "main.py": 'if __name__ == "__main__":\n    print("hi")\n', "web.py": "import socketserver\n" },
    'import socket\n\nif __name__ == "__main__":\n    s = socket.socket()\n    s.bind(("", 8080))\n    s.listen()\n',
    {
      "main.py": "import streamlit as st\nst.title('hi')\n",
      Dockerfile: "FROM python:3.13\nCMD streamlit run main.py --server.port $PORT\n",
    },
  ],
  [
    'if __name__ == "__main__":\n    print("hello")\n',
    'import pandas as pd\n\ndef main():\n    print(pd.read_csv("in.csv").describe())\n\nif __name__ == "__main__":\n    main()\n',
    {
      "job.py": "import time\n\nfor i in range(10):\n    print(i)\n    time.sleep(1)\n",
      Dockerfile: 'FROM python:3.13-slim\nCOPY . .\nCMD ["python", "job.py"]\n',
    },
    { "migrate.py": "import psycopg\n\npsycopg.connect().execute('vacuum')\n", Procfile: "web: python migrate.py\n" },
    'import argparse\n\nif __name__ == "__main__":\n    parser = argparse.ArgumentParser()\n    parser.add_argument("name")\n    print(parser.parse_args().name)\n',
    {
      "worker.py": 'import redis\n\nr = redis.Redis()\nwhile True:\n    print(r.blpop("jobs"))\n',
      Dockerfile: 'FROM python:3.13-slim\nENTRYPOINT ["python3", "worker.py"]\n',
    },
    {
      "main.py":
        'from google.cloud import bigquery\n\nif __name__ == "__main__":\n    for row in bigquery.Client().query("select 1"):\n        print(row)\n',
      "requirements.txt": "google-cloud-bigquery\n",
    },
    'import requests\n\ndef crawl(url):\n    return requests.get(url).text\n\nif __name__ == "__main__":\n    print(crawl("https://example.com"))\n',
  ],
);
