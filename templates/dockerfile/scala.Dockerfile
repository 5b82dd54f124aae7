# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

FROM sbtscala/scala-sbt:eclipse-temurin-21.0.8_9_1.11.7_3.3.7 AS build
WORKDIR /src
# The build files first: dependencies are fetched anew only when they change.
COPY build.sbt ./
%if project
COPY project ./project
%end
%if plugin
# sbt-native-packager makes a directory with a start script of it.
RUN mkdir -p project && echo '{{plugin}}' > project/packager.sbt
%end
%if packager
RUN echo '{{packager}}' > packager.sbt
%end
RUN --mount=type=cache,target=/root/.cache/coursier --mount=type=cache,target=/root/.ivy2 {{sbt}} update
COPY . .
RUN --mount=type=cache,target=/root/.cache/coursier --mount=type=cache,target=/root/.ivy2 {{sbt}} stage

FROM eclipse-temurin:21-jre
WORKDIR /app
# Only its owner may run the start script.
COPY --from=build --chown=10001 /src/target/universal/stage /app
USER 10001
EXPOSE 8080
# The start script of sbt-native-packager replaces itself by java.
%if play
# Play does not start without a secret: give the service APPLICATION_SECRET.
%end
CMD ["sh", "-c", "exec bin/{{name}} {{flags}}"]
