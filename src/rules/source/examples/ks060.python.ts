import { examplesOf } from "./examples.ts";

const URL = "http://metadata.google.internal/computeMetadata/v1";

export default examplesOf(
  "meta.py",
  [
    `import requests\nregion = requests.get("${URL}/instance/region", headers={"Metadata-Flavor": "Google"}).text\n`,
    `import requests\nHEADERS = {"Metadata-Flavor": "Google"}\n\ndef project():\n    return requests.get("${URL}/project/project-id", headers=HEADERS).text\n`,
    `import urllib.request\nreq = urllib.request.Request("${URL}/project/project-id")\nreq.add_header("Metadata-Flavor", "Google")\nproject = urllib.request.urlopen(req).read().decode()\n`,
    `import requests\nsession = requests.Session()\nsession.headers["Metadata-Flavor"] = "Google"\nregion = session.get("${URL}/instance/region").text\n`,
    "import google.auth\ncredentials, project = google.auth.default()\n",
    `import httpx\nclient = httpx.Client(headers={"metadata-flavor": "Google"})\nzone = client.get("${URL}/instance/zone").text\n`,
    'import requests\nid = requests.get("http://169.254.169.254/latest/meta-data/instance-id").text\n',
    `# requests.get("${URL}/instance/region")\nREGION = "unknown"\n`,
    `from google.auth.compute_engine import _metadata\nMETADATA_URL = "${URL}"\n`,
  ],
  [
    `import requests\nregion = requests.get("${URL}/instance/region").text\n`,
    `import urllib.request\nproject = urllib.request.urlopen("${URL}/project/project-id").read().decode()\n`,
    'import requests\nBASE = "http://metadata.google.internal"\n\ndef zone():\n    return requests.get(BASE + "/computeMetadata/v1/instance/zone").text\n',
    'import httpx\n\nasync def token():\n    async with httpx.AsyncClient() as client:\n        return (await client.get("http://metadata/computeMetadata/v1/instance/service-accounts/default/token")).json()\n',
    `import requests\nid = requests.get("${URL}/instance/id", timeout=2, headers={"Accept": "text/plain"}).text\n`,
    'from urllib.request import Request, urlopen\nrequest = Request("http://169.254.169.254/computeMetadata/v1/instance/id")\nprint(urlopen(request).read())\n',
    `import requests\nsession = requests.Session()\nregion = session.get("${URL}/instance/region").text\n`,
    `import requests\n\ndef region():\n    return requests.get("${URL}/instance/region").text\n\ndef project():\n    return requests.get("${URL}/project/project-id", headers={"Metadata-Flavor": "Google"}).text\n`,
    'import requests\npath = "project/project-id"\nprint(requests.get(f"http://metadata.google.internal/computeMetadata/v1/{path}").text)\n',
  ],
);
