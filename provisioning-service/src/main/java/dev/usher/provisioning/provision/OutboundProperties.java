package dev.usher.provisioning.provision;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where requests may go.
 *
 * @param privateAllowed whether services may be reached at private, loopback and link-local
 *     addresses; for in-house services, at the operator's own risk
 */
@ConfigurationProperties("usher.outbound")
record OutboundProperties(@DefaultValue("false") boolean privateAllowed) {}
