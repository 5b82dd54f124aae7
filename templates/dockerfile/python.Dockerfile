# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM python:{{version}} AS build
WORKDIR /app
%if manager
# The package manager stays here: only /venv is shipped.
RUN --mount=type=cache,target=/root/.cache/pip pip install {{manager}}
%end
RUN {{venv}}
%if uv
ENV UV_PROJECT_ENVIRONMENT=/venv UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PYTHON=/venv/bin/python
%else
ENV VIRTUAL_ENV=/venv
%end
%if withsource
# The project is a package: its sources take part in the installation.
COPY . .
%end
%if manifests
# The lock file first: dependencies are installed anew only when it changes.
{{manifests}}
%end
%if install
RUN --mount=type=cache,target={{cache}} \
    {{install}}
%end
%if withsource
%else
COPY . .
%end
%if project
# The project itself, which changes most often.
RUN --mount=type=cache,target={{cache}} \
    {{project}}
%end
%if collectstatic
RUN SECRET_KEY=build DJANGO_SECRET_KEY=build /venv/bin/python {{collectstatic|shell}} collectstatic --noinput
%end

FROM python:{{version}}-slim
%if libraries
# What packages load that are not whole in themselves.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends {{libraries}} \
    && rm -rf /var/lib/apt/lists/*
%end
WORKDIR /app
# The user below has no directory of its own: what programs keep at home goes to /tmp.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 HOME=/tmp{{environment}}
COPY --from=build /venv /venv
COPY --from=build /app /app
USER 10001
EXPOSE 8080
# PORT comes from the platform; exec makes the server process 1, so that SIGTERM reaches it.
CMD ["sh", "-c", "exec {{start|json}}"]
