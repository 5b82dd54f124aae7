import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    `require "webrick"

server = WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i)
trap("TERM") { server.shutdown }
server.start
`,
    `require "socket"

server = TCPServer.new("0.0.0.0", ENV["PORT"].to_i)
running = true
Signal.trap("SIGTERM") { running = false }
while running
  client = server.accept
  client.close
end
`,
    `require "webrick"

class App
  def initialize
    @server = WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i)
    %w[INT TERM].each { |signal| trap(signal) { @server.shutdown } }
  end

  def run = @server.start
end

App.new.run
`,
    // Sinatra stops its server on SIGTERM.
    'require "sinatra"\nset :bind, "0.0.0.0"\nset :port, ENV["PORT"]\nget("/") { "hi" }\n',
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/puma.rb": 'workers 2\nport ENV.fetch("PORT", 3000)\n',
    },
    { "config.ru": 'run ->(_env) { [200, {}, ["hi"]] }\n', Procfile: "web: bundle exec unicorn -p $PORT\n" },
    `require "grpc"

server = GRPC::RpcServer.new
server.add_http2_port("0.0.0.0:#{ENV["PORT"]}", :this_port_is_insecure)
trap(:TERM) { Thread.new { server.stop } }
server.run
`,
    'require "csv"\n\nCSV.foreach(ARGV.fetch(0)) { |row| puts row.first }\n',
  ],
  [
    `require "webrick"

server = WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i)
trap("INT") { server.shutdown }
server.start
`,
    `require "socket"

server = TCPServer.new("0.0.0.0", ENV["PORT"].to_i)
loop do
  client = server.accept
  client.close
end
`,
    `require "webrick"

class App
  def run
    WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i).start
  end
end

App.new.run
`,
    `require "socket"

def serve(port)
  server = TCPServer.new(port)
  trap("HUP") { reload }
  loop { Thread.new(server.accept, &:close) }
end

serve(ENV["PORT"].to_i)
`,
    `require "webrick"

# trap("TERM") { server.shutdown } is what is missing here
server = WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i)
server.mount_proc("/") { |_request, response| response.body = "hello" }
server.start
`,
    `require "eventmachine"

EventMachine.run { EventMachine.start_server("0.0.0.0", ENV["PORT"].to_i, Echo) }
`,
    `require "grpc"

server = GRPC::RpcServer.new
server.add_http2_port("0.0.0.0:#{ENV["PORT"]}", :this_port_is_insecure)
server.run
`,
    `require "webrick"

server = WEBrick::HTTPServer.new(Port: ENV.fetch("PORT") { 8080 }.to_i)
Signal.trap("USR1") { puts ObjectSpace.count_objects }
server.start
`,
  ],
);
