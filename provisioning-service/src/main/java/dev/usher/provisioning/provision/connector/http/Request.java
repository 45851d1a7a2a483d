package dev.usher.provisioning.provision.connector.http;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to a service, without what says who asks: {@link Http} adds that.
 *
 * @param method in upper case
 * @param uri absolute
 * @param headers by name; {@code Content-Type} comes from the body
 * @param body null for none
 */
public record Request(String method, URI uri, Map<String, String> headers, @Nullable Body body) {

  /** Section 5.1 of RFC 9110. */
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

  /** Visible ASCII, with spaces inside: what every server reads alike. */
  private static final Pattern VALUE =
      Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?");

  private static final int LONGEST_VALUE = 8_192;

  /**
   * What a request carries, as UTF-8.
   *
   * @param mediaType such as {@code application/json}
   */
  public record Body(String mediaType, String text) {

    /** Says nothing of the content. */
    @Override
    public String toString() {
      return "Body[" + mediaType + "]";
    }
  }

  /**
   * @throws IllegalArgumentException if a header has a name or a value that could not be sent as it
   *     is
   */
  public Request {
    headers.forEach(
        (name, value) -> {
          if (!isName(name) || !isValue(value)) {
            throw new IllegalArgumentException("header `" + name + "` cannot be sent as it is");
          }
        });
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** Without body and headers. */
  public static Request of(String method, URI uri) {
    return new Request(method, uri, Map.of(), null);
  }

  /** Whether a header can be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether a header can have this value. */
  public static boolean isValue(String value) {
    return value.length() <= LONGEST_VALUE && VALUE.matcher(value).matches();
  }

  /** The same with one more header, which replaces one of that very name. */
  public Request with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Request(method, uri, more, body);
  }

  /** The same with this body. */
  public Request with(Body other) {
    return new Request(method, uri, headers, other);
  }

  /** Says nothing of people and secrets. */
  @Override
  public String toString() {
    return method + " " + uri.getHost();
  }
}
