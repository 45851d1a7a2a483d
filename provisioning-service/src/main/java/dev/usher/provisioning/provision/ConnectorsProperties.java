package dev.usher.provisioning.provision;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of services besides what comes with us.
 *
 * @param profiles one {@code *.yaml} for each profile of a SCIM service; there need be none
 * @param recipes one {@code *.yaml} for each recipe of a service with an API of its own; there need
 *     be none
 */
@ConfigurationProperties("usher.connectors")
record ConnectorsProperties(
    @DefaultValue("profiles") Path profiles, @DefaultValue("recipes") Path recipes) {}
