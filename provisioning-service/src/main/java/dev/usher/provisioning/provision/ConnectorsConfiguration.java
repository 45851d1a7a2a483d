package dev.usher.provisioning.provision;

import dev.usher.provisioning.provision.connector.Connectors;
import dev.usher.provisioning.provision.connector.Outbound;
import dev.usher.provisioning.provision.connector.rest.RestConnectors;
import dev.usher.provisioning.provision.connector.scim.ScimConnectors;
import dev.usher.provisioning.tenant.Secrets;
import dev.usher.provisioning.tenant.Tenants;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what reaches services; it needs no database. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OutboundProperties.class, ConnectorsProperties.class})
class ConnectorsConfiguration {

  @Bean
  Connectors scimConnectors(OutboundProperties outbound, ConnectorsProperties connectors) {
    return new ScimConnectors(new Outbound(outbound.privateAllowed()), connectors.profiles());
  }

  @Bean
  Connectors restConnectors(OutboundProperties outbound, ConnectorsProperties connectors) {
    return new RestConnectors(new Outbound(outbound.privateAllowed()), connectors.recipes());
  }

  @Bean
  ConnectorTypes connectorTypes(List<Connectors> types) {
    return new ConnectorTypes(types);
  }

  @Bean
  Probing probing(Tenants tenants, ConnectorTypes types, Secrets secrets, InstantSource clock) {
    return new Probing(tenants::policies, types, secrets, clock, System::nanoTime);
  }
}
