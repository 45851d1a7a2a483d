package dev.usher.sandbox;

import java.util.List;
import java.util.Set;

/** What a vendor makes of the standard, unlike others. */
public sealed interface Habit {

  /**
   * It filters users by few attributes.
   *
   * @param attributes such as {@code userName} or {@code emails.value}, in any case
   * @param others what comes of any other filter
   */
  record Filters(Set<String> attributes, Unsupported others) implements Habit {
    public Filters {
      attributes = Set.copyOf(attributes);
    }
  }

  /** What comes of a filter that is not supported. */
  enum Unsupported {
    /** 400 {@code invalidFilter}, as section 3.4.2.2 of RFC 7644 has it. */
    REFUSED,
    /** 200, with an empty list. */
    EMPTY,
    /** 200, with all users. */
    IGNORED
  }

  /**
   * Its lists have so many resources at most.
   *
   * @param most at least 1
   */
  record Pages(int most) implements Habit {}

  /** A habit that needs no telling more. */
  enum Quirk implements Habit {
    /** An {@code externalId} comes back in the answer to a create, and never again. */
    FORGETS_EXTERNAL_ID,
    /** A create of a userName that is taken is answered 201, and takes the account over. */
    BINDS,
    /** A DELETE of a user only deactivates, and a GET still answers. */
    DELETE_DEACTIVATES,
    /** PATCH of users is not implemented, and the ServiceProviderConfig says so. */
    PUT_ONLY,
    /** There are no ETags and no versions, and the ServiceProviderConfig says so. */
    NO_ETAGS,
    /** Errors have no {@code scimType}. */
    NO_SCIM_TYPE,
    /** Bodies must be {@code application/json}; others are answered 415. */
    PLAIN_JSON,
    /** Who does not accept {@code application/scim+json} is answered 406. */
    WANTS_SCIM_ACCEPTED,
    /** Who does not say a {@code User-Agent} is answered 403. */
    WANTS_USER_AGENT,
    /** What it can do, it says at {@code /ServiceProviderConfigs}, as SCIM 1.1 did. */
    PLURAL_CONFIG,
    /** A new user must have an e-mail address of type {@code work}. */
    WANTS_WORK_EMAIL,
    /**
     * A new user must have a display name, a given name, a family name, and one e-mail address,
     * which is the primary one.
     */
    WANTS_NAMES_AND_ONE_EMAIL,
    /** Memberships are added and removed, and never replaced. */
    NO_REPLACE_IN_GROUPS
  }

  /** Filters by these alone, and refuses others. */
  static Habit filtersBy(String... attributes) {
    return new Filters(Set.copyOf(List.of(attributes)), Unsupported.REFUSED);
  }
}
