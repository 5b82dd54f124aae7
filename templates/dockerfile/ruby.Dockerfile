# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM ruby:{{version}} AS build
WORKDIR /app
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle BUNDLE_GLOBAL_GEM_CACHE=true
# The lock file first: gems are installed anew only when it changes.
COPY {{manifests}} ./
%if vendored
COPY vendor/cache ./vendor/cache
%end
RUN --mount=type=cache,target=/root/.bundle/cache bundle install --jobs 4
COPY . .
%if rails
# Assets are compiled without the real secret.
RUN SECRET_KEY_BASE_DUMMY=1 RAILS_ENV=production bundle exec rails assets:precompile
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
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle RAILS_ENV=production RACK_ENV=production
COPY --from=build /bundle /bundle
COPY --from=build --chown=10001 /app /app
USER 10001
EXPOSE 8080
# PORT comes from the platform; exec makes the server process 1, so that SIGTERM reaches it.
CMD ["sh", "-c", "exec {{start}}"]
