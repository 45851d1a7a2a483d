package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.DesiredAccount;
import dev.usher.provisioning.provision.connector.Lookup;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.scim.Features.Does;
import dev.usher.provisioning.provision.connector.scim.Listing.Search;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds an account, or what stands in its place. Services are known to answer a filter that they do
 * not support with everything, or with nothing. So whatever comes is compared again; and that
 * nothing is there is only said by a filter on {@code userName} which the service is known to
 * honour, or has been seen to, or by looking through all there are.
 */
final class Finding {

  private static final String EXTERNAL_ID = "externalId";
  private static final String USER_NAME = "userName";
  private static final String PATH = "/Users";

  private final Endpoint endpoint;
  private final Verdict verdict;
  private final Dialect dialect;
  private final Features features;
  private final Resource resource;

  /** Whether the service has been seen to filter by userName; null while nobody has looked. */
  private volatile @Nullable Boolean honours;

  Finding(
      Endpoint endpoint, Verdict verdict, Dialect dialect, Features features, Resource resource) {
    this.endpoint = endpoint;
    this.verdict = verdict;
    this.dialect = dialect;
    this.features = features;
    this.resource = resource;
  }

  Lookup find(DesiredAccount account, Deadline deadline) {
    if (dialect.keepsExternalId() && mayFilterBy(EXTERNAL_ID)) {
      Search ours =
          search(
              Listing.eq(EXTERNAL_ID, account.externalId()),
              user -> Resource.isOf(user, account),
              deadline);
      if (ours instanceof Search.Hits || ours instanceof Search.Failed) {
        return lookup(ours, account);
      }
    }
    if (!mayFilterBy(USER_NAME)) {
      return namesAreAddresses(account) ? byAddress(account, deadline) : all(account, deadline);
    }
    Search named =
        search(Listing.eq(USER_NAME, account.userName()), user -> isIt(user, account), deadline);
    return switch (named) {
      case Search.Hits _, Search.Failed _ -> lookup(named, account);
      case Search.Unsupported _ -> all(account, deadline);
      // What gives others, gives all: it has been looked through.
      case Search.Nothing(int seen) when seen > 0 -> new Lookup.Absent();
      case Search.Nothing _ ->
          dialect.filters().isPresent() ? byAddress(account, deadline) : proven(account, deadline);
    };
  }

  private boolean mayFilterBy(String attribute) {
    return dialect.filters().map(all -> all.contains(attribute)).orElse(true);
  }

  /** Where the user is named by the address, whoever has the name is found by the address. */
  private boolean namesAreAddresses(DesiredAccount account) {
    return account.userName().equalsIgnoreCase(account.profile().email())
        && dialect.filters().orElse(List.of()).stream().anyMatch(Finding::isAddress);
  }

  private static boolean isAddress(String attribute) {
    return attribute.startsWith("email");
  }

  private static boolean isIt(JsonNode user, DesiredAccount account) {
    return Resource.isOf(user, account) || Resource.isInTheWay(user, account);
  }

  /** By the e-mail address, where the service is known to filter by it: it may stand alone. */
  private Lookup byAddress(DesiredAccount account, Deadline deadline) {
    String email = account.profile().email();
    for (String attribute : dialect.filters().orElse(List.of())) {
      if (email != null && isAddress(attribute)) {
        Search search = search(Listing.eq(attribute, email), user -> isIt(user, account), deadline);
        if (search instanceof Search.Unsupported) {
          return new NotNow(
              "The service does not filter by `%s`, as its `filters` say".formatted(attribute),
              Cause.TROUBLE,
              null);
        }
        if (!(search instanceof Search.Nothing)) {
          return lookup(search, account);
        }
      }
    }
    return new Lookup.Absent();
  }

  /**
   * Nobody has said that the service filters by userName: whether somebody who is there is found by
   * name, shows whether somebody who is not found is not there.
   */
  private Lookup proven(DesiredAccount account, Deadline deadline) {
    Boolean known = honours;
    if (known == null) {
      Listing one = new Listing(endpoint, verdict, PATH, false, 1, 1);
      switch (one.search(null, user -> Resource.userName(user) != null, 1, deadline)) {
        case Search.Failed(NotNow why) -> {
          return why;
        }
        case Search.Nothing _, Search.Unsupported _ -> {
          return new Lookup.Absent();
        }
        case Search.Hits(List<JsonNode> users) -> {
          String name = String.valueOf(Resource.userName(users.getFirst()));
          Search again =
              search(
                  Listing.eq(USER_NAME, name),
                  user -> name.equals(Resource.userName(user)),
                  deadline);
          if (again instanceof Search.Failed(NotNow why)) {
            return why;
          }
          known = again instanceof Search.Hits;
          honours = known;
        }
      }
    }
    return known ? new Lookup.Absent() : all(account, deadline);
  }

  /** Looks through all users, as far as that is allowed. */
  private Lookup all(DesiredAccount account, Deadline deadline) {
    return switch (features.pagesByCursor(deadline)) {
      case Does.NotKnown(NotNow why) -> why;
      case Does.Known(boolean byCursor) -> {
        Listing listing =
            new Listing(endpoint, verdict, PATH, byCursor, dialect.pageSize(), dialect.scanLimit());
        // One of ours may come after one that stands in its place.
        yield lookup(listing.search(null, user -> isIt(user, account), 2, deadline), account);
      }
    };
  }

  private Search search(String filter, Predicate<JsonNode> wanted, Deadline deadline) {
    return new Listing(
            endpoint,
            verdict,
            PATH,
            dialect.pagesByCursor().orElse(false),
            dialect.pageSize(),
            dialect.scanLimit())
        .search(filter, wanted, 2, deadline);
  }

  private Lookup lookup(Search search, DesiredAccount account) {
    return switch (search) {
      case Search.Hits(List<JsonNode> users) -> {
        JsonNode best =
            users.stream()
                .filter(user -> Resource.isOf(user, account))
                .findFirst()
                .orElseGet(users::getFirst);
        Lookup.Found found = resource.found(best, account);
        yield found == null
            ? new NotNow("The service gives an account without an id", Cause.TROUBLE, null)
            : found;
      }
      case Search.Nothing _, Search.Unsupported _ -> new Lookup.Absent();
      case Search.Failed(NotNow why) -> why;
    };
  }
}
