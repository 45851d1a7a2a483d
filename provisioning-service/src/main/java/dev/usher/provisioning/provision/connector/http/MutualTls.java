package dev.usher.provisioning.provision.connector.http;

import dev.usher.provisioning.provision.connector.Deadline;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A client's certificate in the TLS handshake; key and certificates are PEM. */
record MutualTls(Secret secretKey, Secret certificate) implements Authentication {

  private static final String ALIAS = "usher";

  /** Without key and certificate that can be used, no request leaves. */
  @Override
  public Step add(Request request, Exchange exchange, Deadline deadline) {
    if (secretKey.get().isEmpty() || certificate.get().isEmpty()) {
      return (secretKey.get().isEmpty() ? secretKey : certificate).isNotSet();
    }
    if (privateKey().isEmpty()) {
      return secretKey.cannotBeUsed(Pem.EXPECTED_KEY);
    }
    return chain().isEmpty()
        ? certificate.cannotBeUsed("certificates that begin with `-----BEGIN CERTIFICATE-----`")
        : new Step.Added(request);
  }

  private Optional<PrivateKey> privateKey() {
    return secretKey
        .get()
        .flatMap(
            text -> {
              try {
                return Optional.of(Pem.privateKey(text));
              } catch (GeneralSecurityException _) {
                return Optional.empty();
              }
            });
  }

  private Optional<List<X509Certificate>> chain() {
    return certificate
        .get()
        .flatMap(
            text -> {
              try {
                return Optional.of(Pem.certificates(text));
              } catch (GeneralSecurityException _) {
                return Optional.empty();
              }
            });
  }

  /** A key never travels. */
  @Override
  public List<String> secrets() {
    return List.of();
  }

  @Override
  public KeyManager key() {
    return new Key();
  }

  /**
   * Reads the secrets at each handshake, so that a renewed certificate is used without a restart.
   */
  private final class Key extends X509ExtendedKeyManager {

    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return chain().map(each -> each.toArray(X509Certificate[]::new)).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return privateKey().orElse(null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
