package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Entitlement;
import dev.usher.policy.Service;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.provision.connector.Capabilities;
import dev.usher.provisioning.provision.connector.Change;
import dev.usher.provisioning.provision.connector.Connector;
import dev.usher.provisioning.provision.connector.Creation;
import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Probe;
import dev.usher.provisioning.provision.connector.Rejected;
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.provision.connector.rest.Course.End;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A service with a JSON API, as its recipe says how to use it. */
final class RestConnector implements Connector {

  private static final String GROUP = "group";
  private static final int RANDOM_BYTES = 32;

  /** Gateways speak so of a service that has not answered them. */
  private static final Set<Integer> GATEWAYS = Set.of(408, 502, 504);

  private static final String NO_DETAIL = "no detail";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Recipe recipe;
  private final Service service;
  private final Map<String, String> settings;
  private final URI base;
  private final Http http;
  private final String credentials;
  private final InstantSource clock;

  /**
   * @param settings all that the recipe has, by name
   * @param base where the service is, without a slash at its end
   * @param http closed with the connector
   * @param credentials the setting that refers to the credentials
   */
  RestConnector(
      Recipe recipe,
      Service service,
      Map<String, String> settings,
      URI base,
      Http http,
      String credentials,
      InstantSource clock) {
    this.recipe = recipe;
    this.service = service;
    this.settings = settings;
    this.base = base;
    this.http = http;
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public Capabilities capabilities() {
    return recipe.capabilities();
  }

  @Override
  public Creation create(DesiredAccount account, Deadline deadline) {
    if (cannotGrant(account, Task.CREATE)) {
      return noGroups();
    }
    End end = run(Task.CREATE, null, account, deadline);
    if (end instanceof End.Understood understood) {
      try {
        switch (understood.rule().is()) {
          case CREATED -> {
            return new Creation.Created(id(understood), userName(understood, account));
          }
          case INVITED -> {
            return new Creation.Invited(
                id(understood), userName(understood, account), expires(understood));
          }
          case CONFLICT -> {
            if (!understood.inDoubt()) {
              return new Creation.Conflict();
            }
          }
          case FOUND,
              ABSENT,
              DONE,
              GONE,
              WORKS,
              REJECTED,
              RETRY,
              BURST,
              QUOTA,
              UNAUTHORIZED,
              NEXT -> {}
        }
      } catch (UnclearException e) {
        return new Unknown(answered(understood.answer(), e.why()), null, true);
      }
    }
    return otherwise(end);
  }

  @Override
  public Lookup find(DesiredAccount account, Deadline deadline) {
    return lookup(run(Task.FIND, null, account, deadline), account);
  }

  @Override
  public Lookup read(String id, DesiredAccount account, Deadline deadline) {
    return lookup(run(Task.READ, id, account, deadline), account);
  }

  private Lookup lookup(End end, DesiredAccount account) {
    if (end instanceof End.Understood understood) {
      try {
        switch (understood.rule().is()) {
          case FOUND -> {
            return found(understood, account);
          }
          case INVITED -> {
            return new Lookup.StillInvited(id(understood), expires(understood));
          }
          case ABSENT -> {
            return new Lookup.Absent();
          }
          case CREATED,
              CONFLICT,
              DONE,
              GONE,
              WORKS,
              REJECTED,
              RETRY,
              BURST,
              QUOTA,
              UNAUTHORIZED,
              NEXT -> {}
        }
      } catch (UnclearException e) {
        return new NotNow(answered(understood.answer(), e.why()), Cause.TROUBLE, null);
      }
    }
    return notNow(end);
  }

  private static Lookup.Found found(End.Understood end, DesiredAccount account)
      throws UnclearException {
    Map<Part, Expression> parts = end.rule().parts();
    Map<String, Object> known = end.known();
    Expression created = parts.get(Part.CREATED);
    return new Lookup.Found(
        id(end),
        userName(end, account),
        text(Part.EXTERNAL_ID, end),
        truth(Part.ACTIVE, end),
        Boolean.TRUE.equals(truth(Part.PRIVILEGED, end)),
        Boolean.TRUE.equals(truth(Part.GUEST, end)),
        text(Part.EMAIL, end),
        created == null ? null : created.timeOrNull(known));
  }

  private static String id(End.Understood end) throws UnclearException {
    String id = text(Part.ID, end);
    if (id == null || id.isEmpty()) {
      throw new UnclearException("there is no id");
    }
    return id;
  }

  private static String userName(End.Understood end, DesiredAccount account)
      throws UnclearException {
    return Objects.requireNonNullElse(text(Part.USER_NAME, end), account.userName());
  }

  private static Instant expires(End.Understood end) throws UnclearException {
    Expression expires = end.rule().expires();
    Instant time = expires == null ? null : expires.timeOrNull(end.known());
    if (time == null) {
      throw new UnclearException("nothing says when the invitation lapses");
    }
    return time;
  }

  private static @Nullable String text(Part part, End.Understood end) throws UnclearException {
    Expression expression = end.rule().parts().get(part);
    return expression == null ? null : expression.textOrNull(end.known());
  }

  private static @Nullable Boolean truth(Part part, End.Understood end) throws UnclearException {
    Expression expression = end.rule().parts().get(part);
    return expression == null ? null : expression.truthOrNull(end.known());
  }

  @Override
  public Change update(String id, DesiredAccount account, Deadline deadline) {
    return cannotGrant(account, Task.UPDATE)
        ? noGroups()
        : change(Task.UPDATE, id, account, deadline);
  }

  @Override
  public Change suspend(String id, DesiredAccount account, Deadline deadline) {
    return change(Task.SUSPEND, id, account, deadline);
  }

  @Override
  public Change reactivate(String id, DesiredAccount account, Deadline deadline) {
    return change(Task.REACTIVATE, id, account, deadline);
  }

  @Override
  public Change delete(String id, DesiredAccount account, Deadline deadline) {
    return change(Task.DELETE, id, account, deadline);
  }

  private Change change(Task task, String id, DesiredAccount account, Deadline deadline) {
    End end = run(task, id, account, deadline);
    if (end instanceof End.Understood understood) {
      if (understood.rule().is() == Meaning.DONE) {
        return new Change.Done();
      }
      if (understood.rule().is() == Meaning.GONE) {
        return new Change.Gone();
      }
    }
    return switch (otherwise(end)) {
      case NotNow notNow -> notNow;
      case Unknown unknown -> unknown;
      case Rejected rejected -> rejected;
      case Creation.Answered _ -> throw new IllegalStateException("no create was asked for");
    };
  }

  private boolean cannotGrant(DesiredAccount account, Task task) {
    return !recipe.tellsGroups(task)
        && account.entitlements().stream().anyMatch(granted -> granted.type().equals(GROUP));
  }

  private static Rejected noGroups() {
    return new Rejected(
        "A group is granted, and the service's recipe knows no groups",
        "expected no grant of a `group`");
  }

  @Override
  public Probe probe(Deadline deadline) {
    DesiredAccount nobody =
        new DesiredAccount(
            "", "", new Profile("", null, null, null, null, null, null), Map.of(), List.of());
    End end = run(Task.PROBE, null, nobody, deadline);
    return end instanceof End.Understood understood && understood.rule().is() == Meaning.WORKS
        ? new Probe.Works("The service answers")
        : new Probe.Fails(notNow(end).why());
  }

  private End run(Task task, @Nullable String id, DesiredAccount account, Deadline deadline) {
    return new Course(http, base, recipe, deadline, known(id, account)).run(task);
  }

  private Map<String, Object> known(@Nullable String id, DesiredAccount account) {
    Profile profile = account.profile();
    String email = Objects.requireNonNullElse(profile.email(), account.userName());
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    Map<String, Object> known = new HashMap<>();
    known.put(Word.PERSON_EMAIL.text(), email);
    known.put(Word.PERSON_DOMAIN.text(), email.substring(email.lastIndexOf('@') + 1));
    known.put(Word.PERSON_DISPLAY_NAME.text(), Values.orNull(profile.displayName()));
    known.put(Word.PERSON_GIVEN_NAME.text(), Values.orNull(profile.givenName()));
    known.put(Word.PERSON_FAMILY_NAME.text(), Values.orNull(profile.familyName()));
    known.put(Word.PERSON_LOCALE.text(), Values.orNull(profile.locale()));
    known.put(Word.PERSON_TIME_ZONE.text(), Values.orNull(profile.timeZone()));
    known.put(Word.PERSON_ATTRIBUTES.text(), account.attributes());
    known.put(Word.ACCOUNT_EXTERNAL_ID.text(), account.externalId());
    known.put(Word.ACCOUNT_USER_NAME.text(), account.userName());
    known.put(
        Word.ACCOUNT_GROUPS.text(),
        account.entitlements().stream()
            .filter(granted -> granted.type().equals(GROUP))
            .map(Entitlement::value)
            .toList());
    if (id != null) {
      known.put(Word.ACCOUNT_ID.text(), id);
    }
    known.put(Word.TENANT_ID.text(), service.tenant());
    known.put(Word.SERVICE_ID.text(), service.id());
    known.put(Word.NOW.text(), clock.instant());
    known.put(Word.RANDOM.text(), Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    settings.forEach((name, value) -> known.put(Language.SETTINGS + name, value));
    return known;
  }

  /** What came of a create or a change that is not what was hoped for. */
  private Creation otherwise(End end) {
    return switch (end) {
      case End.Lost(String why, boolean inDoubt) when inDoubt -> new Unknown(why, null, false);
      case End.NotUnderstood(String why, Received answer, boolean inDoubt) when inDoubt ->
          new Unknown(
              answered(answer, why), answer.retryAfter(), !GATEWAYS.contains(answer.status()));
      case End each when each.inDoubt() ->
          // Part of it is done, and only a look tells which.
          new Unknown(notNow(each).why(), notNow(each).after(), true);
      case End.CannotBeSaid(String why, _) ->
          new Rejected("No request could be made of it: " + why, NO_DETAIL);
      case End.Understood understood when understood.rule().is() == Meaning.REJECTED ->
          new Rejected("The service answered " + understood.answer().status(), words(understood));
      case End each -> notNow(each);
    };
  }

  private NotNow notNow(End end) {
    return switch (end) {
      case End.Understood understood -> notNow(understood);
      case End.NotUnderstood(String why, Received answer, _) ->
          new NotNow(answered(answer, why), Cause.TROUBLE, answer.retryAfter());
      case End.CannotBeSaid(String why, _) ->
          new NotNow("No request could be made of it: " + why, Cause.TROUBLE, null);
      case End.NotSent(String why, Duration after, _) -> new NotNow(why, Cause.TROUBLE, after);
      case End.Lost(String why, _) -> new NotNow(why, Cause.TROUBLE, null);
    };
  }

  private NotNow notNow(End.Understood end) {
    String what = "The service answered " + end.answer().status();
    Duration after = after(end);
    return switch (end.rule().is()) {
      case BURST -> new NotNow(what, Cause.BURST, after);
      case QUOTA -> new NotNow(what, Cause.QUOTA, after);
      case UNAUTHORIZED ->
          new NotNow(
              what + ": it does not accept what `" + credentials + "` refers to",
              Cause.TROUBLE,
              after);
      case CREATED, INVITED, CONFLICT, FOUND, ABSENT, DONE, GONE, WORKS, REJECTED, RETRY, NEXT ->
          new NotNow(what, Cause.TROUBLE, after);
    };
  }

  private static @Nullable Duration after(End.Understood end) {
    Expression after = end.rule().after();
    try {
      return after == null ? end.answer().retryAfter() : after.asSpan(end.known());
    } catch (UnclearException _) {
      return end.answer().retryAfter();
    }
  }

  /** Free of secrets, also of one that was made for this very request. */
  private String words(End.Understood end) {
    Expression words = end.rule().words();
    try {
      String said = words == null ? null : words.textOrNull(end.known());
      return said == null || said.isBlank()
          ? NO_DETAIL
          : http.quotable(
              said.replace(String.valueOf(end.known().get(Word.RANDOM.text())), "[secret]"));
    } catch (UnclearException _) {
      return NO_DETAIL;
    }
  }

  private static String answered(Received answer, String why) {
    return "The service answered " + answer.status() + ", and " + why;
  }

  @Override
  public void close() {
    http.close();
  }
}
