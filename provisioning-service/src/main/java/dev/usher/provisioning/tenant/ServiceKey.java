package dev.usher.provisioning.tenant;

/**
 * One service of one tenant: {@code tenant/service}.
 *
 * @param tenant the tenant's id
 * @param service the service's name in the tenant's file
 */
public record ServiceKey(String tenant, String service) {

  @Override
  public String toString() {
    return tenant + '/' + service;
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if the text is not {@code tenant/service}
   */
  public static ServiceKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash == text.length() - 1) {
      throw new IllegalArgumentException("`" + text + "` is no service; expected `tenant/service`");
    }
    return new ServiceKey(text.substring(0, slash), text.substring(slash + 1));
  }
}
