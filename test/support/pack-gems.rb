# Packs the gems of installed Debian packages again, as a source of gems in a directory: ruby pack-gems.rb DIRECTORY
require "rubygems/package"
require "fileutils"
require "tmpdir"
require "zlib"
root = ARGV.fetch(0)
FileUtils.mkdir_p(["#{root}/gems", "#{root}/quick/Marshal.4.8"])
index = []
Gem::Specification.each do |spec|
  next if spec.default_gem?
  owner = `dpkg-query -S #{spec.loaded_from}`[/\A[^:,]+/] or next
  files = `dpkg-query -L #{owner}`.lines(chomp: true).select { |path| File.file?(path) }
  inside = files.filter_map do |path|
    if path.start_with?(spec.full_gem_path + "/") then [path, path.delete_prefix(spec.full_gem_path + "/")]
    elsif path.start_with?("/usr/lib/ruby/vendor_ruby/") then [path, "lib/" + path.delete_prefix("/usr/lib/ruby/vendor_ruby/")]
    elsif path =~ %r{\A/usr/lib/[^/]+/ruby/vendor_ruby/[\d.]+/(.+)} then [path, "lib/" + $1]
    elsif path =~ %r{/extensions/[^/]+/[\d.]+/#{Regexp.escape(spec.full_name)}/(.+\.so)\z} then [path, "lib/" + $1]
    elsif path =~ %r{\A/usr/(?:share|bin)/.*?/?(bin|exe)/([^/]+)\z} || path =~ %r{\A/usr/(bin)/([^/]+)\z} then [path, "#{spec.bindir}/#{$2}"]
    end
  end
  copy = spec.dup
  copy.extensions = []
  copy.require_paths = spec.require_paths.select { |path| inside.any? { |_, to| to.start_with?("#{path}/") } } | ["lib"]
  copy.platform = Gem::Platform::RUBY
  copy.executables = copy.executables.select { |name| inside.any? { |_, path| path == "#{copy.bindir}/#{name}" } }
  Dir.mktmpdir do |dir|
    inside.each do |from, to|
      FileUtils.mkdir_p(File.dirname("#{dir}/#{to}"))
      FileUtils.cp(from, "#{dir}/#{to}")
    end
    copy.files = inside.map(&:last).uniq
    Dir.chdir(dir) { Gem::Package.build(copy, true, false, "#{root}/gems/#{copy.full_name}.gem") }
  end
  packed = Gem::Package.new("#{root}/gems/#{copy.full_name}.gem").spec
  File.binwrite("#{root}/quick/Marshal.4.8/#{packed.full_name}.gemspec.rz", Zlib.deflate(Marshal.dump(packed)))
  index << [packed.name, packed.version, "ruby"]
rescue => error
  warn "#{spec.full_name}: #{error.message}"
end
{ "specs" => index, "latest_specs" => index, "prerelease_specs" => [] }.each do |name, list|
  Zlib::GzipWriter.open("#{root}/#{name}.4.8.gz") { |file| file.write(Marshal.dump(list)) }
end
abort "nothing was packed" if index.empty?
