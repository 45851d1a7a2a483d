package dev.usher.events.serialization;

import dev.usher.events.SignIn;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that the event classes may be made by reflection. Newer versions of Avro (1.12.2 is
 * one) make no class that is named in a schema unless it is trusted, and that concerns even the
 * builders of the event classes, which make the defaults of enum fields so.
 */
public final class EventClasses {

  private static final String PACKAGE = SignIn.class.getPackageName();

  static {
    ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
    ClassSecurityValidator.setGlobal(
        candidate -> candidate.getPackageName().equals(PACKAGE) || before.isTrusted(candidate));
  }

  private EventClasses() {}

  /**
   * Adds the classes of the package {@code dev.usher.events}, and no others, to those that Avro
   * trusts in this JVM; what was trusted before stays so. The serializer and the deserializer of
   * this package call it themselves. A program that uses the builders or Avro's own readers before
   * either is loaded calls it first, or starts with {@code
   * -Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.usher.events}. Calling it again does nothing.
   */
  public static void trust() {
    // The work is done once, when this class is initialized.
  }
}
