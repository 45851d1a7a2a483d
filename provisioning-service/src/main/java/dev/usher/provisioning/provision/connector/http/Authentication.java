package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/** One way to say who asks. May be asked from many threads at once. */
public interface Authentication {

  /** What came of the wish to say who asks. */
  sealed interface Step {

    /** The request, with what says who asks. */
    record Added(Request request) implements Step {}

    /**
     * It cannot be said now.
     *
     * @param why in a sentence without secrets
     * @param after how long whoever gives tokens asks to be left alone; null if it does not say
     */
    record Failed(String why, @Nullable Duration after) implements Step {}
  }

  /** Sends a request as it is, for those who must ask for a token first. */
  @FunctionalInterface
  interface Exchange {

    /** What came of it. */
    Answer send(Request request, Deadline deadline);
  }

  /** Adds to the request what says who asks. */
  Step add(Request request, Exchange exchange, Deadline deadline);

  /**
   * The service did not accept a request as it was added to (401).
   *
   * @return whether it may be worth asking again, with what {@link #add} says then
   */
  default boolean renew(Request refused) {
    return false;
  }

  /** What must show nowhere: all that was told of late, as it was told. */
  List<String> secrets();

  /** Where requests must be able to go besides the service itself. */
  default List<URI> addresses() {
    return List.of();
  }

  /** The key of the TLS connection; null for none. */
  default @Nullable KeyManager key() {
    return null;
  }
}
