/** Ruby: a plain server, Sinatra and Rails, with gems from a source of files. */
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
  "ruby rails": {
    files: {
      Gemfile: 'source "file:///srv/gems"\ngem "railties"\ngem "puma"\n',
      Rakefile: 'require_relative "config/application"\nRails.application.load_tasks\n',
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/boot.rb": 'ENV["BUNDLE_GEMFILE"] ||= File.expand_path("../Gemfile", __dir__)\nrequire "bundler/setup"\n',
      "config/application.rb":
        'require_relative "boot"\nrequire "rails"\nrequire "action_controller/railtie"\nBundler.require(*Rails.groups)\nmodule Hello\n  class Application < Rails::Application\n    config.load_defaults 7.0\n    config.eager_load = true\n    config.hosts.clear\n    config.secret_key_base = ENV.fetch("SECRET_KEY_BASE", "not-secret")\n  end\nend\n',
      "config/environment.rb": 'require_relative "application"\nRails.application.initialize!\n',
      "config/routes.rb": 'Rails.application.routes.draw { root to: "hello#index" }\n',
      "app/controllers/hello_controller.rb":
        'class HelloController < ActionController::Base\n  def index = render(plain: "hello from rails")\nend\n',
      "bin/rails":
        '#!/usr/bin/env ruby\nAPP_PATH = File.expand_path("../config/application", __dir__)\nrequire_relative "../config/boot"\nrequire "rails/commands"\n',
      ".ruby-version": "3.3\n",
    },
    asks: { "/": "hello from rails" },
  },
};
