package dev.usher.provisioning.provision.connector.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON Web Tokens signed with RS256 (RFC 7519; RFC 7515, appendix A.2). */
final class Jwt {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Jwt() {}

  /**
   * @throws GeneralSecurityException if the key is no RSA key
   */
  static String signed(ObjectNode claims, PrivateKey key) throws GeneralSecurityException {
    ObjectNode header = JsonNodeFactory.instance.objectNode().put("alg", "RS256").put("typ", "JWT");
    String content = part(header) + '.' + part(claims);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(content.getBytes(StandardCharsets.US_ASCII));
    return content + '.' + BASE64.encodeToString(signature.sign());
  }

  private static String part(ObjectNode node) {
    return BASE64.encodeToString(Json.write(node).getBytes(StandardCharsets.UTF_8));
  }
}
