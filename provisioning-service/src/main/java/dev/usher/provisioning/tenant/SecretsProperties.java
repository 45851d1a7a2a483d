package dev.usher.provisioning.tenant;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the tenants' secrets are.
 *
 * @param directory one file for each, named as its property {@code usher.secrets.TENANT.NAME};
 *     those that have no file are looked for among the other settings
 */
@ConfigurationProperties("usher.secrets")
record SecretsProperties(@DefaultValue("/run/secrets") Path directory) {}
