# The service as an image. From the repository's root:
#
#   docker build -t usher .
#
# Any JDK and JRE of version 25 or later will do as bases; the latter needs `useradd`.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${JDK_IMAGE} AS build
WORKDIR /build
COPY . .
# The gates are of the sources, not of the image. `rehearsal` is what the next but one stage runs.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -pl provisioning-service -am package -DskipTests -Dmdep.analyze.skip \
      dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/lib \
 && cp provisioning-service/target/provisioning-service-*-exec.jar usher.jar \
 && java -Djarmode=tools -jar usher.jar extract --layers --destination layers \
 && mkdir rehearsal \
 && mv provisioning-service/target/lib rehearsal/lib \
 && mv provisioning-service/target/test-classes rehearsal/classes \
 && mv sandbox/target/registry rehearsal/registry

FROM ${JRE_IMAGE} AS app
RUN groupadd --gid 10001 usher \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin usher \
 && mkdir -p /tenants /run/secrets
WORKDIR /app
# What changes least stands lowest: libraries, then what is ours.
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY provisioning-service/jvm.options ./

# The service runs once between real neighbours, on the very JVM that it will run on, which then
# keeps what it has learned.
FROM app AS rehearsed
COPY --from=build /build/rehearsal /rehearsal
RUN java --sun-misc-unsafe-memory-access=allow -Dusher.sandbox.registry-home=/rehearsal/registry \
      -cp '/rehearsal/classes:/rehearsal/lib/*' dev.usher.rehearsal.Rehearsal \
      java @jvm.options -XX:AOTCacheOutput=/app/usher.aot -jar usher.jar \
 && test -s usher.aot

FROM app
COPY --from=rehearsed /app/usher.aot ./
# One file for each tenant in /tenants, one for each secret in /run/secrets.
ENV USHER_TENANTS_DIRECTORY=/tenants
USER 10001:10001
EXPOSE 8080
# All that is written goes to /tmp, which must not be `noexec`: Kafka's compressors unpack there.
# More flags in JDK_JAVA_OPTIONS; with those of another collector or heap layout the cache is left
# alone, which the JVM says. No HEALTHCHECK: ask /actuator/health/liveness and /readiness.
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=usher.aot", "-jar", "usher.jar"]
