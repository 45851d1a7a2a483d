package dev.usher.provisioning.tenant;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the tenant files are.
 *
 * @param directory one {@code *.yaml} for each tenant
 * @param reloadInterval how often they are looked at for changes
 */
@ConfigurationProperties("usher.tenants")
record TenantProperties(
    @DefaultValue("tenants") Path directory, @DefaultValue("10s") Duration reloadInterval) {

  TenantProperties {
    if (!reloadInterval.isPositive()) {
      throw new IllegalArgumentException(
          "`usher.tenants.reload-interval` is `" + reloadInterval + "`; expected more than 0");
    }
  }
}
