import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    '<?php\npcntl_signal(SIGTERM, fn () => exit(0));\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\npcntl_async_signals(true);\npcntl_signal(SIGTERM, "stop");\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$loop->addSignal(SIGTERM, fn () => $socket->close());\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\necho "hello";\n',
    '<?php\nforeach ([SIGINT, SIGTERM] as $s) {\n    pcntl_signal($s, "stop");\n}\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    "<?php\nfunction add($a, $b) { return $a + $b; }\n",
    '<?php\nuse React\\Socket\\SocketServer;\n\nLoop::addSignal(SIGTERM, $stop);\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\npcntl_signal(SIGTERM, function () use (&$running) {\n    $running = false;\n});\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
  ],
  [
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\npcntl_signal(SIGINT, fn () => exit(0));\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\n// pcntl_signal(SIGTERM, "stop");\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$loop->addSignal(SIGINT, fn () => $socket->close());\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\npcntl_signal(SIGHUP, "reload");\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\nwhile ($c = stream_socket_accept($socket)) {}\n',
    '<?php\nfunction serve() {\n    return stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\n}\nserve();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\npcntl_signal(SIGUSR1, "dump");\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
  ],
);
