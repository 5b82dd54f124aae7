import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://0.0.0.0:" . getenv("PORT"));\nWorker::runAll();\n',
    '<?php\n$backend = "http://127.0.0.1:9000";\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("[::]:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\n// new SocketServer("127.0.0.1:8080")\n',
    '<?php\n$db = new mysqli("localhost", "u", "p");\n',
  ],
  [
    '<?php\n$server = new Swoole\\Http\\Server("127.0.0.1", (int) getenv("PORT"));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\n$server = new Swoole\\Http\\Server("localhost", (int) getenv("PORT"));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("127.0.0.1:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\n$socket = stream_socket_server("tcp://127.0.0.1:" . getenv("PORT"));\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://127.0.0.1:" . getenv("PORT"));\nWorker::runAll();\n',
    '<?php\n$host = "127.0.0.1";\n$server = new Swoole\\Http\\Server($host, (int) getenv("PORT"));\n$server->start();\n',
    '<?php\n$socket = stream_socket_server("tcp://localhost:" . getenv("PORT"));\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://localhost:" . getenv("PORT"));\nWorker::runAll();\n',
  ],
);
