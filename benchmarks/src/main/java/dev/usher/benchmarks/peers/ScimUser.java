package dev.usher.benchmarks.peers;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user as SCIM writes it, with what ours sends too.
 *
 * @param id the service's own; null in a request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScimUser(
    @Nullable String id,
    List<String> schemas,
    boolean active,
    String externalId,
    String userName,
    String displayName,
    Name name,
    List<Email> emails) {

  record Name(String givenName, String familyName) {}

  record Email(String value, String type, boolean primary) {}
}
