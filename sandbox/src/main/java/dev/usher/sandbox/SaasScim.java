package dev.usher.sandbox;

import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.response.ScimResponse;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceEndpoint;
import de.captaingoldfish.scim.sdk.server.endpoints.authorize.Authorization;
import dev.usher.sandbox.SaasFront.Answer;
import dev.usher.sandbox.SaasFront.Asked;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The way to the SCIM library and back: credentials, and habits before and after. */
final class SaasScim implements SaasFront.Behind {

  static final String PATH = "/scim/v2";

  /** The library asks whether a caller may call; those that may not do not come that far. */
  static final Authorization CHECKED_BEFORE =
      new Authorization() {
        @Override
        public Set<String> getClientRoles() {
          return Set.of();
        }

        @Override
        public boolean authenticate(
            Map<String, String> headers, Map<String, String> queryParameters) {
          return true;
        }
      };

  private final ResourceEndpoint scim;
  private final SaasHabits habits;
  private final String authorization;

  SaasScim(ResourceEndpoint scim, SaasHabits habits, String token) {
    this.scim = scim;
    this.habits = habits;
    this.authorization = "Bearer " + token;
  }

  @Override
  public Answer answer(Asked asked, boolean remembered) {
    if (!authorization.equals(asked.headers().get("Authorization"))) {
      return Answer.scimError(401, "", "the bearer token is missing or not ours");
    }
    URI uri = asked.uri();
    String path = uri.getRawPath();
    SaasHabits.Asked below =
        new SaasHabits.Asked(
            asked.method(),
            path.startsWith(PATH) ? path.substring(PATH.length()) : path,
            uri.getRawQuery() == null ? "" : uri.getRawQuery(),
            asked.headers(),
            asked.body());
    Optional<Answer> refusal = habits.refusal(below);
    return habits.given(
        below, refusal.isPresent() ? refusal.get() : answer(below, uri, remembered));
  }

  private Answer answer(SaasHabits.Asked asked, URI uri, boolean remembered) {
    ScimResponse answer =
        scim.handleRequest(
            uri.getScheme() + "://" + uri.getRawAuthority() + PATH + habits.asked(asked),
            HttpMethod.valueOf(asked.method()),
            asked.body(),
            asked.headers(),
            remembered ? new Context(CHECKED_BEFORE) : new SaasUsers.Forgetful());
    boolean bodiless = answer.getHttpStatus() == 204 || answer.getHttpStatus() == 304;
    return new Answer(
        answer.getHttpStatus(), answer.getHttpHeaders(), bodiless ? "" : answer.toString());
  }
}
