package dev.usher.provisioning.provision.connector.scim;

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
import dev.usher.provisioning.provision.connector.Unknown;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Answer.Received;
import dev.usher.provisioning.provision.connector.http.Http;
import dev.usher.provisioning.provision.connector.scim.Features.Does;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A service that speaks SCIM 2.0 (RFC 7643, RFC 7644). */
final class ScimConnector implements Connector {

  private static final String USERS = "/Users";
  private static final int PRECONDITION_FAILED = 412;
  private static final Does YES = new Does.Known(true);

  /** How often a change is made anew upon what somebody else has changed meanwhile. */
  private static final int MOST_TRIES = 3;

  private final Dialect dialect;
  private final Http http;
  private final Endpoint endpoint;
  private final Verdict verdict;
  private final Features features;
  private final Resource resource;
  private final Finding finding;
  private final Groups groups;

  /**
   * @param base where the service is, without a slash at its end
   * @param http closed with the connector
   * @param credentials the setting that refers to the credentials
   */
  ScimConnector(Dialect dialect, URI base, Http http, String credentials, InstantSource clock) {
    this.dialect = dialect;
    this.http = http;
    this.endpoint = new Endpoint(http, base, dialect.mediaType());
    this.verdict = new Verdict(dialect, http, credentials);
    this.features = new Features(endpoint, verdict, dialect, clock);
    this.resource = new Resource(dialect);
    this.finding = new Finding(endpoint, verdict, dialect, features, resource);
    this.groups = new Groups(endpoint, verdict, dialect);
  }

  @Override
  public Capabilities capabilities() {
    return dialect.capabilities();
  }

  /** Section 3.3 of RFC 7644. Groups that do not exist are found out before the account is made. */
  @Override
  public Creation create(DesiredAccount account, Deadline deadline) {
    return switch (groups.of(account, deadline)) {
      case Groups.Named.None(var why) -> why;
      case Groups.Named.NotKnown(NotNow why) -> why;
      case Groups.Named.Ids(List<String> ids) -> {
        Answer answer = endpoint.send("POST", USERS, resource.created(account), null, deadline);
        Creation creation = creation(answer, account, deadline);
        yield creation instanceof Creation.Created(String id, String userName, _)
            ? new Creation.Created(
                id, userName, groups.join(id, ids, deadline) instanceof Change.Done)
            : creation;
      }
    };
  }

  private Creation creation(Answer answer, DesiredAccount account, Deadline deadline) {
    return switch (answer) {
      case Answer.NotSent _ -> verdict.notNow(answer);
      case Answer.Lost(String why) -> new Unknown(why, null, false);
      case Received received when received.status() == 200 || received.status() == 201 ->
          created(received, account, deadline);
      case Received received -> verdict.creation(received);
    };
  }

  private Creation created(Received answer, DesiredAccount account, Deadline deadline) {
    JsonNode user = answer.json();
    Lookup.Found found = user == null ? null : resource.found(user, account);
    if (found == null) {
      return new Unknown("The service answered " + answer.status() + " without an id", null, true);
    }
    Creation created = new Creation.Created(found.id(), found.userName());
    if (!dialect.reReadsAfterCreate()) {
      return created;
    }
    return switch (read(found.id(), account, deadline)) {
      case Lookup.Found _, Lookup.StillInvited _ -> created;
      case Lookup.Absent _ ->
          new NotNow(
              "The service answered %d, and has no such account".formatted(answer.status()),
              Cause.TROUBLE,
              null);
      case NotNow notNow -> new Unknown(notNow.why(), notNow.after(), true);
    };
  }

  @Override
  public Lookup find(DesiredAccount account, Deadline deadline) {
    return finding.find(account, deadline);
  }

  /** Section 3.4.1 of RFC 7644. */
  @Override
  public Lookup read(String id, DesiredAccount account, Deadline deadline) {
    Answer answer = endpoint.get(path(id), deadline);
    return switch (current(answer)) {
      case Current.There(JsonNode user, _) -> {
        Lookup.Found found = resource.found(user, account);
        yield found == null ? verdict.notNow(answer) : found;
      }
      case Current.Gone _ -> new Lookup.Absent();
      case Current.NotKnown(NotNow why) -> why;
    };
  }

  /** An account as it is now. */
  private sealed interface Current {
    /**
     * @param version what a change names that is made upon it; null if the service gives none
     */
    record There(JsonNode user, @Nullable String version) implements Current {}

    record Gone() implements Current {}

    record NotKnown(NotNow why) implements Current {}
  }

  private Current current(Answer answer) {
    if (answer instanceof Received received) {
      JsonNode user = received.json();
      if (received.status() == 200 && user instanceof ObjectNode) {
        String version = received.headers().get("ETag");
        return new Current.There(
            user, version == null ? Resource.text(user.path("meta"), "version") : version);
      }
      if ((received.status() == 404 || received.status() == 410)
          && Verdict.isAnswerOfService(received)) {
        return new Current.Gone();
      }
    }
    return new Current.NotKnown(verdict.notNow(answer));
  }

  /**
   * Sections 3.5.1 and 3.5.2 of RFC 7644: what differs is changed, upon the version that was read.
   * What nobody knows of the person is left as it is.
   */
  @Override
  public Change update(String id, DesiredAccount account, Deadline deadline) {
    return switch (groups.of(account, deadline)) {
      case Groups.Named.None(var why) -> why;
      case Groups.Named.NotKnown(NotNow why) -> why;
      case Groups.Named.Ids(List<String> ids) -> {
        Change change =
            change(
                id,
                user -> resource.changes(user, account),
                user -> resource.replaced(user, account),
                _ -> true,
                deadline);
        yield change instanceof Change.Done ? groups.join(id, ids, deadline) : change;
      }
    };
  }

  private Change change(
      String id,
      Function<JsonNode, ArrayNode> changes,
      UnaryOperator<JsonNode> replaced,
      Predicate<JsonNode> holds,
      Deadline deadline) {
    for (int tries = 1; ; tries++) {
      switch (current(endpoint.get(path(id), deadline))) {
        case Current.NotKnown(NotNow why) -> {
          return why;
        }
        case Current.Gone _ -> {
          return new Change.Gone();
        }
        case Current.There(JsonNode user, String version) -> {
          ArrayNode operations = changes.apply(user);
          if (operations.isEmpty()) {
            return new Change.Done();
          }
          Does versions = features.sendsVersions(deadline);
          Does patches = features.patches(deadline);
          if (versions instanceof Does.NotKnown(NotNow why)) {
            return why;
          }
          if (patches instanceof Does.NotKnown(NotNow why)) {
            return why;
          }
          String upon = versions.equals(YES) ? version : null;
          Answer answer =
              patches.equals(YES)
                  ? endpoint.send("PATCH", path(id), Patch.of(operations), upon, deadline)
                  : endpoint.send("PUT", path(id), replaced.apply(user), upon, deadline);
          if (patches.equals(YES) && features.learnsThatThereIsNoPatch(answer)) {
            continue;
          }
          if (!isStale(answer) || upon == null) {
            return change(answer, holds);
          }
          if (tries == MOST_TRIES) {
            return new NotNow(
                "Somebody else changes the account again and again", Cause.TROUBLE, null);
          }
        }
      }
    }
  }

  private static boolean isStale(Answer answer) {
    return answer instanceof Received received && received.status() == PRECONDITION_FAILED;
  }

  /**
   * @param holds whether the account that the service gives back is as it was asked to be
   */
  private Change change(Answer answer, Predicate<JsonNode> holds) {
    return switch (answer) {
      case Answer.NotSent _ -> verdict.notNow(answer);
      case Answer.Lost(String why) -> new Unknown(why, null, false);
      case Received received when received.status() >= 200 && received.status() < 300 -> {
        JsonNode user = received.body().isBlank() ? null : received.json();
        yield user == null || holds.test(user)
            ? new Change.Done()
            : new NotNow(
                "The service answered %d and did not do it".formatted(received.status()),
                Cause.TROUBLE,
                null);
      }
      case Received received -> verdict.change(received);
    };
  }

  @Override
  public Change suspend(String id, DesiredAccount account, Deadline deadline) {
    return active(id, false, deadline);
  }

  @Override
  public Change reactivate(String id, DesiredAccount account, Deadline deadline) {
    return active(id, true, deadline);
  }

  /** A PATCH of one attribute to one value is right upon whatever is there; a PUT is not. */
  private Change active(String id, boolean active, Deadline deadline) {
    Predicate<JsonNode> holds = user -> !Boolean.valueOf(!active).equals(Resource.active(user));
    switch (features.patches(deadline)) {
      case Does.NotKnown(NotNow why) -> {
        return why;
      }
      case Does.Known(boolean patch) when patch -> {
        Answer answer =
            endpoint.send("PATCH", path(id), Patch.of(Patch.activation(active)), null, deadline);
        if (!features.learnsThatThereIsNoPatch(answer)) {
          return change(answer, holds);
        }
      }
      case Does.Known _ -> {
        // By PUT, then.
      }
    }
    return change(
        id,
        user ->
            Boolean.valueOf(active).equals(Resource.active(user))
                ? Patch.none()
                : Patch.activation(active),
        user -> Resource.activated(user, active),
        holds,
        deadline);
  }

  /** Section 3.6 of RFC 7644. */
  @Override
  public Change delete(String id, DesiredAccount account, Deadline deadline) {
    return change(endpoint.send("DELETE", path(id), null, null, deadline), _ -> true);
  }

  private static String path(String id) {
    return USERS + "/" + Endpoint.encoded(id);
  }

  /** Asks for one user, or where even that has an effect, for what the service says of itself. */
  @Override
  public Probe probe(Deadline deadline) {
    String path =
        dialect.probesUsers()
            ? USERS + "?startIndex=1&count=1"
            : "/" + dialect.discovery().orElse("ResourceTypes");
    Answer answer = endpoint.get(path, deadline);
    if (answer instanceof Received received
        && received.status() == 200
        && received.json() instanceof ObjectNode said) {
      return new Probe.Works(
          said.has("totalResults")
              ? "The service answers, and has %d users"
                  .formatted(said.path("totalResults").asLong(0))
              : "The service answers");
    }
    return new Probe.Fails(verdict.notNow(answer).why());
  }

  @Override
  public void close() {
    http.close();
  }
}
