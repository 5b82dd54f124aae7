import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    `require "sinatra"

configure do
  set :bind, "0.0.0.0"
  set :port, ENV.fetch("PORT", 8080)
end

get("/health") { "ok" }
`,
    `require "webrick"

port = Integer(ENV["PORT"] || 8080)
server = WEBrick::HTTPServer.new(Port: port, AccessLog: [])
server.mount_proc("/") { |_request, response| response.body = "hello" }
trap("TERM") { server.shutdown }
server.start
`,
    `require "socket"

module Settings
  def self.port
    ENV.fetch("PORT") { "8080" }.to_i
  end
end

server = TCPServer.new("0.0.0.0", Settings.port)
loop do
  client = server.accept
  client.write("HTTP/1.1 204 No Content\\r\\n\\r\\n")
  client.close
end
`,
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/puma.rb": `workers Integer(ENV.fetch("WEB_CONCURRENCY", 2))
threads 5, 5
preload_app!
port ENV.fetch("PORT", 3000)
`,
    },
    {
      "config.ru": 'require "./api"\nrun Api::Root\n',
      Procfile: "web: bundle exec puma -t 5:5 -p $PORT -e production\n",
    },
    {
      "server.rb": `require "grpc"
require_relative "greeter"

server = GRPC::RpcServer.new
server.add_http2_port("0.0.0.0:#{ENV.fetch("PORT", "50051")}", :this_port_is_insecure)
server.handle(Greeter)
server.run_till_terminated_or_interrupted(["TERM", "INT"])
`,
    },
    {
      "app.rb": 'require "sinatra"\nset :bind, "0.0.0.0"\nget("/") { "hi" }\n',
      Dockerfile: 'FROM ruby:3.4-slim\nCOPY . /app\nCMD ["sh", "-c", "exec ruby /app/app.rb -p $PORT"]\n',
    },
    // A job has no port.
    `require "csv"

CSV.foreach(ARGV.fetch(0), headers: true) do |row|
  puts row["name"]
end
`,
    {
      "bin/serve":
        '#!/usr/bin/env ruby\nrequire "webrick"\noptions = { port: Integer(ENV.fetch("PORT", 8080)) }\nWEBrick::HTTPServer.new(Port: options[:port]).start\n',
    },
    {
      "config/puma.rb":
        'address = ENV.fetch("BIND", "0.0.0.0")\nport = ENV.fetch("PORT", 5000)\nbind "tcp://#{address}:#{port}"\n',
    },
    'require "webrick"\nconfig = { BindAddress: "0.0.0.0" }\nconfig.merge!(Port: ENV["PORT"].to_i)\nWEBrick::HTTPServer.new(config).start\n',
    'require "sinatra/base"\n\nclass App < Sinatra::Base\n  set :port, Settings.load.port || ENV["PORT"]\nend\n\nApp.run!\n',
  ],
  [
    `require "sinatra"

set :bind, "0.0.0.0"
set :port, 4000

get("/health") { "ok" }
`,
    `require "webrick"

DEFAULTS = { Port: 3000, BindAddress: "0.0.0.0" }.freeze
server = WEBrick::HTTPServer.new(Port: DEFAULTS[:Port], BindAddress: DEFAULTS[:BindAddress])
server.mount_proc("/") { |_request, response| response.body = "hello" }
server.start
`,
    `require "socket"

class EchoServer
  PORT = 9000

  def run
    server = TCPServer.new("0.0.0.0", PORT)
    loop { Thread.new(server.accept) { |client| client.puts(client.gets) } }
  end
end

EchoServer.new.run
`,
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/puma.rb": "workers 2\nthreads 5, 5\nport 3000\n",
    },
    {
      "config.ru": 'require "./api"\nrun Api::Root\n',
      Procfile: "web: bundle exec puma -t 5:5 -p 3000 -e production\n",
    },
    {
      "config.ru": 'run ->(_env) { [200, {}, ["hi"]] }\n',
      Dockerfile: 'FROM ruby:3.4-slim\nCOPY . /app\nENTRYPOINT ["bundle", "exec", "rackup", "--host", "0.0.0.0"]\n',
    },
    {
      "server.rb": `require "grpc"
require_relative "greeter"

server = GRPC::RpcServer.new
server.add_http2_port("0.0.0.0:50051", :this_port_is_insecure)
server.handle(Greeter)
server.run_till_terminated
`,
    },
    // Another variable's name: the platform sets PORT alone.
    `require "webrick"

server = WEBrick::HTTPServer.new(Port: ENV.fetch("APP_PORT", 3000).to_i)
server.start
`,
    `require "eventmachine"

class Echo < EventMachine::Connection
  def receive_data(data)
    send_data(data)
  end
end

EventMachine.run { EventMachine.start_server("0.0.0.0", 10_000, Echo) }
`,
    {
      "bin/serve":
        '#!/usr/bin/env ruby\nrequire "optparse"\nrequire "webrick"\noptions = { port: 4567 }\nOptionParser.new do |opts|\n  opts.on("-p", "--port PORT") { |port| options[:port] = port.to_i }\nend.parse!\nWEBrick::HTTPServer.new(Port: options[:port]).start\n',
    },
    {
      "app.rb": 'require "sinatra/base"\nclass App < Sinatra::Base\n  get("/") { "hello" }\nend\n',
      "bin/app": '#!/usr/bin/env ruby\nrequire_relative "../app"\nApp.run!(port: 4567, bind: "0.0.0.0")\n',
    },
    'require "thin"\nDEFAULTS = { http_port: "1080" }.freeze\nclass Mail\n  def run(options)\n    Thin::Server.start("0.0.0.0", options[:http_port], Web)\n  end\nend\n',
    { "config/puma.rb": 'port_number = ENV.fetch("APP_PORT", 3000)\nbind "tcp://0.0.0.0:#{port_number}"\n' },
    'require "sinatra/base"\n\nclass App < Sinatra::Base\n  set :port, Settings.load.port\nend\n\nApp.run!\n',
  ],
);
