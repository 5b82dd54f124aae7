# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM elixir:{{version}} AS build
WORKDIR /app
ENV MIX_ENV=prod
RUN mix local.hex --force && mix local.rebar --force
# The lock file first: dependencies are fetched anew only when it changes.
COPY {{manifests}} ./
%if config
COPY config ./config
%end
RUN mix deps.get --only prod && mix deps.compile
COPY . .
%if phoenix
RUN mix assets.deploy && mix compile && mix release
%else
RUN mix compile && mix release
%end

FROM elixir:{{version}}-slim
WORKDIR /app
COPY --from=build --chown=10001 /app/_build/prod/rel/{{name}} /app
ENV PHX_SERVER=true HOME=/tmp
USER 10001
EXPOSE 8080
# The release's script replaces itself by the virtual machine.
CMD ["/app/bin/{{name}}", "start"]
