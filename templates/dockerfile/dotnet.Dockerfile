# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM mcr.microsoft.com/dotnet/sdk:{{version}} AS build
WORKDIR /src
# Project files first: packages are restored anew only when they change.
{{manifests}}
RUN --mount=type=cache,target=/root/.nuget/packages dotnet restore {{entry|shell}}
COPY . .
%if pinned
# global.json names an SDK that this image has not.
RUN rm global.json
%end
RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish {{entry|shell}} --configuration Release --output /app

FROM mcr.microsoft.com/dotnet/aspnet:{{version}}
WORKDIR /app
%if ended
# .NET {{written}} gets no fixes any more: the program starts on this release.
ENV DOTNET_ROLL_FORWARD=Major
%end
COPY --from=build /app /app
# app of the image, by number: runAsNonRoot cannot check a name.
USER 1654
EXPOSE 8080
CMD ["sh", "-c", "ASPNETCORE_HTTP_PORTS=${PORT:-8080} exec dotnet {{file|json}}"]
