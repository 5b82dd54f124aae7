# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM denoland/deno:2.9
WORKDIR /app
COPY --chown=1993 . .
# deno of the image, by number; what it caches is its own.
USER 1993
# Dependencies are fetched while building, not at the first request.
RUN deno cache {{lock}} {{cache|shell}}
%if build
RUN {{build}}
%end
EXPOSE 8080
# A server that names no port of its own listens where the platform asks; exec makes deno process 1.
CMD ["sh", "-c", "DENO_SERVE_ADDRESS=tcp:0.0.0.0:${PORT:-8080} exec {{start|json}}"]
