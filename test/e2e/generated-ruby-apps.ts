/** Ruby: a plain server. */
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
};
