package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A name and a password (RFC 7617). */
record Basic(Secret user, Secret password) implements Authentication {

  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    Optional<String> header = header();
    return header.isEmpty()
        ? (user.get().isEmpty() ? user : password).isNotSet()
        : new Step.Added(request.with("Authorization", header.get()));
  }

  /** The header's value; empty while a secret is not set. */
  Optional<String> header() {
    return user.get()
        .flatMap(
            name ->
                password
                    .get()
                    .map(
                        word ->
                            "Basic "
                                + Base64.getEncoder()
                                    .encodeToString(
                                        (name + ":" + word).getBytes(StandardCharsets.UTF_8))));
  }

  @Override
  public List<String> secrets() {
    return Stream.concat(
            header().map(value -> value.substring("Basic ".length())).stream(),
            password.get().stream())
        .toList();
  }
}
