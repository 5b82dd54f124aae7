import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    'require "sinatra"\nset :bind, "0.0.0.0"\nset :port, ENV["PORT"]\n',
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"]).start\n',
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"], BindAddress: "0.0.0.0").start\n',
    'require "socket"\nTCPServer.new("0.0.0.0", ENV["PORT"])\n',
    'require "socket"\nTCPServer.new(ENV["PORT"])\n',
    'BACKEND = "http://localhost:9000"\n',
    { "config.ru": "run ->(env) { [200, {}, []] }\n", "config/puma.rb": 'bind "tcp://0.0.0.0:#{ENV.fetch("PORT")}"\n' },
    {
      "app.rb": 'require "sinatra"\n',
      Dockerfile: 'FROM ruby:3.4\nENV APP_ENV=production\nCMD ["ruby", "app.rb", "-p", "$PORT"]\n',
    },
  ],
  [
    'require "sinatra"\nset :bind, "127.0.0.1"\nset :port, ENV["PORT"]\n',
    'require "sinatra"\nset :bind, "localhost"\nset :port, ENV["PORT"]\n',
    'require "sinatra"\nset :port, ENV["PORT"]\nget("/") { "hi" }\n',
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"], BindAddress: "127.0.0.1").start\n',
    'require "socket"\nTCPServer.new("127.0.0.1", ENV["PORT"])\n',
    'require "socket"\nTCPServer.new("localhost", ENV["PORT"])\n',
    {
      "config.ru": "run ->(env) { [200, {}, []] }\n",
      Procfile: "web: bundle exec rails server -b 127.0.0.1 -p $PORT\n",
    },
    'require "webrick"\nHOST = "localhost"\nWEBrick::HTTPServer.new(Port: ENV["PORT"], BindAddress: HOST).start\n',
  ],
);
