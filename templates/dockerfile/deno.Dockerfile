# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM denoland/deno:2.9
WORKDIR /app
COPY --chown=1993 . .
# deno of the image, by number; what it caches is its own.
USER 1993
# Dependencies are fetched while building, not at the first request.
RUN deno cache {{lock}} {{entry}}
EXPOSE 8080
CMD ["deno", "run", {{flags}}, "{{entry}}"]
