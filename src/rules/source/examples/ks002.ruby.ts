import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    `require "sinatra"

set :bind, "0.0.0.0"
set :port, ENV["PORT"]
get("/") { "hi" }
`,
    `require "webrick"

WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i, BindAddress: "0.0.0.0").start
`,
    `require "socket"

server = TCPServer.new("::", Integer(ENV.fetch("PORT")))
loop { server.accept.close }
`,
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/puma.rb": 'workers 2\nbind "tcp://0.0.0.0:#{ENV.fetch("PORT", 3000)}"\n',
    },
    {
      "app.rb": 'require "sinatra"\nset :port, ENV["PORT"]\nget("/") { "hi" }\n',
      // Sinatra takes localhost only in development.
      Dockerfile: 'FROM ruby:3.4\nENV APP_ENV=production\nCOPY . /app\nCMD ["ruby", "/app/app.rb"]\n',
    },
    {
      "config.ru": 'run ->(_env) { [200, {}, ["hi"]] }\n',
      Procfile: "web: bundle exec rackup --host 0.0.0.0 -p $PORT\n",
    },
    // Who is called on localhost is not who listens there.
    `require "net/http"
require "sinatra"

set :bind, "0.0.0.0"
set :port, ENV["PORT"]
get("/") { Net::HTTP.get(URI("http://127.0.0.1:9000/status")) }
`,
    'DATABASE = { host: "localhost", port: 5432 }.freeze\n',
    { "config/puma.rb": 'bind "tcp://#{ENV.fetch("BIND", "0.0.0.0")}:#{ENV.fetch("PORT", 5000)}"\n' },
    'require "webrick"\nclass Run\n  def call\n    Rack::Handler::WEBrick.run(app, **options)\n  end\n\n  def options\n    { Port: ENV["PORT"].to_i, Host: host }\n  end\n\n  def host\n    "0.0.0.0"\n  end\nend\n',
    {
      "server.rb":
        'require "sinatra/base"\n\nclass Server < Sinatra::Base\n  configure do\n    config = Settings.load\n    config.server.host = "0.0.0.0" if config.server.host.nil?\n    set :bind, config.server.host\n  end\nend\n\nServer.run!\n',
    },
    {
      "lib/board/app.rb": 'require "sinatra"\n\nget "/" do\n  "hi"\n end\n',
    },
  ],
  [
    `require "sinatra"

set :bind, "127.0.0.1"
set :port, ENV["PORT"]
get("/") { "hi" }
`,
    `require "sinatra"

set :port, ENV.fetch("PORT", 4567)
get("/") { "hi" }
`,
    `require "webrick"

HOST = "localhost"
WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i, BindAddress: HOST).start
`,
    `require "socket"

class Server
  def initialize(port, host = "127.0.0.1")
    @socket = TCPServer.new(host, port)
  end
end

Server.new(ENV["PORT"])
`,
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      Procfile: "web: bundle exec rails server -b 127.0.0.1 -p $PORT\n",
    },
    {
      "config.ru": 'run ->(_env) { [200, {}, ["hi"]] }\n',
      "config/puma.rb": 'threads 1, 5\nbind "tcp://127.0.0.1:#{ENV.fetch("PORT", 9292)}"\n',
    },
    {
      "config.ru": 'run ->(_env) { [200, {}, ["hi"]] }\n',
      Dockerfile: 'FROM ruby:3.4\nCOPY . /app\nCMD ["sh", "-c", "exec bundle exec rackup -p $PORT"]\n',
    },
    `require "eventmachine"

EventMachine.run { EventMachine.start_server("127.0.0.1", ENV["PORT"].to_i, Echo) }
`,
    `require "webrick"

host = ENV.fetch("BIND_ADDRESS", "127.0.0.1")
WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i, BindAddress: host).start
`,
    { "config/puma.rb": 'bind "tcp://#{ENV.fetch("BIND", "127.0.0.1")}:#{ENV.fetch("PORT", 5000)}"\n' },
    'require "rack"\nclass Run\n  def call\n    Rack::Handler::WEBrick.run(app, **options)\n  end\n\n  def options\n    { Port: ENV["PORT"].to_i, Host: host }\n  end\n\n  def host\n    @host ||= settings[:host] || "localhost"\n  end\nend\n',
    {
      "config/puma.rb":
        'address = ENV.fetch("BIND", Settings.web.bind_address)\nbind "tcp://#{address}:#{ENV.fetch("PORT", 5000)}"\n',
      "lib/schema.rb":
        'group :web do\n  string :bind_address do\n    description "Where the server listens"\n    default "127.0.0.1"\n  end\nend\n',
    },
    {
      "server.rb":
        'require "sinatra/base"\n\nclass Server < Sinatra::Base\n  configure do\n    config = Settings.load\n    config.server.host = "localhost" if config.server.host.nil?\n    set :bind, config.server.host\n  end\nend\n\nServer.run!\n',
    },
  ],
);
