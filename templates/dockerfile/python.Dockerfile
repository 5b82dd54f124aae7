# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM python:{{version}}-slim AS build
WORKDIR /app
ENV VIRTUAL_ENV=/venv PATH=/venv/bin:$PATH
# The lock file first: dependencies are installed anew only when it changes.
COPY {{manifests}} ./
RUN --mount=type=cache,target=/root/.cache/pip {{install}}

FROM python:{{version}}-slim
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
COPY --from=build /venv /venv
COPY . .
USER 10001
EXPOSE 8080
# PORT comes from the platform; exec makes the server process 1, so that SIGTERM reaches it.
CMD ["sh", "-c", "exec {{start}}"]
