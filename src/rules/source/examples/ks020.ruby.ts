import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\ntrap("TERM") { server.shutdown }\nserver.start\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\nSignal.trap("SIGTERM") { server.shutdown }\nserver.start\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\n%w[INT TERM].each { |s| trap(s) { server.shutdown } }\nserver.start\n',
    'require "sinatra"\nset :bind, "0.0.0.0"\n',
    "def add(a, b)\n  a + b\nend\n",
    { "config.ru": "run ->(env) { [200, {}, []] }\n", "config/puma.rb": 'port ENV.fetch("PORT")\n' },
    { "config.ru": "run ->(env) { [200, {}, []] }\n", Procfile: "web: bundle exec puma -p $PORT\n" },
    'require "socket"\nserver = TCPServer.new(ENV["PORT"])\ntrap(:TERM) { exit }\nloop { server.accept }\n',
  ],
  [
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"]).start\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\ntrap("INT") { server.shutdown }\nserver.start\n',
    'require "socket"\nserver = TCPServer.new(ENV["PORT"])\nloop { server.accept }\n',
    'require "socket"\nserver = TCPServer.new("0.0.0.0", ENV.fetch("PORT", 8080))\ntrap("HUP") { reload }\nloop { server.accept }\n',
    'require "webrick"\n# trap("TERM") { server.shutdown }\nserver = WEBrick::HTTPServer.new(Port: ENV["PORT"])\nserver.start\n',
    'require "webrick"\nclass App\n  def run\n    WEBrick::HTTPServer.new(Port: ENV["PORT"]).start\n  end\nend\nApp.new.run\n',
    'require "socket"\ndef serve(port)\n  TCPServer.new(port)\nend\nserve(ENV["PORT"])\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(Port: ENV.fetch("PORT") { 8080 })\ntrap("USR1") { dump }\nserver.start\n',
  ],
);
