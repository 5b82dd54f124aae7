import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.py",
  [
    'import subprocess\nsubprocess.run(["./bin/tool-linux-amd64", "-v"], check=True)\n',
    'import platform, subprocess\nif platform.machine() == "aarch64":\n    subprocess.run(["./bin/tool-linux-arm64"])\nelse:\n    subprocess.run(["./bin/tool-linux-amd64"])\n',
    { "requirements.txt": 'flask==3.0\npywin32==306; sys_platform == "win32"\n', "app.py": "" },
    { "requirements.txt": "https://example.com/wheels/fast-1.0-cp312-cp312-manylinux_2_17_x86_64.whl\n", "app.py": "" },
    'import subprocess\nsubprocess.check_output(["ffmpeg", "-version"])\n',
    'DOWNLOADS = {"mac": "app-darwin-arm64.dmg", "windows": "app.exe"}\n',
    'import urllib.request\nurllib.request.urlretrieve("https://example.com/model.bin", "/tmp/model.bin")\n',
    'import sys, subprocess\nname = "tool.exe" if sys.platform == "win32" else "tool"\nsubprocess.run([name])\n',
    { "requirements.txt": "# pywin32\nnumpy\n", "app.py": "" },
  ],
  [
    'import subprocess\nsubprocess.run(["./bin/tool-linux-arm64", "-v"], check=True)\n',
    'import os\nos.system("bin/convert-darwin-amd64 in.png out.png")\n',
    'from subprocess import Popen\nPopen(["tools/chromedriver.exe"])\n',
    'import ctypes\nlib = ctypes.CDLL("./libs/libfast.dylib")\n',
    'import urllib.request\nurllib.request.urlretrieve("https://example.com/kubectl_linux_arm64.tar.gz", "/tmp/k.tgz")\n',
    {
      "requirements.txt": "flask\nhttps://example.com/wheels/fast-1.0-cp312-cp312-manylinux_2_17_aarch64.whl\n",
      "app.py": "",
    },
    { "requirements.txt": "./wheels/native-2.1-cp311-cp311-macosx_11_0_arm64.whl\n", "app.py": "" },
    { "requirements.txt": "flask==3.0\npywin32==306\n", "app.py": "" },
    'import requests\nBINARY = "https://example.com/v1/server-aarch64-linux-gnu.tar.gz"\nrequests.get(BINARY)\n',
  ],
);
