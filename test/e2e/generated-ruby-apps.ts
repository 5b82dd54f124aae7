/** Ruby: a plain server, Sinatra, with gems from a source of files. */
import type { GeneratedApp } from "./generated-apps.ts";

const PORT_ENV = "PORT";

const RUBY = `require "socket"
server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("${PORT_ENV}", "8080")))
trap("TERM") { exit }
loop do
  client = server.accept
  while (line = client.gets) && line != "\\r\\n"; end
  client.print "HTTP/1.1 200 OK\\r\\nContent-Length: 15\\r\\nConnection: close\\r\\n\\r\\nhello from ruby"
  client.close
end
`;

export const RUBY_APPS: Readonly<Record<string, GeneratedApp>> = {
  ruby: {
    files: { Gemfile: "", ".ruby-version": "3.3\n", "app.rb": RUBY },
    asks: { "/": "hello from ruby" },
  },
  "ruby sinatra": {
    files: {
      Gemfile: 'source "file:///srv/gems"\ngem "sinatra"\ngem "puma"\ngem "rackup"\n',
      "app.rb": 'require "sinatra"\nget("/") { "hello from sinatra" }\n',
      "config.ru": 'require "./app"\nrun Sinatra::Application\n',
      ".ruby-version": "3.3\n",
    },
    asks: { "/": "hello from sinatra" },
  },
};
