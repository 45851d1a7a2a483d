package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose an account is that stands where ours shall be, branch by branch. */
class AdoptionTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final String OURS = "\"externalId\":\"acme/staff/jane/slack\"";
  private static final String HER_ADDRESS =
      "\"emails\":[{\"type\":\"work\",\"value\":\"Jane@acme.example\",\"primary\":true}]";

  /** What tells an owner from a guest at this service. */
  private static final String MARKS =
      "privileged: {roles.value: [owner]}, guest: {roles.value: [guest]}";

  private @Nullable Listener listener;
  private @Nullable Connector connector;

  @AfterEach
  void close() {
    if (connector != null) {
      connector.close();
    }
    if (listener != null) {
      listener.close();
    }
  }

  private Listener connect(String settings, Function<Heard, Says> answers) {
    Listener listening = Listener.to(answers);
    listener = listening;
    Service service =
        Acme.slack(Acme.scim(listening.uri().toString(), "updates: patch", MARKS, settings));
    ScimConnectors connectors = new ScimConnectors(new Outbound(true));
    assertThat(connectors.problems(service)).isEmpty();
    connector =
        connectors.connect(
            service, connectors.limits(service), new Secrets(_ -> "token"), () -> NOW);
    return listening;
  }

  private static Account jane() {
    return Acme.requested("jane", "slack", NOW).taken("me", NOW);
  }

  private static Talk talk(Account account, boolean proven) {
    return new Talk(account, _ -> proven, () -> NOW);
  }

  private Outcome once(Talk talk) {
    if (connector == null) {
      throw new AssertionError("not connected");
    }
    return talk.once(connector, Deadline.after(Duration.ofSeconds(30), System::nanoTime));
  }

  private static Says list(String... users) {
    return Says.status(
        200,
        "{\"totalResults\":%d,\"Resources\":[%s]}"
            .formatted(users.length, String.join(",", users)));
  }

  private static String user(String... attributes) {
    return "{\"id\":\"U7\",\"userName\":\"jane@acme.example\",%s}"
        .formatted(String.join(",", attributes));
  }

  /** A service where somebody of that name is, and who has none of our keys but as they say. */
  private static Function<Heard, Says> has(String user) {
    return heard ->
        switch (heard.method()) {
          case "POST" -> Says.status(409, "");
          case "PATCH" -> Says.status(204, "");
          default -> heard.path().equals("/Users") ? list(user) : Says.status(200, user);
        };
  }

  private static List<String> methods(Listener listener) {
    return listener.heard().stream().map(Heard::method).toList();
  }

  @Test
  void whatCarriesOurKeyIsOurs() {
    Listener service = connect("create: conflicts", has(user(OURS, "\"active\":true")));

    assertThat(once(talk(jane(), false)))
        .isEqualTo(
            new Outcome.There(
                "U7",
                "jane@acme.example",
                Origin.CREATED,
                true,
                "Found as an earlier try had left it"));
    assertThat(methods(service)).containsExactly("POST", "GET");
  }

  @Test
  void oursThatSomebodyHasSuspendedIsUsableAgain() {
    Listener service = connect("create: conflicts", has(user(OURS, "\"active\":false")));

    assertThat(once(talk(jane(), false))).isInstanceOf(Outcome.There.class);

    assertThat(methods(service)).containsExactly("POST", "GET", "PATCH");
    assertThat(service.heard().getLast().body()).contains("\"active\",\"value\":true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "true | \"emails\":[{\"value\":\"jane@acme.example\"}],\"externalId\":\"globex/x/1/slack\" | carries another key",
        "true | \"emails\":[{\"value\":\"jane@acme.example\"}],\"roles\":[{\"value\":\"owner\"}] | it is an administrator's",
        "true | \"emails\":[{\"value\":\"jane@acme.example\"}],\"roles\":[{\"value\":\"guest\"}] | it is a guest's",
        "true | \"emails\":[{\"value\":\"jane@acme.example\"}],\"active\":false | somebody has suspended it",
        "true | \"emails\":[{\"value\":\"joan@acme.example\"}] | it carries another e-mail address",
        "true | \"active\":true | it carries another e-mail address, or none",
        "false | \"emails\":[{\"value\":\"jane@acme.example\"}] | nobody has verified its e-mail address"
      })
  void whatMayNotBeAdoptedIsForAHumanToDecideAndStaysAsItIs(
      boolean proven, String attributes, String why) {
    Listener service = connect("create: conflicts", has(user(attributes)));

    assertThat(once(talk(jane(), proven)))
        .isInstanceOfSatisfying(
            Outcome.SomebodyElses.class, held -> assertThat(held.detail()).contains(why));
    assertThat(methods(service)).containsExactly("POST", "GET", "GET");
  }

  @ParameterizedTest
  @CsvSource({"emails: unverified, true", "emails: verified, false"})
  void whatIsNobodysIsAdoptedIfTheServiceOrTheProvenDomainVouchesForItsAddress(
      String emails, boolean proven) {
    Listener service = connect("create: conflicts, " + emails, has(user(HER_ADDRESS)));

    assertThat(once(talk(jane(), proven)))
        .isEqualTo(
            new Outcome.There(
                "U7",
                "jane@acme.example",
                Origin.ADOPTED,
                true,
                "Adopted: it was nobody's, and its e-mail address is verified"));
    assertThat(service.heard().getLast().method()).isEqualTo("PATCH");
    assertThat(service.heard().getLast().body()).contains("acme/staff/jane/slack");
  }

  @Test
  void whatIsAdoptedAndCannotBeMarkedNowIsMarkedByAnUpdate() {
    Function<Heard, Says> has = has(user(HER_ADDRESS));
    connect(
        "create: conflicts",
        heard -> heard.method().equals("PATCH") ? Says.status(503, "") : has.apply(heard));

    assertThat(once(talk(jane(), true)))
        .isInstanceOfSatisfying(
            Outcome.There.class, there -> assertThat(there.complete()).isFalse());
  }

  @Test
  void whereACreateMayBindTheLookComesBeforeIt() {
    Listener service = connect("create: binds", has(user(HER_ADDRESS)));

    assertThat(once(talk(jane(), true)).name()).isEqualTo("adopted");

    assertThat(methods(service)).doesNotContain("POST");
  }

  @Test
  void aConflictWithNothingIsNobodysAndTriedAgain() {
    connect(
        "create: conflicts, filters: [userName, externalId]",
        heard -> heard.method().equals("POST") ? Says.status(409, "") : list());

    assertThat(once(talk(jane(), true)))
        .isEqualTo(
            new Outcome.Unknown(
                "The service speaks of a conflict and finds nothing in conflict",
                null,
                false,
                true));
  }

  /** Where our key is forgotten: absent right before, made since, and nobody's administrator. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "2026-03-02T08:00:00Z | \"active\":true | created",
        "2026-03-02T08:00:01Z | \"active\":true | created",
        "2026-03-02T07:59:59Z | \"active\":true | somebody-elses",
        "                     | \"active\":true | somebody-elses",
        "2026-03-02T08:00:01Z | \"roles\":[{\"value\":\"owner\"}] | somebody-elses"
      })
  void whereOurKeyIsForgottenOnlyWhatCameToBeSinceItsAbsenceIsOurs(
      @Nullable String created, String attributes, String name) {
    AtomicReference<Says> users = new AtomicReference<>(list());
    String made =
        user(
            attributes,
            "\"meta\":{%s}".formatted(created == null ? "" : "\"created\":\"" + created + "\""));
    Listener service =
        connect(
            "create: conflicts, external-id: forgotten, filters: [userName]",
            heard -> {
              if (heard.method().equals("POST")) {
                users.set(list(made));
                return Says.status(500, "");
              }
              return users.get();
            });
    Talk talk = talk(jane(), false);

    assertThat(once(talk)).isInstanceOf(Outcome.Unknown.class);
    assertThat(once(talk).name()).isEqualTo(name);

    assertThat(methods(service)).containsExactly("GET", "POST", "GET");
  }

  @Test
  void whatIsFoundByWhoeverHasNotSeenItAbsentIsNotOursByItsAge() {
    Listener service =
        connect(
            "external-id: forgotten, filters: [userName]",
            has(user("\"meta\":{\"created\":\"2026-03-02T09:00:00Z\"}")));

    assertThat(once(talk(jane().taken("another", NOW), false)).name()).isEqualTo("somebody-elses");

    assertThat(methods(service)).containsExactly("GET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"external-id: kept", "external-id: forgotten, filters: [userName]"})
  void whoeverIsToBeKeptOutAdoptsNothing(String externalId) {
    Listener service = connect("create: conflicts, " + externalId, has(user(HER_ADDRESS)));
    Account leaving =
        jane()
            .suspending(new Wanted.Suspended(SuspensionCause.LEAVER, NOW.plusSeconds(1), "l"), NOW)
            .taken("me", NOW);

    assertThat(once(talk(leaving, true)).name()).isEqualTo("somebody-elses");

    assertThat(methods(service)).doesNotContain("PATCH", "POST");
  }
}
