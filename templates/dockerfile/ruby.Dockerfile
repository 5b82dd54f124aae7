# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM ruby:{{version}} AS build
WORKDIR /app
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle
# The lock file first: gems are installed anew only when it changes.
COPY {{manifests}} ./
RUN --mount=type=cache,target=/root/.bundle/cache bundle install --jobs 4
COPY . .
%if rails
# Assets are compiled without the real secret.
RUN SECRET_KEY_BASE_DUMMY=1 RAILS_ENV=production bundle exec rails assets:precompile
%end

FROM ruby:{{version}}-slim
WORKDIR /app
ENV BUNDLE_WITHOUT=development:test BUNDLE_PATH=/bundle RAILS_ENV=production RACK_ENV=production
COPY --from=build /bundle /bundle
COPY --from=build --chown=10001 /app /app
USER 10001
EXPOSE 8080
CMD ["sh", "-c", "exec {{start}}"]
