package dev.usher.sandbox;

import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.complex.ETagConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.FilterConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.PatchConfig;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.AuthenticationScheme;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceEndpoint;
import de.captaingoldfish.scim.sdk.server.endpoints.base.GroupEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.base.UserEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.schemas.custom.ETagFeature;
import de.captaingoldfish.scim.sdk.server.schemas.custom.ResourceTypeFeatures;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * One tenant at a SaaS vendor: a SCIM 2.0 server (RFC 7643, RFC 7644) made of a library that is not
 * ours, with users, groups, filters, PATCH, ETags and 409 on a userName that is taken in any case,
 * with {@link #faults faults} on demand and with {@link #habits habits} of vendors. Its accounts
 * are in memory and outlast a {@link #stop}. Safe for use by several threads.
 */
public final class Saas implements AutoCloseable {

  /** The bearer token of a SaaS that was started without one. */
  public static final String DEFAULT_TOKEN = "sandbox-token";

  private static final int LONGEST_LIST = 200;

  /**
   * An account as the SaaS holds it.
   *
   * @param id the id that the SaaS gave it
   * @param externalId the client's id, if the client sent one
   * @param created when, by the clock of the SaaS
   */
  public record Account(
      String id,
      String userName,
      Optional<String> externalId,
      Optional<String> displayName,
      boolean active,
      Instant created) {}

  private final String token;
  private final Faults faults = new Faults();
  private final SaasHabits habits = new SaasHabits();
  private final SaasUsers users;
  private final SaasGroups groups;
  private final SaasFront front;
  private final SaasServer server;

  private Saas(String token, InstantSource clock) {
    this.token = token;
    this.users = new SaasUsers(clock, habits);
    this.groups = new SaasGroups(clock);
    this.front = new SaasFront(new SaasScim(scim(users, groups), habits, token), faults, clock);
    this.server = new SaasServer(front);
  }

  /** Starts one that takes {@value #DEFAULT_TOKEN} and goes by the system's clock. */
  public static Saas start() {
    return start(DEFAULT_TOKEN);
  }

  /** Starts one that goes by the system's clock. */
  public static Saas start(String token) {
    return start(token, InstantSource.system());
  }

  /**
   * Starts one without accounts and without faults.
   *
   * @param token the bearer token (RFC 6750) that requests must carry
   * @param clock tells when accounts are created and which date a Retry-After names
   */
  public static Saas start(String token, InstantSource clock) {
    Saas saas = new Saas(token, clock);
    saas.restart();
    return saas;
  }

  /** The base URL of the SCIM API, without a slash at the end; the same after a restart. */
  public String url() {
    return server.url() + SaasScim.PATH;
  }

  /** The bearer token that requests must carry. */
  public String token() {
    return token;
  }

  /** What goes wrong here, and when. */
  public Faults faults() {
    return faults;
  }

  /**
   * Whether a userName can be held by one account alone, in any case, as it is at the start. Where
   * it is off, a second create makes a second account.
   */
  public void uniqueness(boolean on) {
    users.uniqueness(on);
  }

  /** It has these habits from now on, and no others. */
  public void habits(Habit... now) {
    habits.set(now);
  }

  /** Makes a group without members, and says its id. */
  public String group(String displayName) {
    return groups.add(displayName);
  }

  /** The ids of the accounts that are members of the group of this id. */
  public List<String> members(String groupId) {
    return groups.members(groupId);
  }

  /** All accounts at this moment, in the order of their creation. */
  public List<Account> accounts() {
    return users.accounts();
  }

  /**
   * How many creates took effect, whether or not their answer arrived, by externalId; those without
   * an externalId under the empty text.
   */
  public Map<String, Integer> successfulCreates() {
    return users.createsByExternalId();
  }

  /**
   * How many requests arrived since the first start, by HTTP method, those with faults included.
   */
  public Map<String, Long> requests() {
    return front.requests();
  }

  /** Breaks all connections and refuses new ones; stopping twice does nothing. */
  public void stop() {
    server.stop();
  }

  /** Stops if need be, and starts on the same port with the same accounts and faults. */
  public void restart() {
    server.restart();
  }

  /** Stops; closing twice does nothing. */
  @Override
  public void close() {
    stop();
  }

  private static ResourceEndpoint scim(SaasUsers users, SaasGroups groups) {
    ServiceProvider provider =
        ServiceProvider.builder()
            .filterConfig(FilterConfig.builder().supported(true).maxResults(LONGEST_LIST).build())
            .patchConfig(PatchConfig.builder().supported(true).build())
            .eTagConfig(ETagConfig.builder().supported(true).build())
            .authenticationSchemes(
                List.of(
                    AuthenticationScheme.builder()
                        .type("oauthbearertoken")
                        .name("Bearer token")
                        .description("RFC 6750")
                        .build()))
            .lenientContentTypeChecking(true)
            .forkJoinPool(ForkJoinPool.commonPool())
            .build();
    ResourceEndpoint endpoint = new ResourceEndpoint(provider);
    endpoint
        .registerEndpoint(new UserEndpointDefinition(users))
        .setFeatures(
            ResourceTypeFeatures.builder()
                .autoFiltering(false)
                .eTagFeature(ETagFeature.builder().enabled(true).build())
                .build());
    endpoint.registerEndpoint(new GroupEndpointDefinition(groups));
    return endpoint;
  }
}
