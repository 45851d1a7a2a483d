package dev.usher.provisioning.provision.connector.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as text (RFC 7468). What cannot be read is never quoted. */
final class Pem {

  /** What {@link #privateKey} reads, for messages. */
  static final String EXPECTED_KEY =
      "a key that begins with `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`";

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----([^-]*)-----END (RSA )?PRIVATE KEY-----");

  /** Version 0 and the algorithm {@code rsaEncryption}, as PKCS #8 puts them before a PKCS #1. */
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private Pem() {}

  /**
   * An RSA or EC key in PKCS #8 (RFC 5208), or an RSA key in PKCS #1 (RFC 8017).
   *
   * @throws GeneralSecurityException if there is none
   */
  static PrivateKey privateKey(String text) throws GeneralSecurityException {
    Matcher matcher = KEY.matcher(text);
    if (!matcher.find()) {
      throw new InvalidKeySpecException("no private key");
    }
    byte[] content = base64(matcher.group(2));
    PKCS8EncodedKeySpec key =
        new PKCS8EncodedKeySpec(matcher.group(1) == null ? content : pkcs8(content));
    try {
      return KeyFactory.getInstance("RSA").generatePrivate(key);
    } catch (InvalidKeySpecException _) {
      return KeyFactory.getInstance("EC").generatePrivate(key);
    }
  }

  private static byte[] base64(String text) throws InvalidKeySpecException {
    try {
      return Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new InvalidKeySpecException("no base64");
    }
  }

  private static byte[] pkcs8(byte[] pkcs1) {
    return der(0x30, RSA, der(0x04, pkcs1));
  }

  /** Tag, length in the long form of two bytes, and content (X.690, section 8.1). */
  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] each : contents) {
      content.writeBytes(each);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    all.write(0x82);
    all.write(content.size() >> 8);
    all.write(content.size());
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  /**
   * The certificates, the holder's first.
   *
   * @throws GeneralSecurityException if there is none
   */
  static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new InvalidKeySpecException("no certificate");
    }
    return certificates;
  }
}
