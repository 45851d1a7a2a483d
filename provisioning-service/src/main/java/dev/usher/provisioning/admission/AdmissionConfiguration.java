package dev.usher.provisioning.admission;

import dev.usher.provisioning.account.AccountDesk;
import dev.usher.provisioning.account.AccountStore;
import dev.usher.provisioning.account.MailboxStore;
import dev.usher.provisioning.account.StillPermitted;
import dev.usher.provisioning.tenant.Tenants;
import dev.usher.provisioning.tenant.TopicProperties;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires admission. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionProperties.class)
class AdmissionConfiguration {

  @Bean
  Admission admission(
      Tenants tenants,
      AccountDesk desk,
      AccountStore accounts,
      MailboxStore mailboxes,
      TopicProperties topics,
      AdmissionProperties properties,
      InstantSource clock,
      List<AdmissionObserver> observers) {
    return new Admission(
        tenants, desk, accounts, mailboxes, topics.speakingRights(), properties, clock, observers);
  }

  @Bean
  StillPermitted stillPermitted(Admission admission) {
    return admission::refusal;
  }
}
