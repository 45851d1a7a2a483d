package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Entitlement;
import dev.usher.policy.Service;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Connectors and services that say what a test tells them to, closed together. */
final class Talk implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  static final String TOKEN = "xoxp-planted-secret";

  private final List<Runnable> open = new ArrayList<>();
  private volatile Instant now = NOW;

  void after(Duration time) {
    now = now.plus(time);
  }

  Listener listener(Function<Heard, Says> answers) {
    Listener listener = Listener.to(answers);
    open.add(listener::close);
    return listener;
  }

  /** One that is found, so that filters by userName are known to be honoured. */
  static final String KNOWN = user("U0", "known@acme.example", "");

  /** To a service that is told as little as can be, with these settings besides. */
  Connector connector(Listener listener, String... settings) {
    return connector(listener.uri().toString(), settings);
  }

  Connector connector(String url, String... settings) {
    Service service = Acme.slack(Acme.scim(url, settings));
    ScimConnectors connectors = new ScimConnectors(new Outbound(true));
    if (!connectors.problems(service).isEmpty()) {
      throw new AssertionError(connectors.problems(service));
    }
    Connector connector =
        connectors.connect(service, connectors.limits(service), new Secrets(_ -> TOKEN), () -> now);
    open.add(connector::close);
    return connector;
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), System::nanoTime);
  }

  static DesiredAccount jane() {
    return account("acme/staff/1/slack", "jane@acme.example");
  }

  static DesiredAccount account(String key, String userName) {
    return new DesiredAccount(key, userName, Acme.jane(userName), Map.of(), List.of());
  }

  static DesiredAccount granted(String type, String value) {
    DesiredAccount jane = jane();
    return new DesiredAccount(
        jane.externalId(),
        jane.userName(),
        jane.profile(),
        Map.of("cost-centre", "4711"),
        List.of(new Entitlement(type, value)));
  }

  static Says list(int total, String... resources) {
    return Says.status(
        200,
        "{\"totalResults\":%d,\"Resources\":[%s]}".formatted(total, String.join(",", resources)));
  }

  static Says all(String... resources) {
    return list(resources.length, resources);
  }

  /** Jane's account, as it is after a create. */
  static String janes() {
    return user("U1", "jane@acme.example", "acme/staff/1/slack");
  }

  static String user(String id, String userName, String externalId, String... more) {
    return "{\"id\":\"%s\",\"userName\":\"%s\"%s%s}"
        .formatted(
            id,
            userName,
            externalId.isEmpty() ? "" : ",\"externalId\":\"" + externalId + "\"",
            Arrays.stream(more).map(each -> "," + each).reduce("", String::concat));
  }

  static String query(Heard heard) {
    return URLDecoder.decode(heard.query(), StandardCharsets.UTF_8);
  }

  /** What was heard, without what does not matter, such as {@code GET /Users/U1}. */
  static List<String> requests(Listener listener) {
    return listener.heard().stream().map(heard -> heard.method() + " " + heard.path()).toList();
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }
}
