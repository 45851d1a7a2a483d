package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.util.List;

/** A key in a header of the service's own, such as {@code X-Api-Key}. */
record Key(String header, Secret value) implements Authentication {

  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    return value
        .get()
        .<Step>map(
            key ->
                Request.isValue(key)
                    ? new Step.Added(request.with(header, key))
                    : value.cannotBeUsed("a key of visible ASCII characters"))
        .orElseGet(value::isNotSet);
  }

  @Override
  public List<String> secrets() {
    return value.asList();
  }
}
