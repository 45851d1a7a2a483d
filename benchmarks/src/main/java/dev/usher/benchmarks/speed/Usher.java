package dev.usher.benchmarks.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The service, from its jar and with its own settings; only addresses, topics and what the tenant's
 * file says of its services are the benchmark's.
 *
 * @param services how many services each tenant has
 * @param concurrency how many calls at one service may be under way
 * @param tenants how many tenants there are; sign-ins are of the first
 * @param withDead whether there is one service more, for those who sign in to {@link
 *     #DEAD_APPLICATION}
 * @param ports of the HTTP API, one for each instance
 */
record Usher(
    String name, int services, int concurrency, int tenants, boolean withDead, List<Integer> ports)
    implements Contender {

  /** The first tenant's issuer. */
  static final String ISSUER = "https://id.acme.example/realms/staff";

  /** The only application whose sign-ins call for the service that is dead. */
  static final String DEAD_APPLICATION = "0oa1dead";

  private static final String JARS = "provisioning-service/target";

  /** By default, for each instance (`spring.kafka.listener.concurrency`). */
  static final int CONSUMERS = 1;

  static Usher of(String name, int services, int concurrency) {
    return new Usher(name, services, concurrency, 1, false, List.of(FreePort.next()));
  }

  Usher withTenants(int count) {
    return new Usher(name, services, concurrency, count, withDead, ports);
  }

  Usher withDeadService() {
    return new Usher(name, services, concurrency, tenants, true, ports);
  }

  Usher withInstances(int count) {
    return new Usher(
        name,
        services,
        concurrency,
        tenants,
        withDead,
        Stream.generate(FreePort::next).limit(count).toList());
  }

  @Override
  public int consumers(Place place) {
    return CONSUMERS * ports.size();
  }

  @Override
  public List<List<String>> commands(Place place) {
    return ports.stream()
        .map(
            port ->
                Child.java(
                    List.of(Peer.HEAP, "-jar", jar().toString()),
                    settings(place, port).toArray(String[]::new)))
        .toList();
  }

  /** The service's settings as arguments, once its tenants' files are written. */
  List<String> settings(Place place, int port) {
    List<String> settings = new ArrayList<>();
    settings.add("--server.port=" + port);
    settings.add("--server.address=127.0.0.1");
    settings.add("--spring.kafka.bootstrap-servers=" + place.bootstrapServers());
    settings.add("--spring.kafka.properties.[schema.registry.url]=" + place.registryUrl());
    settings.add("--spring.kafka.consumer.group-id=" + place.group());
    settings.add("--spring.mongodb.uri=" + place.databaseUri());
    settings.add("--usher.topics.sign-ins[0].topic=" + place.signIns());
    settings.add("--usher.topics.account-created=" + place.created());
    settings.add("--usher.topics.account-changed=" + place.changed());
    settings.add("--usher.tenants.directory=" + tenantFiles(place));
    settings.add("--usher.outbound.private-allowed=true");
    settings.add("--usher.secrets.acme.TOKEN=secret");
    for (int i = 1; i < tenants; i++) {
      settings.add("--usher.secrets.other-%d.TOKEN=secret".formatted(i));
    }
    return settings;
  }

  static Path jar() {
    try (Stream<Path> files = Files.list(Path.of(JARS))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no `*-exec.jar` in `%s`".formatted(JARS)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path tenantFiles(Place place) {
    Path files = place.folder().resolve("tenants").toAbsolutePath();
    try {
      Files.createDirectories(files);
      Files.writeString(files.resolve("acme.yaml"), acme(place));
      for (int i = 1; i < tenants; i++) {
        Files.writeString(files.resolve("other-%d.yaml".formatted(i)), other(i));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String acme(Place place) {
    StringBuilder text =
        new StringBuilder(
            """
            tenant: acme
            issuers:
              staff: {id: "%s", vouches-for: [acme.example]}
            domains: [acme.example]
            services:
            """
                .formatted(ISSUER));
    for (int i = 0; i < services; i++) {
      // The service tells when a userName is taken, so that there is no need to look first.
      text.append(
          service(
              i,
              "{type: scim, url: \"%s\", token: \"${TOKEN}\", create: conflicts, concurrency: %d}"
                  .formatted(place.saasUrl(i), concurrency)));
    }
    if (withDead) {
      text.append(
          service(
              services,
              "{type: scim, url: \"%s\", token: \"${TOKEN}\", create: conflicts}"
                  .formatted(place.saasUrl(services))));
      text.append(
          "      trigger: app-sign-in\n      applications: [%s]\n".formatted(DEAD_APPLICATION));
    }
    return text.toString();
  }

  private String other(int number) {
    StringBuilder text =
        new StringBuilder(
            """
            tenant: other-%1$d
            issuers:
              staff: {id: "https://id.other-%1$d.example/realms/staff", vouches-for: [other-%1$d.example]}
            domains: [other-%1$d.example]
            services:
            """
                .formatted(number));
    for (int i = 0; i < services; i++) {
      text.append(
          service(i, "{type: scim, url: \"http://127.0.0.1:1\", token: \"${TOKEN}\"}")
              .replace("acme.example", "other-%d.example".formatted(number)));
    }
    return text.toString();
  }

  private static String service(int number, String connector) {
    return """
      service-%d:
        connector: %s
        join:
          - permit: anyone-at-acme
            domain: acme.example
          - permit: partners-from-the-office
            domain: partner.example
            network: [203.0.113.0/24, "2001:db8::/32"]
            group: partners
          - forbid: interns-from-outside
            group: interns
            network: {not: [203.0.113.0/24, "2001:db8::/32"]}
    """
        .formatted(number, connector)
        .indent(2);
  }
}
