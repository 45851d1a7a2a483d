package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A signature over a delivery's id, its time and its body, as Standard Webhooks 1.0.0 has it, so
 * that a receiver can tell who sent it, when, and whether it is a repeat.
 *
 * <p>The request brings its {@value #ID}; {@value #TIMESTAMP} (seconds since 1970) and {@value
 * #SIGNATURE} ({@code v1,} and the base64 of HMAC-SHA256 over {@code id.timestamp.body}) are added.
 */
record SignedWebhook(Secret secret, InstantSource clock) implements Authentication {

  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";

  /** Secrets that begin so are base64; others are taken as they are. */
  private static final String PREFIX = "whsec_";

  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    String id = request.headers().get(ID);
    if (id == null) {
      return new Step.Failed("The request has no `" + ID + "`, which is signed with it", null);
    }
    Optional<String> text = secret.get();
    if (text.isEmpty()) {
      return secret.isNotSet();
    }
    String timestamp = String.valueOf(clock.instant().getEpochSecond());
    String body = request.body() == null ? "" : request.body().text();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(text.get()), "HmacSHA256"));
      byte[] signature =
          mac.doFinal((id + '.' + timestamp + '.' + body).getBytes(StandardCharsets.UTF_8));
      return new Step.Added(
          request
              .with(TIMESTAMP, timestamp)
              .with(SIGNATURE, "v1," + Base64.getEncoder().encodeToString(signature)));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return secret.cannotBeUsed("`" + PREFIX + "` and base64, or any text");
    }
  }

  private static byte[] bytes(String text) {
    return text.startsWith(PREFIX)
        ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<String> secrets() {
    return secret.asList();
  }
}
