# syntax=docker/dockerfile:1
%if demanded
# knbuild file ignore=KN091,KN092 reason=tags are pinned, pin digests with your updater; Bundler takes no other Ruby than the one in the Gemfile
%else
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater
%end

FROM ruby:{{version}} AS build
WORKDIR /app
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle BUNDLE_GLOBAL_GEM_CACHE=true
%if javascript
# Assets are made by JavaScript.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
%end
%if withsource
# The project is a gem itself: its sources take part in the installation.
COPY . .
%else
# The lock file first: gems are installed anew only when it changes.
COPY {{manifests}} ./
%end
%if local
{{local}}
%end
RUN --mount=type=cache,target=/root/.bundle/cache bundle install --jobs 4
%if modules
{{modules}}
%end
%if rails
# Folders that the server would make beside the code, where its user may not: they become the user's own.
RUN mkdir -p log tmp/cache tmp/pids tmp/sockets
%end
%if withsource
%else
COPY . .
%end
%if build
# Code and assets are compiled once, assets without the real secret.
{{build}}
%end

FROM ruby:{{version}}-slim
%if libraries
# What gems with C code load.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends {{libraries}} \
    && rm -rf /var/lib/apt/lists/*
%end
WORKDIR /app
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle RACK_ENV=production HOME=/tmp
%if rails
# Logs go to the container's, files below public/ are served by the app.
ENV RAILS_ENV=production RAILS_LOG_TO_STDOUT=1 RAILS_SERVE_STATIC_FILES=1
%end
COPY --from=build /bundle /bundle
COPY --from=build --chown=10001 /app /app
USER 10001
EXPOSE 8080
# PORT comes from the platform; exec makes the server process 1, so that SIGTERM reaches it.
CMD ["sh", "-c", "exec {{start|json}}"]
