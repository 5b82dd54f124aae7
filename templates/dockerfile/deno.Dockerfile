# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM denoland/deno:2.9
# The folder is made with its owner: a build writes beside the code.
COPY --chown=1993 . /app
WORKDIR /app
# deno of the image, by number; what it caches is its own.
USER 1993
# Dependencies are fetched while building, not at the first request.
%if build
RUN deno cache {{lock}} {{cache|shell}} \
    && {{build}}
%else
RUN deno cache {{lock}} {{cache|shell}}
%end
EXPOSE 8080
# A server that names no port of its own listens where the platform asks; exec makes deno process 1.
CMD ["sh", "-c", "DENO_SERVE_ADDRESS=tcp:0.0.0.0:${PORT:-8080} exec {{start|json}}"]
