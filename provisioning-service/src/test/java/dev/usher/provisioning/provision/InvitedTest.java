package dev.usher.provisioning.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.policy.Service;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Origin;
import dev.usher.provisioning.account.State;
import dev.usher.provisioning.account.SuspensionCause;
import dev.usher.provisioning.account.Wanted;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.http.Listener;
import dev.usher.provisioning.provision.connector.http.Listener.Heard;
import dev.usher.provisioning.provision.connector.http.Listener.Says;
import dev.usher.provisioning.provision.connector.rest.RestConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.testing.Acme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose an invitation is, and the account that is there once somebody has accepted one. */
class InvitedTest {

  private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");
  private static final Instant EXPIRES = NOW.plus(Duration.ofDays(7));
  private static final String OUR_KEY = "\"externalId\":\"acme/staff/jane/slack\"";

  private static final String RECIPE =
      """
      url-example: https://api.pebble.example
      create: conflicts
      external-id: KEPT
      account:
        id: body.id
        email: person.email
        externalId: 'has(body.externalId) ? body.externalId : null'
        privileged: has(body.admin)
        guest: has(body.guest)
      operations:
        create:
          request: POST /invitations
          answers:
            - {status: 201, is: invited, expires: 'timestamp("2026-03-09T08:00:00Z")'}
            - {status: 409, is: conflict}
        find:
          request: GET /users
          answers:
            - {status: 200, when: has(body.invited), is: invited, expires: 'timestamp("2026-03-09T08:00:00Z")'}
            - {status: 200, is: found}
            - {status: 404, is: absent}
        read:
          request: GET /users
          answers:
            - {status: 200, is: found}
        delete:
          request: DELETE /invitations/{account.id}
          answers:
            - {status: 204, is: done}
        probe:
          request: GET /
          answers:
            - {status: 200, is: works}
      """;

  @TempDir Path directory;

  private final List<Runnable> open = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  /** What is found; empty for nothing. */
  private volatile String there = "";

  @AfterEach
  void close() {
    open.reversed().forEach(Runnable::run);
  }

  private Says answer(Heard heard) {
    asked.add(heard.method());
    return switch (heard.method()) {
      case "POST" -> {
        // It takes effect, and the answer is lost.
        there = invitation("i1");
        yield Says.status(500, "");
      }
      case "DELETE" -> Says.status(204, "");
      default -> there.isEmpty() ? Says.status(404, "") : Says.status(200, there);
    };
  }

  private Connector connector(String externalId) throws IOException {
    Listener listener = Listener.to(this::answer);
    open.add(listener::close);
    Files.writeString(directory.resolve("pebble.yaml"), RECIPE.replace("KEPT", externalId));
    Service service =
        Acme.slack(
            "{type: rest, recipe: pebble, url: \"%s\", token: \"${SLACK_TOKEN}\"}"
                .formatted(listener.uri()));
    RestConnectors connectors = new RestConnectors(new Outbound(true), directory);
    assertThat(connectors.problems(service)).isEmpty();
    Connector connector =
        connectors.connect(
            service, connectors.limits(service), new Secrets(_ -> "token"), () -> NOW);
    open.add(connector::close);
    return connector;
  }

  private static String invitation(String id) {
    return "{\"id\":\"%s\",\"invited\":true}".formatted(id);
  }

  private static Account asked() {
    return Acme.requested("jane", "slack", NOW).taken("me", NOW);
  }

  /** Whom we have sent the invitation {@code i1}. */
  private static Account invited() {
    Account asked = asked();
    Account told =
        asked.after(
            ((State.Pending) asked.state()).invited("i1", "jane@acme.example", EXPIRES),
            "invited",
            "",
            NOW);
    return told.announced(NOW).taken("me", NOW);
  }

  private static Account leaving(Account account) {
    return account
        .suspending(new Wanted.Suspended(SuspensionCause.LEAVER, NOW.plusSeconds(1), "l"), NOW)
        .taken("me", NOW);
  }

  private static Talk talk(Account account) {
    return new Talk(account, _ -> true, () -> NOW);
  }

  private static Outcome once(Talk talk, Connector connector) {
    return talk.once(connector, Deadline.after(Duration.ofSeconds(30), System::nanoTime));
  }

  private static State becomes(Account account, Outcome outcome, Instant when) {
    return Consequences.of(account, outcome, when).map(State.Transition::to).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "forgotten | \"id\":\"u1\" | created",
        "forgotten | \"id\":\"u1\",\"admin\":true | somebody-elses",
        "forgotten | \"id\":\"u1\",\"guest\":true | somebody-elses",
        "forgotten | \"id\":\"i1\",\"admin\":true | created",
        "kept | \"id\":\"u1\" | somebody-elses",
        "kept | \"id\":\"u1\"," + OUR_KEY + " | created",
        "kept | \"id\":\"u1\",\"externalId\":\"other\" | somebody-elses"
      })
  void whatAnInvitationHasBecomeIsOursOnlyIfSomethingShowsIt(
      String externalId, String attributes, String name) throws IOException {
    there = "{" + attributes + "}";

    Outcome outcome = once(talk(invited()), connector(externalId));

    assertThat(outcome.name()).isEqualTo(name);
    if (outcome instanceof Outcome.There there) {
      assertThat(there.origin()).isEqualTo(Origin.INVITATION_ACCEPTED);
    } else {
      assertThat(becomes(invited(), outcome, NOW)).isInstanceOf(State.Held.class);
    }
  }

  @Test
  void anInvitationByAnotherHandIsNotOurs() throws IOException {
    Connector connector = connector("forgotten");
    there = invitation("i2");

    Outcome created = once(talk(asked()), connector);
    assertThat(becomes(asked(), created, NOW)).isInstanceOf(State.Held.class);
    Outcome polled = once(talk(invited()), connector);
    assertThat(becomes(invited(), polled, NOW)).isInstanceOf(State.Held.class);
    Account leaving = leaving(invited());
    assertThat(becomes(leaving, once(talk(leaving), connector), NOW))
        .isEqualTo(new State.Deleted());

    assertThat(asked).containsOnly("GET");
  }

  @ParameterizedTest
  @CsvSource({"kept", "forgotten"})
  void anInvitationWhoseAnswerWasLostIsOurs(String externalId) throws IOException {
    Connector connector = connector(externalId);
    Talk talk = talk(asked());

    Outcome lost = once(talk, connector);
    assertThat(lost).isInstanceOf(Outcome.Unknown.class);
    assertThat(once(talk, connector))
        .isEqualTo(
            new Outcome.InvitationSent(
                "i1", "jane@acme.example", EXPIRES, "Invited by an earlier try"));

    Account later =
        asked()
            .deferred(lost.name(), lost.detail(), NOW, NOW.plusSeconds(1))
            .taken("another", NOW.plusSeconds(1));
    assertThat(once(talk(later), connector)).isInstanceOf(Outcome.InvitationSent.class);
    assertThat(once(talk(asked().taken("another", NOW)), connector))
        .as("nobody wrote down how the try before ended")
        .isInstanceOf(Outcome.InvitationSent.class);
    assertThat(once(talk(leaving(later)), connector)).isInstanceOf(Outcome.Done.class);
    assertThat(asked).containsExactly("GET", "POST", "GET", "GET", "GET", "GET", "DELETE");
  }

  @Test
  void whoHasAcceptedByTheTimeTheyLeaveIsTakenAway() throws IOException {
    there = "{\"id\":\"u1\"}";
    Account leaving = leaving(invited());

    Outcome outcome = once(talk(leaving), connector("forgotten"));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.There.class,
            found -> assertThat(found.origin()).isEqualTo(Origin.INVITATION_ACCEPTED));
    assertThat(becomes(leaving, outcome, NOW)).isInstanceOf(State.Active.class);
    assertThat(asked).containsExactly("GET");
  }

  @Test
  void anInvitationThatIsGoneBeforeItsTimeIsAHumansToDecideAndALapsedOneIsSentAgain()
      throws IOException {
    Outcome gone = once(talk(invited()), connector("forgotten"));

    assertThat(becomes(invited(), gone, EXPIRES.minus(Duration.ofHours(1))))
        .isInstanceOfSatisfying(
            State.Held.class, held -> assertThat(held.reason()).contains("before its time"));
    assertThat(becomes(invited(), gone, EXPIRES.plusSeconds(1))).isEqualTo(new State.Pending(true));
  }

  @Test
  void ourInvitationIsWithdrawnFromWhoeverLeaves() throws IOException {
    there = invitation("i1");
    Account leaving = leaving(invited());

    assertThat(once(talk(leaving), connector("forgotten"))).isInstanceOf(Outcome.Done.class);
    assertThat(asked).containsExactly("GET", "DELETE");
  }
}
