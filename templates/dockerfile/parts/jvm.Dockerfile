%if maven
FROM maven:3.9-eclipse-temurin-{{version}} AS build
WORKDIR /src
%else
FROM {{image}} AS build
WORKDIR /src
%end
%if offline
# The build file first: dependencies are fetched anew only when it changes. What is not found ahead, the build fetches or names.
COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 mvn -B -q dependency:go-offline || true
%end
COPY . .
%if maven
RUN --mount=type=cache,target=/root/.m2 {{build}}
%else
ENV GRADLE_USER_HOME=/cache/gradle
RUN --mount=type=cache,target=/cache/gradle {{build}}
%end

%if war
FROM {{tomcat}}
WORKDIR /usr/local/tomcat
# The port is a property of Java; the port that stops the server stays shut.
RUN sed -i -e 's/port="8005"/port="-1"/' -e 's/port="8080"/port="${http.port}"/' conf/server.xml \
    && chown -R 10001 conf webapps work temp logs
COPY --from=build --chown=10001 /out/app.war webapps/ROOT.war
USER 10001
EXPOSE 8080
# The script replaces itself by java; the heap follows the memory limit of the container.
CMD ["sh", "-c", "CATALINA_OPTS=\"-XX:MaxRAMPercentage=75 -Dhttp.port=${PORT:-8080} $CATALINA_OPTS\" exec catalina.sh run"]
%end
%if jar
FROM eclipse-temurin:{{version}}-jre
WORKDIR /app
COPY --from=build /out /app
USER 10001
EXPOSE 8080
# exec makes java process 1; the heap follows the memory limit of the container.
CMD ["sh", "-c", "{{start|json}}"]
%end
