# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM elixir:{{version}} AS build
WORKDIR /app
ENV MIX_ENV=prod
%if npm
# Assets are made by JavaScript.
# knbuild ignore=DL3008 reason=Debian keeps only the newest version of a package
RUN apt-get update \
    && apt-get install -y --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
%end
RUN mix local.hex --force && mix local.rebar --force
# The lock file first: dependencies are fetched anew only when it changes.
COPY {{manifests}} ./
%if apps
{{apps}}
%end
%if config
COPY config ./config
%end
RUN mix deps.get --only prod && mix deps.compile
COPY . .
%if npm
RUN --mount=type=cache,target=/root/.npm {{npm}}
%end
RUN mix compile && {{assets}}{{release}}

FROM elixir:{{version}}-slim
# The folder is made with its owner: a release writes its tmp/ there.
COPY --from=build --chown=10001 /app/_build/prod/rel/{{name}} /app
WORKDIR /app
ENV PHX_SERVER=true HOME=/tmp
USER 10001
EXPOSE 8080
# The release's script replaces itself by the virtual machine. What config/runtime.exs asks for is the service's to give.
CMD ["sh", "-c", "PORT=${PORT:-8080} exec bin/{{name}} start"]
