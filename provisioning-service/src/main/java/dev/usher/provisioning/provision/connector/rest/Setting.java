package dev.usher.provisioning.provision.connector.rest;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's file says to a recipe.
 *
 * @param matches what it must look like
 * @param example a right one, for messages
 * @param otherwise what it is if the file does not say; null if it must
 */
record Setting(Pattern matches, String example, @Nullable String otherwise) {

  private static final int LONGEST = 200;

  boolean takes(String value) {
    return value.length() <= LONGEST && matches.matcher(value).matches();
  }
}
