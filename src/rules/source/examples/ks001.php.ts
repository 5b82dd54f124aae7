import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", (int) (getenv("PORT") ?: 8080));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . ($_ENV["PORT"] ?? 8080));\n$http->listen($socket);\n',
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://0.0.0.0:" . getenv("PORT"));\nWorker::runAll();\n',
    '<?php\necho "hello";\n',
    '<?php\n// new Swoole\\Http\\Server("0.0.0.0", 9501);\nfunction add($a, $b) { return $a + $b; }\n',
  ],
  [
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", 9501);\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:8000");\n$http->listen($socket);\n',
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:7000");\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://0.0.0.0:2345");\nWorker::runAll();\n',
    '<?php\n$port = 9000;\n$server = new Swoole\\Http\\Server("0.0.0.0", $port);\n$server->start();\n',
    '<?php\n$server = new OpenSwoole\\Http\\Server("0.0.0.0", 9502);\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . 8081);\n$http->listen($socket);\n',
    '<?php\nconst PORT = 4000;\n$socket = stream_socket_server("tcp://0.0.0.0:" . PORT);\n',
  ],
);
