package dev.usher.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What `when:` expressions can speak about: the name, the type, and where it comes from. */
enum Fact {
  PERSON_EMAIL("person.email", SimpleType.STRING),
  PERSON_DOMAIN("person.domain", SimpleType.STRING),
  PERSON_LOCAL_PART("person.localPart", SimpleType.STRING),
  PERSON_SUBJECT("person.subject", SimpleType.STRING),
  PERSON_GUEST("person.guest", SimpleType.BOOL),
  PERSON_GROUPS("person.groups", ListType.create(SimpleType.STRING)),
  PERSON_ATTRIBUTES("person.attributes", MapType.create(SimpleType.STRING, SimpleType.STRING)),
  SIGN_IN_ISSUER("signIn.issuer", SimpleType.STRING),
  SIGN_IN_APPLICATION("signIn.application", SimpleType.STRING),
  SIGN_IN_IP("signIn.ip", SimpleType.STRING),
  SIGN_IN_COUNTRY("signIn.country", SimpleType.STRING),
  SIGN_IN_METHODS("signIn.methods", ListType.create(SimpleType.STRING)),
  SIGN_IN_MFA("signIn.mfa", SimpleType.BOOL),
  SIGN_IN_ACR("signIn.acr", SimpleType.STRING),
  SIGN_IN_AT("signIn.at", SimpleType.TIMESTAMP),
  SERVICE_ID("service.id", SimpleType.STRING),
  SERVICE_TENANT("service.tenant", SimpleType.STRING),
  SERVICE_APPLICATIONS("service.applications", ListType.create(SimpleType.STRING));

  private final String text;
  private final CelType type;

  Fact(String text, CelType type) {
    this.text = text;
    this.type = type;
  }

  String text() {
    return text;
  }

  CelType type() {
    return type;
  }

  /** The value; null where it is unknown. */
  @Nullable Object of(Sighting sighting, Service service) {
    Facts facts = sighting.facts();
    return switch (this) {
      case PERSON_EMAIL -> sighting.email().toString();
      case PERSON_DOMAIN -> sighting.email().domain();
      case PERSON_LOCAL_PART -> sighting.email().localPart();
      case PERSON_SUBJECT -> facts.subject();
      case PERSON_GUEST -> facts.userKind() == null ? null : (Object) sighting.guest();
      case PERSON_GROUPS -> facts.groups();
      case PERSON_ATTRIBUTES -> facts.attributes();
      case SIGN_IN_ISSUER -> sighting.issuer().id();
      case SIGN_IN_APPLICATION -> facts.application();
      case SIGN_IN_IP -> sighting.ip() == null ? null : sighting.ip().toString();
      case SIGN_IN_COUNTRY ->
          facts.country() == null ? null : facts.country().toUpperCase(Locale.ROOT);
      case SIGN_IN_METHODS -> facts.authenticationMethods();
      case SIGN_IN_MFA -> sighting.mfa();
      case SIGN_IN_ACR -> facts.acr();
      case SIGN_IN_AT -> facts.at();
      case SERVICE_ID -> service.id();
      case SERVICE_TENANT -> service.tenant();
      case SERVICE_APPLICATIONS -> service.applications().stream().sorted().toList();
    };
  }
}
