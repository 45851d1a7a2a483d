package dev.usher.policy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a person and a sign-in. Null is unknown; an empty list or map is known to be
 * empty. Nothing is normalized yet.
 *
 * @param occasion what brings the person here
 * @param issuer `iss` of OpenID Connect
 * @param subject the person at the issuer
 * @param email the e-mail address as the issuer states it
 * @param emailVerified whether the issuer has verified it; an explicit false is always a no
 * @param userKind member or guest of the directory
 * @param outcome how the authentication ended
 * @param actorKind who authenticated
 * @param application the client signed in to
 * @param clientIp the address that the issuer's front door saw
 * @param forwardedFor `X-Forwarded-For` in its order, the nearest proxy last, without `clientIp`
 * @param country ISO 3166-1 alpha-2
 * @param groups the person's groups at the issuer
 * @param authenticationMethods `amr` values of RFC 8176
 * @param multiFactor whether more than one factor was used, where the issuer says so itself
 * @param acr the authentication context class
 * @param attributes further attributes by name; one that is not there is unknown
 * @param at when it happened; the only clock that rules see
 */
public record Facts(
    Occasion occasion,
    @Nullable String issuer,
    @Nullable String subject,
    @Nullable String email,
    @Nullable Boolean emailVerified,
    @Nullable UserKind userKind,
    @Nullable SignInOutcome outcome,
    @Nullable ActorKind actorKind,
    @Nullable String application,
    @Nullable String clientIp,
    @Nullable List<String> forwardedFor,
    @Nullable String country,
    @Nullable List<String> groups,
    @Nullable List<String> authenticationMethods,
    @Nullable Boolean multiFactor,
    @Nullable String acr,
    @Nullable Map<String, String> attributes,
    @Nullable Instant at) {
  public Facts {
    Objects.requireNonNull(occasion, "occasion");
    forwardedFor = copied(forwardedFor);
    groups = copied(groups);
    authenticationMethods = copied(authenticationMethods);
    attributes = attributes == null ? null : Map.copyOf(attributes);
  }

  /** As `List.copyOf`, which copies twice, and most of these are as short as that. */
  private static @Nullable List<String> copied(@Nullable List<String> list) {
    if (list == null) {
      return null;
    }
    return switch (list.size()) {
      case 0 -> List.of();
      case 1 -> List.of(list.get(0));
      case 2 -> List.of(list.get(0), list.get(1));
      default -> List.copyOf(list);
    };
  }

  /** Nothing known but that somebody signed in. */
  public static Builder signIn() {
    return new Builder(Occasion.SIGN_IN);
  }

  /** Nothing known but the occasion. */
  public static Builder on(Occasion occasion) {
    return new Builder(occasion);
  }

  /** Facts as they come in; what is not set stays unknown. */
  public static final class Builder {
    private final Occasion occasion;
    private @Nullable String issuer;
    private @Nullable String subject;
    private @Nullable String email;
    private @Nullable Boolean emailVerified;
    private @Nullable UserKind userKind;
    private @Nullable SignInOutcome outcome;
    private @Nullable ActorKind actorKind;
    private @Nullable String application;
    private @Nullable String clientIp;
    private @Nullable List<String> forwardedFor;
    private @Nullable String country;
    private @Nullable List<String> groups;
    private @Nullable List<String> authenticationMethods;
    private @Nullable Boolean multiFactor;
    private @Nullable String acr;
    private @Nullable Map<String, String> attributes;
    private @Nullable Instant at;

    private Builder(Occasion occasion) {
      this.occasion = occasion;
    }

    public Builder issuer(@Nullable String issuer) {
      this.issuer = issuer;
      return this;
    }

    public Builder subject(@Nullable String subject) {
      this.subject = subject;
      return this;
    }

    public Builder email(@Nullable String email) {
      this.email = email;
      return this;
    }

    public Builder emailVerified(@Nullable Boolean emailVerified) {
      this.emailVerified = emailVerified;
      return this;
    }

    public Builder userKind(@Nullable UserKind userKind) {
      this.userKind = userKind;
      return this;
    }

    public Builder outcome(@Nullable SignInOutcome outcome) {
      this.outcome = outcome;
      return this;
    }

    public Builder actorKind(@Nullable ActorKind actorKind) {
      this.actorKind = actorKind;
      return this;
    }

    public Builder application(@Nullable String application) {
      this.application = application;
      return this;
    }

    public Builder clientIp(@Nullable String clientIp) {
      this.clientIp = clientIp;
      return this;
    }

    public Builder forwardedFor(@Nullable List<String> forwardedFor) {
      this.forwardedFor = forwardedFor;
      return this;
    }

    public Builder country(@Nullable String country) {
      this.country = country;
      return this;
    }

    public Builder groups(@Nullable List<String> groups) {
      this.groups = groups;
      return this;
    }

    public Builder authenticationMethods(@Nullable List<String> authenticationMethods) {
      this.authenticationMethods = authenticationMethods;
      return this;
    }

    public Builder multiFactor(@Nullable Boolean multiFactor) {
      this.multiFactor = multiFactor;
      return this;
    }

    public Builder acr(@Nullable String acr) {
      this.acr = acr;
      return this;
    }

    public Builder attributes(@Nullable Map<String, String> attributes) {
      this.attributes = attributes;
      return this;
    }

    public Builder at(@Nullable Instant at) {
      this.at = at;
      return this;
    }

    /** The facts so far. */
    public Facts build() {
      return new Facts(
          occasion,
          issuer,
          subject,
          email,
          emailVerified,
          userKind,
          outcome,
          actorKind,
          application,
          clientIp,
          forwardedFor,
          country,
          groups,
          authenticationMethods,
          multiFactor,
          acr,
          attributes,
          at);
    }
  }
}
