import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    'require "sinatra"\nset :port, ENV["PORT"]\nset :bind, "0.0.0.0"\nget("/") { "hi" }\n',
    'require "sinatra"\nset :port, ENV.fetch("PORT", 8080)\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\nserver.start\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV.fetch("PORT", 8080).to_i)\n',
    'require "socket"\nserver = TCPServer.new("0.0.0.0", ENV["PORT"])\n',
    "def add(a, b)\n  a + b\nend\n",
    { "config.ru": 'run ->(env) { [200, {}, ["hi"]] }\n', "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n' },
    { "app.rb": 'require "sinatra"\nset :bind, "0.0.0.0"\n', Procfile: "web: bundle exec ruby app.rb -p $PORT\n" },
  ],
  [
    'require "sinatra"\nset :port, 4000\nset :bind, "0.0.0.0"\nget("/") { "hi" }\n',
    'require "sinatra"\nset :port, 8081\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: 3000)\nserver.start\n',
    'require "webrick"\nPORT = 9000\nserver = WEBrick::HTTPServer.new(:Port => PORT)\nserver.start\n',
    'require "socket"\nserver = TCPServer.new("0.0.0.0", 2000)\n',
    'require "socket"\nserver = TCPServer.new(5000)\nloop { server.accept }\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV.fetch("APP_PORT", 3000))\n',
    { "config.ru": 'run ->(env) { [200, {}, ["hi"]] }\n', "config/puma.rb": "port 3000\n" },
    { "config.ru": 'run ->(env) { [200, {}, ["hi"]] }\n', Procfile: "web: bundle exec puma -p 3000\n" },
  ],
);
