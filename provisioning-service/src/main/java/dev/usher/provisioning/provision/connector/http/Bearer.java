package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.util.List;

/** A token that does not change by itself (RFC 6750, section 2.1). */
record Bearer(Secret token) implements Authentication {

  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    return token.get().map(value -> bearer(request, value)).orElseGet(token::isNotSet);
  }

  /** The request with a bearer token. */
  private Step bearer(Request request, String value) {
    String header = "Bearer " + value;
    return Request.isValue(header)
        ? new Step.Added(request.with("Authorization", header))
        : token.cannotBeUsed("a token of visible ASCII characters");
  }

  @Override
  public List<String> secrets() {
    return token.asList();
  }
}
