# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM oven/bun:{{version}} AS build
WORKDIR /app
%if manifests
# The lock file first: dependencies are installed anew only when it changes.
COPY {{manifests}} ./
%end
%if members
{{members}}
%end
%if manifests
RUN --mount=type=cache,target=/root/.bun/install/cache bun install{{frozen}} --production
%end
COPY . .

FROM oven/bun:{{version}}-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app /app
# bun of the image, by number: runAsNonRoot cannot check a name.
USER 1000
EXPOSE 8080
CMD ["bun", "{{entry|json}}"]
