package dev.usher.provisioning.provision.connector.scim;

import dev.usher.provisioning.provision.connector.Deadline;
import dev.usher.provisioning.provision.connector.NotNow;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.http.Answer;
import dev.usher.provisioning.provision.connector.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * Looks through the resources of one kind, page by page (section 3.4.2.4 of RFC 7644; by cursor,
 * RFC 9865), until one is found, none is left, or there are more than may be looked through.
 *
 * @param path of the resources, such as {@code /Users}
 * @param byCursor whether pages are asked for by cursor
 * @param pageSize how many to ask for at once
 * @param limit how many to look through at most
 */
record Listing(
    Endpoint endpoint, Verdict verdict, String path, boolean byCursor, int pageSize, int limit) {

  /** What a search came to. */
  sealed interface Search {

    /** All that was wanted, in the service's order; at most as many as were asked for. */
    record Hits(List<JsonNode> resources) implements Search {}

    /**
     * Nothing of it is there, if the service did as it was asked.
     *
     * @param seen how many others the service gave
     */
    record Nothing(int seen) implements Search {}

    /** The service says that it cannot filter so. */
    record Unsupported() implements Search {}

    /** The service did not answer the question. */
    record Failed(NotNow why) implements Search {}
  }

  /** A filter by one attribute (section 3.4.2.2 of RFC 7644): values are JSON strings. */
  static String eq(String attribute, String value) {
    return attribute + " eq " + Json.write(StringNode.valueOf(value));
  }

  /**
   * @param filter null for all there are
   * @param wanted told of each resource that the service gives, for it may give others
   * @param most how many are enough
   */
  Search search(@Nullable String filter, Predicate<JsonNode> wanted, int most, Deadline deadline) {
    List<JsonNode> hits = new ArrayList<>();
    Page page = Page.first(filter, byCursor, pageSize);
    String firstOfPage = null;
    int seen = 0;
    while (true) {
      Answer answer = endpoint.get(path + page.query(), deadline);
      if (filter != null && refusesFilter(answer)) {
        return new Search.Unsupported();
      }
      JsonNode list =
          answer instanceof Answer.Received(int status, _, _, _) && status == 200
              ? ((Answer.Received) answer).json()
              : null;
      if (list == null || !isList(list)) {
        return new Search.Failed(verdict.notNow(answer));
      }
      JsonNode resources = list.path("Resources");
      for (JsonNode resource : resources) {
        if (wanted.test(resource)) {
          hits.add(resource);
          if (hits.size() == most) {
            return new Search.Hits(hits);
          }
        }
      }
      String first = Resource.id(resources.path(0));
      if (first != null && first.equals(firstOfPage)) {
        return trouble("The service gives the same page again and again; see `paging`");
      }
      firstOfPage = first;
      seen += resources.size();
      long total = list.path("totalResults").asLong(-1);
      Page next = page.after(list, seen, total);
      if (next == null) {
        if (total > seen) {
          return trouble("The service says that it has %d and gives %d".formatted(total, seen));
        }
        return hits.isEmpty() ? new Search.Nothing(seen) : new Search.Hits(hits);
      }
      if (seen >= limit) {
        return trouble(
            "The service has more than the %d that `scan-limit` lets us look through"
                .formatted(limit));
      }
      page = next;
    }
  }

  private static Search trouble(String why) {
    return new Search.Failed(new NotNow(why, Cause.TROUBLE, null));
  }

  private static boolean isList(JsonNode list) {
    return list.path("Resources").isArray() || list.has("totalResults");
  }

  /** Section 3.4.2.2 of RFC 7644 wants a 400; some say that nothing of it is made. */
  private static boolean refusesFilter(Answer answer) {
    return answer instanceof Answer.Received received
        && (received.status() == 400 || received.status() == 501);
  }

  /**
   * One page.
   *
   * @param filter with its {@code filter=}; empty for none
   * @param cursor where it begins; null for a page by index
   */
  private record Page(String filter, @Nullable String cursor, int start, int size) {

    static Page first(@Nullable String filter, boolean byCursor, int size) {
      return new Page(
          filter == null ? "" : "filter=" + Endpoint.encoded(filter),
          byCursor ? "" : null,
          1,
          size);
    }

    /** A filter's first page is asked for as it is: most services give one result or none. */
    String query() {
      boolean plain = !filter.isEmpty() && start == 1 && (cursor == null || cursor.isEmpty());
      String where =
          cursor == null
              ? "startIndex=" + start + "&count=" + size
              : "cursor=" + Endpoint.encoded(cursor) + "&count=" + size;
      return "?" + filter + (plain ? "" : (filter.isEmpty() ? "" : "&") + where);
    }

    @Nullable Page after(JsonNode list, int seen, long total) {
      if (cursor != null || list.has("nextCursor")) {
        String next = list.path("nextCursor").asString("");
        return next.isEmpty() ? null : new Page(filter, next, seen + 1, size);
      }
      boolean more = !list.path("Resources").isEmpty() && (total < 0 || seen < total);
      return more ? new Page(filter, null, seen + 1, size) : null;
    }
  }
}
